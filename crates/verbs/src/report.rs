//! `portcullis report read`: mail read, decrypted and verified offline.

use std::io::Write;

use jiff::Timestamp;
use limits::Limits;
use mail::openpgp::{Keys, PublicKey, SecretKey, Verdict};
use mail::{Address, Message, Opened, mbox};
use serde::Serialize;

use crate::{Outcome, input};

/// What `portcullis report` does without a database.
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Read reports that came by mail: single mails and mbox files.
    Read(ReadArgs),
}

/// Arguments of `portcullis report read`.
#[derive(Debug, clap::Args)]
pub struct ReadArgs {
    /// Print one JSON object a mail.
    #[arg(long)]
    json: bool,
    /// Secret key that decrypts; may be given more than once.
    #[arg(long, value_name = "SECRET.asc")]
    key: Vec<String>,
    /// Public keys of senders, which verify signatures; may be given more than once.
    #[arg(long, value_name = "PUBLIC.asc")]
    trust: Vec<String>,
    /// Environment variable that holds the passphrase of the secret keys.
    #[arg(long, value_name = "NAME", conflicts_with = "passphrase_file")]
    passphrase_env: Option<String>,
    /// File whose first line is the passphrase of the secret keys.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<String>,
    /// When the mail was received, for the validity of keys, as in 2026-11-22T10:00:00Z; default: now.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Mails (.eml) or mbox files; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
}

pub(crate) fn run(verb: Verb) -> Outcome {
    let Verb::Read(args) = verb;
    let keys = match keys(&args) {
        Ok(keys) => keys,
        Err(words) => {
            input::complain(&words);
            return Outcome::Failed;
        }
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let outcome = read_all(&args, keys, &mut out);
    let _closed_pipe = out.flush();
    outcome
}

fn read_all(args: &ReadArgs, keys: Keys, out: &mut impl Write) -> Outcome {
    let mut reader = Reader { args, now: args.at.unwrap_or_else(today), keys, outcome: Outcome::Good };
    for file in &args.files {
        reader.file(file, out);
    }
    reader.outcome
}

#[expect(clippy::disallowed_methods, reason = "an offline verb has no operation context; `--at` sets another time")]
fn today() -> Timestamp {
    Timestamp::now()
}

fn keys(args: &ReadArgs) -> Result<Keys, String> {
    let passphrase = passphrase(args)?;
    let mut keys = Keys::default();
    for file in &args.key {
        let bytes = input::read(file, Limits::DOCUMENT.bytes).map_err(|error| format!("{file}: {error}"))?;
        let key = SecretKey::read(&bytes, &passphrase).map_err(|error| match error.is_passphrase() {
            true => format!("{file}: {error}; give it with --passphrase-env NAME or --passphrase-file FILE"),
            false => format!("{file}: {error}"),
        })?;
        keys.secret.push(key);
    }
    for file in &args.trust {
        let bytes = input::read(file, Limits::DOCUMENT.bytes).map_err(|error| format!("{file}: {error}"))?;
        keys.public.extend(PublicKey::read_all(&bytes).map_err(|error| format!("{file}: {error}"))?);
    }
    Ok(keys)
}

fn passphrase(args: &ReadArgs) -> Result<String, String> {
    if let Some(name) = &args.passphrase_env {
        let value = std::env::var_os(name).ok_or_else(|| format!("the environment variable {name} is not set"))?;
        return value.into_string().map_err(|_| format!("the environment variable {name} is not UTF-8"));
    }
    let Some(file) = &args.passphrase_file else { return Ok(String::new()) };
    let bytes = input::read(file, 1 << 16).map_err(|error| format!("{file}: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{file}: the passphrase is not UTF-8"))?;
    Ok(text.lines().next().unwrap_or("").to_owned())
}

struct Reader<'a> {
    args: &'a ReadArgs,
    keys: Keys,
    now: Timestamp,
    outcome: Outcome,
}

