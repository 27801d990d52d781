//! Settings: one file, environment overrides by one rule, unknown names refused with the nearest right one.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use kernel::Secret;

/// What the administrator set, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// Where the desk listens, when it is kept apart from the public portal.
    pub desk_listen: Option<SocketAddr>,
    /// The address under which people and machines reach the portal, without a slash at the end.
    pub base_url: String,
    /// Where files, the embedded database and the master key are.
    pub data_dir: PathBuf,
    /// A path of a SQLite file or `postgres://…`.
    pub database: Secret,
    /// The master key itself, when it comes from the environment.
    pub master_key: Option<Secret>,
    /// The file with the master key.
    pub master_key_file: PathBuf,
    /// `smtp://…`, `smtps://…`; nothing is sent while it is not set.
    pub smtp_url: Option<Secret>,
    /// Who mail to people without a case comes from.
    pub mail_from: String,
    /// The token that `/metrics` asks for; without one it answers only on loopback.
    pub metrics_token: Option<Secret>,
    /// Which log entries are written, in tracing's filter syntax.
    pub log: String,
    /// Whether log entries are JSON.
    pub log_json: bool,
    /// Largest upload, in bytes.
    pub upload_limit: u64,
    /// Whether a proxy in front of us may say who the client is (`X-Forwarded-For`).
    pub behind_proxy: bool,
}

/// All names, with what they mean; the guide prints this table.
pub const NAMES: &[(&str, &str)] = &[
    ("listen", "address and port of the server, default 127.0.0.1:8420"),
    ("desk_listen", "address and port of the desk, when it is kept apart from the portal"),
    ("base_url", "address under which people reach the portal, default http://127.0.0.1:8420"),
    ("data_dir", "folder of files, embedded database and master key, default ./portcullis-data"),
    ("database", "path of a SQLite file or postgres://…, default data_dir/portcullis.db"),
    ("master_key", "64 hexadecimal digits; rather from the environment than from the file"),
    ("master_key_file", "file with the master key, default data_dir/master.key"),
    ("smtp.url", "mail server: smtp://user:password@host:587?tls=required, smtps://…"),
    ("smtp.from", "sender of mail that belongs to no case"),
    ("metrics_token", "token that /metrics asks for"),
    ("log", "which log entries are written, default info"),
    ("log_json", "true for JSON log entries, default true"),
    ("upload_limit_mb", "largest upload in MiB, default 50"),
    ("behind_proxy", "true when a trusted proxy sets X-Forwarded-For, default false"),
];

const PREFIX: &str = "PORTCULLIS_";
/// Variables of ours that are no settings: where tests find their documents and database.
const NOT_SETTINGS: &[&str] =
    &["PORTCULLIS_CORPUS", "PORTCULLIS_CONFIG", "PORTCULLIS_TEST_POSTGRES", "PORTCULLIS_E2E", "PORTCULLIS_WRITE_GUIDE"];

/// Reads the settings file (when one is named) and the environment.
///
/// `smtp.url` in the file is `PORTCULLIS_SMTP_URL` in the environment, which wins.
///
/// # Errors
/// All that is wrong, each with what to do.
pub fn load(file: Option<&Path>) -> Result<Settings, Vec<String>> {
    let mut values = BTreeMap::new();
    if let Some(path) = file {
        let text = std::fs::read_to_string(path).map_err(|error| vec![format!("{}: {error}", path.display())])?;
        let table: toml::Table = text.parse().map_err(|error| vec![format!("{}: {error}", path.display())])?;
        flatten("", &table, &mut values);
    }
    let environment = std::env::vars().filter(|(name, _)| name.starts_with(PREFIX));
    for (name, value) in environment.filter(|(name, _)| !NOT_SETTINGS.contains(&name.as_str())) {
        let found = NAMES.iter().find(|(known, _)| environment_name(known) == name);
        values.insert(found.map_or_else(|| name.clone(), |(known, _)| (*known).to_owned()), value);
    }
    read(&values)
}

fn environment_name(name: &str) -> String {
    format!("{PREFIX}{}", name.replace('.', "_").to_uppercase())
}

fn flatten(prefix: &str, table: &toml::Table, values: &mut BTreeMap<String, String>) {
    for (name, value) in table {
        let name = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::Table(inner) => flatten(&name, inner, values),
            toml::Value::String(text) => {
                values.insert(name, text.clone());
            }
            toml::Value::Integer(_)
            | toml::Value::Float(_)
            | toml::Value::Boolean(_)
            | toml::Value::Datetime(_)
            | toml::Value::Array(_) => {
                values.insert(name, value.to_string());
            }
        }
    }
}

/// Checks the values.
///
/// # Errors
/// All that is wrong, each with what to do.
pub fn read(values: &BTreeMap<String, String>) -> Result<Settings, Vec<String>> {
    let mut problems: Vec<String> = values
        .keys()
        .filter(|name| !NAMES.iter().any(|(known, _)| known == name))
        .map(|name| format!("{name} is not a setting; {}", nearest(name)))
        .collect();
    let text = |name: &str| values.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
    let mut parsed = |name: &str, words: &str, ok: bool| {
        if !ok {
            problems.push(format!("{name} must be {words}; it is {:?}", values.get(name).map_or("", String::as_str)));
        }
    };
    let address = |name: &str| text(name).map(str::parse::<SocketAddr>);
    let listen = address("listen").unwrap_or_else(|| Ok(SocketAddr::from(([127, 0, 0, 1], 8420))));
    parsed("listen", "an address and port such as 127.0.0.1:8420", listen.is_ok());
    let desk_listen = address("desk_listen").transpose();
    parsed("desk_listen", "an address and port such as 127.0.0.1:8421", desk_listen.is_ok());
    let truth = |name: &str, default: bool| text(name).map_or(Ok(default), str::parse::<bool>);
    let (log_json, behind_proxy) = (truth("log_json", true), truth("behind_proxy", false));
    parsed("log_json", "true or false", log_json.is_ok());
    parsed("behind_proxy", "true or false", behind_proxy.is_ok());
    let upload = text("upload_limit_mb").map_or(Ok(50), str::parse::<u64>);
    parsed(
        "upload_limit_mb",
        "a whole number of MiB from 1 to 1024",
        upload.as_ref().is_ok_and(|mb| (1..=1024).contains(mb)),
    );
    let base_url = text("base_url").unwrap_or("http://127.0.0.1:8420").trim_end_matches('/').to_owned();
    parsed(
        "base_url",
        "an address that starts with https:// (or http:// on this machine)",
        base_url.starts_with("https://") || base_url.starts_with("http://"),
    );
    let master_key = text("master_key").map(|key| Secret::new(key.to_owned()));
    parsed(
        "master_key",
        "64 hexadecimal digits",
        master_key.as_ref().is_none_or(|key| crate::vault::MasterKey::parse(key.expose()).is_ok()),
    );
    let (Ok(listen), Ok(desk_listen), Ok(log_json), Ok(behind_proxy), Ok(upload), true) =
        (listen, desk_listen, log_json, behind_proxy, upload, problems.is_empty())
    else {
        return Err(problems);
    };
    let data_dir = PathBuf::from(text("data_dir").unwrap_or("portcullis-data"));
    let secret = |name: &str| text(name).map(|value| Secret::new(value.to_owned()));
    Ok(Settings {
        listen,
        desk_listen,
        base_url,
        database: secret("database")
            .unwrap_or_else(|| Secret::new(data_dir.join("portcullis.db").to_string_lossy().into_owned())),
        master_key,
        master_key_file: text("master_key_file").map_or_else(|| data_dir.join("master.key"), PathBuf::from),
        smtp_url: secret("smtp.url"),
        mail_from: text("smtp.from").unwrap_or("portcullis@localhost").to_owned(),
        metrics_token: secret("metrics_token"),
        log: text("log").unwrap_or("info").to_owned(),
        log_json,
        upload_limit: upload * 1024 * 1024,
        behind_proxy,
        data_dir,
    })
}

fn nearest(name: &str) -> String {
    let plain = name.strip_prefix(PREFIX).map_or_else(|| name.to_owned(), |rest| rest.to_lowercase());
    let distance = |known: &str| strsim::damerau_levenshtein(&plain.replace('_', "."), &known.replace('_', "."));
    let best = NAMES.iter().map(|(known, _)| *known).min_by_key(|known| distance(known));
    match best {
        Some(known) if distance(known) <= 4 && name.starts_with(PREFIX) => {
            format!("did you mean {}?", environment_name(known))
        }
        Some(known) if distance(known) <= 4 => format!("did you mean {known}?"),
        _ => "see docs/guide/settings.md for all of them".to_owned(),
    }
}

impl Settings {
    /// Name and value of every setting, secrets masked; printed on start.
    #[must_use]
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let masked = |secret: &Option<Secret>| secret.as_ref().map_or("not set".to_owned(), Secret::to_string);
        let database = self.database.expose();
        vec![
            ("listen", self.listen.to_string()),
            (
                "desk_listen",
                self.desk_listen.map_or_else(|| "with the portal".to_owned(), |address| address.to_string()),
            ),
            ("base_url", self.base_url.clone()),
            ("data_dir", self.data_dir.display().to_string()),
            ("database", if database.contains("://") { "postgres://***".to_owned() } else { database.to_owned() }),
            ("master_key", masked(&self.master_key)),
            ("master_key_file", self.master_key_file.display().to_string()),
            ("smtp.url", masked(&self.smtp_url)),
            ("smtp.from", self.mail_from.clone()),
            ("metrics_token", masked(&self.metrics_token)),
            ("log", self.log.clone()),
            ("log_json", self.log_json.to_string()),
            ("upload_limit_mb", (self.upload_limit / 1024 / 1024).to_string()),
            ("behind_proxy", self.behind_proxy.to_string()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn nothing_set_is_a_loopback_server() {
        let settings = read(&values(&[])).unwrap();
        assert!(settings.listen.ip().is_loopback());
        assert!(settings.smtp_url.is_none());
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_nearest_right_one() {
        let problems = read(&values(&[("smtp.ulr", "x")])).unwrap_err();
        assert_eq!(problems, ["smtp.ulr is not a setting; did you mean smtp.url?"]);
        let problems = read(&values(&[("PORTCULLIS_LISTN", "x")])).unwrap_err();
        assert_eq!(problems, ["PORTCULLIS_LISTN is not a setting; did you mean PORTCULLIS_LISTEN?"]);
    }

    #[test]
    fn every_problem_is_named_at_once() {
        let problems = read(&values(&[("listen", "here"), ("log_json", "yes"), ("upload_limit_mb", "0")])).unwrap_err();
        assert_eq!(problems.len(), 3, "{problems:?}");
    }

    #[test]
    fn secrets_are_masked() {
        let settings =
            read(&values(&[("smtp.url", "smtp://u:secret@host"), ("database", "postgres://u:secret@host/db")]))
                .unwrap();
        let printed = format!("{:?} {settings:?}", settings.lines());
        assert!(!printed.contains("secret"), "{printed}");
    }
}