impl Reader<'_> {
    fn worst(&mut self, outcome: Outcome) {
        self.outcome = self.outcome.max(outcome);
    }

    fn file(&mut self, file: &str, out: &mut impl Write) {
        let bytes = match input::read(file, Limits::FILE.bytes) {
            Ok(bytes) => bytes,
            Err(error) => return self.unreadable(file, &error, None, out),
        };
        if !mbox::is_mbox(&bytes) {
            return self.mail(file, None, &bytes, out);
        }
        for (index, mail) in mbox::split(&bytes).enumerate() {
            self.mail(file, Some(index + 1), &mail, out);
        }
    }

    fn unreadable(&mut self, file: &str, error: &str, partial: Option<&Message>, out: &mut impl Write) {
        self.worst(Outcome::Failed);
        if self.args.json {
            let (from, subject) = (partial.map(|m| people(&m.from)), partial.and_then(|m| m.subject.as_deref()));
            input::line(out, &Unread { file, error, from, subject });
        } else {
            input::complain(&format!("{file}: {error}"));
        }
    }

    fn mail(&mut self, file: &str, index: Option<usize>, bytes: &[u8], out: &mut impl Write) {
        match mail::open(bytes, &self.keys, self.now, &Limits::MAIL) {
            Err(error) => self.unreadable(file, &error.to_string(), error.partial(), out),
            Ok(opened) => {
                let bad_signature = matches!(opened.signature, Some(Verdict::Invalid { .. }));
                if bad_signature || (opened.failure.is_some() && !self.keys.secret.is_empty()) {
                    self.worst(Outcome::Bad);
                }
                if self.args.json {
                    input::line(out, &line(file, index, &opened));
                } else {
                    let _closed_pipe = page(out, file, index, &opened);
                }
            }
        }
    }
}

#[derive(Serialize)]
struct Unread<'a> {
    file: &'a str,
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Vec<Person<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
}

#[derive(Serialize)]
struct Person<'a> {
    name: Option<&'a str>,
    address: &'a str,
}

#[derive(Serialize)]
struct File<'a> {
    name: Option<&'a str>,
    content_type: &'a str,
    size: usize,
    inline: bool,
}

#[derive(Serialize, Default)]
struct Signature<'a> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    user_ids: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    bound_to_sender: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
    message_id: Option<&'a str>,
    in_reply_to: &'a [String],
    references: &'a [String],
    from: Vec<Person<'a>>,
    to: Vec<Person<'a>>,
    cc: Vec<Person<'a>>,
    reply_to: Vec<Person<'a>>,
    subject: Option<&'a str>,
    date: Option<String>,
    text: &'a str,
    attachments: Vec<File<'a>>,
    encrypted: bool,
    decrypted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
    signed: bool,
    signature: Option<Signature<'a>>,
    partly_protected: bool,
    automatic: bool,
    bounce: bool,
    warnings: &'a [String],
}

fn people(list: &[Address]) -> Vec<Person<'_>> {
    let name = |name: &'_ str| !name.is_empty();
    list.iter().map(|a| Person { name: Some(a.name.as_str()).filter(|n| name(n)), address: &a.address }).collect()
}

fn line<'a>(file: &'a str, index: Option<usize>, opened: &'a Opened) -> Line<'a> {
    let message = &opened.message;
    Line {
        file,
        index,
        message_id: message.message_id.as_deref(),
        in_reply_to: &message.in_reply_to,
        references: &message.references,
        from: people(&message.from),
        to: people(&message.to),
        cc: people(&message.cc),
        reply_to: people(&message.reply_to),
        subject: message.subject.as_deref(),
        date: message.date.map(|date| date.to_string()),
        text: &message.text,
        attachments: message
            .attachments
            .iter()
            .map(|attachment| File {
                name: attachment.name.as_deref(),
                content_type: &attachment.content_type,
                size: attachment.bytes.len(),
                inline: attachment.inline,
            })
            .collect(),
        encrypted: opened.encrypted,
        decrypted: decrypted(opened),
        failure: opened.failure.as_ref().map(ToString::to_string),
        signed: opened.signature.is_some() || message.protection.is_signed(),
        signature: opened.signature.as_ref().map(|verdict| signature(verdict, opened.bound_to_sender)),
        partly_protected: opened.partly_protected,
        automatic: message.is_automatic(),
        bounce: message.is_bounce(),
        warnings: &message.warnings,
    }
}

fn decrypted(opened: &Opened) -> bool {
    opened.encrypted && opened.failure.is_none() && opened.message.protection != mail::Protection::SmimeEncrypted
}

fn signature(verdict: &Verdict, bound_to_sender: bool) -> Signature<'_> {
    match verdict {
        Verdict::Valid(signer) => Signature {
            status: "valid",
            fingerprint: Some(&signer.fingerprint),
            user_ids: &signer.user_ids,
            signed_at: Some(signer.signed_at.to_string()),
            bound_to_sender,
            ..Signature::default()
        },
        Verdict::Invalid { key_id, why } => {
            Signature { status: "invalid", key_id: key_id.as_deref(), why: Some(why), ..Signature::default() }
        }
        Verdict::UnknownKey { key_id } => {
            Signature { status: "unknown key", key_id: key_id.as_deref(), ..Signature::default() }
        }
    }
}

fn page(out: &mut impl Write, file: &str, index: Option<usize>, opened: &Opened) -> std::io::Result<()> {
    let message = &opened.message;
    match index {
        Some(index) => writeln!(out, "{file}, mail {index}")?,
        None => writeln!(out, "{file}")?,
    }
    let list = |people: &[Address]| people.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    writeln!(out, "  From:       {}", list(&message.from))?;
    writeln!(out, "  To:         {}", list(&message.to))?;
    if !message.cc.is_empty() {
        writeln!(out, "  Cc:         {}", list(&message.cc))?;
    }
    writeln!(out, "  Subject:    {}", message.subject.as_deref().unwrap_or("(none)"))?;
    writeln!(out, "  Date:       {}", message.date.map_or_else(|| "(none)".into(), |date| date.to_string()))?;
    writeln!(out, "  Message-ID: {}", message.message_id.as_deref().unwrap_or("(none)"))?;
    writeln!(out, "  Encrypted:  {}", encryption(opened))?;
    writeln!(out, "  Signed:     {}", signed(opened))?;
    if message.is_bounce() {
        writeln!(out, "  Kind:       report that a mail could not be delivered")?;
    } else if message.is_automatic() {
        writeln!(out, "  Kind:       sent by a machine or a list")?;
    }
    for attachment in &message.attachments {
        let name = attachment.name.clone().unwrap_or_else(|| attachment.file_name());
        writeln!(out, "  Attached:   {name} ({}, {} bytes)", attachment.content_type, attachment.bytes.len())?;
    }
    for warning in &message.warnings {
        writeln!(out, "  Note:       {warning}")?;
    }
    writeln!(out)?;
    for text in message.text.trim_end().lines() {
        writeln!(out, "  {text}")?;
    }
    writeln!(out)
}

fn encryption(opened: &Opened) -> String {
    match &opened.failure {
        Some(failure) => format!("yes, and could not be decrypted: {failure} (name a secret key with --key)"),
        None if decrypted(opened) => "yes, decrypted".into(),
        None if opened.encrypted => "yes, with S/MIME, which is not supported".into(),
        None => "no".into(),
    }
}

fn signed(opened: &Opened) -> String {
    match &opened.signature {
        Some(Verdict::Valid(signer)) => {
            let sender = if opened.bound_to_sender { "the sender" } else { "somebody else than the sender" };
            let ids = signer.user_ids.join(", ");
            format!("valid, by {sender}: {ids} ({}), {}", signer.fingerprint, signer.signed_at)
        }
        Some(Verdict::Invalid { why, .. }) => format!("INVALID: {why}"),
        Some(Verdict::UnknownKey { key_id }) => {
            let key = key_id.as_deref().unwrap_or("that it does not name");
            format!("by the unknown key {key} (name its public key with --trust)")
        }
        None if opened.message.protection.is_signed() => "with S/MIME, which is not verified".into(),
        None => "no".into(),
    }
}

#[cfg(test)]
mod tests {
    use mail::openpgp::SecretKey;
    use mail::{Draft, build_encrypted};
    use rand::SeedableRng as _;

    use super::*;

    const AT: &str = "2026-11-02T10:00:00Z";

    fn read(arguments: &[&str]) -> (Outcome, Vec<serde_json::Value>) {
        #[derive(clap::Parser)]
        struct Command {
            #[command(flatten)]
            args: ReadArgs,
        }
        let args = <Command as clap::Parser>::parse_from([&["read", "--json", "--at", AT], arguments].concat()).args;
        let mut out = Vec::new();
        let outcome = read_all(&args, keys(&args).unwrap(), &mut out);
        let lines = String::from_utf8(out).unwrap();
        (outcome, lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
    }

    #[test]
    fn encrypted_mail_is_opened_with_the_key_given() {
        let folder = tempfile::tempdir().unwrap();
        let mut rng = rand::rngs::StdRng::seed_from_u64(1);
        let at: Timestamp = AT.parse().unwrap();
        let ours = SecretKey::generate(&mut rng, "PSIRT <psirt@halden.example>", at, None).unwrap();
        let draft = Draft {
            from: Address::new("PSIRT", "psirt@halden.example"),
            to: vec![Address::new("", "psirt@halden.example")],
            subject: "hidden".into(),
            date: at,
            message_id: "a@halden.example".into(),
            text: "the report\n".into(),
            ..Draft::default()
        };
        let mail = build_encrypted(&draft, &[&ours.public()], Some(&ours), &mut rng).unwrap();
        let file = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let mail = file("mail.eml", &mail);
        let secret = file("secret.asc", ours.armored(&mut rng, Some("pass")).unwrap().as_bytes());
        let public = file("public.asc", ours.public().armored().unwrap().as_bytes());
        let passphrase = file("passphrase", b"pass\n");

        let (outcome, lines) = read(&[&mail]);
        assert_eq!(outcome, Outcome::Good);
        assert_eq!((&lines[0]["encrypted"], &lines[0]["decrypted"]), (&true.into(), &false.into()));
        assert_eq!(lines[0]["subject"], "...");

        let with_keys = ["--key", &secret, "--passphrase-file", &passphrase, "--trust", &public, &mail];
        let (outcome, lines) = read(&with_keys);
        assert_eq!(outcome, Outcome::Good);
        assert_eq!(lines[0]["subject"], "hidden");
        assert_eq!(lines[0]["text"], "the report\n");
        assert_eq!(lines[0]["date"], AT);
        assert_eq!(lines[0]["signed"], true);
        assert_eq!(lines[0]["signature"]["status"], "valid");
        assert_eq!(lines[0]["signature"]["bound_to_sender"], true);
    }

    #[test]
    fn an_mbox_gives_a_line_for_each_mail_and_a_missing_file_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("box");
        std::fs::write(&path, "From a@b.example Mon Nov  2 10:00:00 2026\nFrom: a@b.example\nSubject: 1\n\nx\n\nFrom c@d.example Mon Nov  2 10:00:00 2026\nFrom: c@d.example\nSubject: 2\n\ny\n").unwrap();
        let (outcome, lines) = read(&[path.to_str().unwrap(), "/no/such/file"]);
        assert_eq!(outcome, Outcome::Failed);
        assert_eq!((&lines[0]["subject"], &lines[1]["subject"]), (&"1".into(), &"2".into()));
        assert_eq!(lines[1]["index"], 2);
        assert!(lines[2]["error"].as_str().unwrap().starts_with("cannot be read"));
    }
}
