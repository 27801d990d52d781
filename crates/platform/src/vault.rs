//! Encryption at rest: a master key over data keys, a data key for each case and one for the program's own secrets.

use std::path::Path;

use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{Tag, XChaCha20Poly1305, XNonce};
use db::{Tx, Value};
use kernel::{Error, Result, Timestamp};
use rand::RngCore;

/// The scope of the program's own secrets, such as the secret half of intake keys.
pub const PROGRAM: &str = "program";

const MAGIC: &[u8] = b"PCV1";
/// Length of the authentication tag.
const TAG: usize = 16;

/// The key over all data keys: 256 bits from a file or from the environment; never stored in the database.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(***)")
    }
}

impl MasterKey {
    /// Reads 64 hexadecimal digits.
    ///
    /// # Errors
    /// A sentence for the administrator.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut key = [0; 32];
        hex::decode_to_slice(text.trim(), &mut key)
            .map_err(|_| "the master key must be 64 hexadecimal digits (256 bits)".to_owned())?;
        Ok(Self(key))
    }

    /// A new random key.
    #[must_use]
    pub fn random() -> Self {
        let mut key = [0; 32];
        rand::rngs::OsRng.fill_bytes(&mut key);
        Self(key)
    }

    /// The key as 64 hexadecimal digits, to be kept in a safe place.
    #[must_use]
    pub fn hex(&self) -> String {
        hex::encode(self.0)
    }

    /// Reads the key from a file, or makes a new one there, readable by its owner only.
    ///
    /// # Errors
    /// A sentence for the administrator.
    pub fn load_or_make(path: &Path) -> Result<Self, String> {
        use std::io::Write;
        use std::os::unix::fs::OpenOptionsExt;
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).map_err(|words| format!("{}: {words}", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let key = Self::random();
                if let Some(folder) = path.parent() {
                    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
                }
                let mut file = std::fs::OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .mode(0o600)
                    .open(path)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                writeln!(file, "{}", key.hex())
                    .and_then(|()| file.sync_all())
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                Ok(key)
            }
            Err(error) => Err(format!("{}: {error}", path.display())),
        }
    }
}

/// The key of one scope, unwrapped.
pub struct DataKey {
    key: [u8; 32],
    scope: String,
}

impl DataKey {
    /// Seals bytes: nobody reads or changes them without the key. The same bytes never seal to the same result.
    ///
    /// # Errors
    /// Internal, which does not happen below 256 GiB.
    pub fn seal(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        seal(&self.key, self.scope.as_bytes(), bytes)
    }

    /// Opens what was sealed under this key.
    ///
    /// # Errors
    /// Internal when the bytes were changed or belong to another key.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>> {
        open(&self.key, self.scope.as_bytes(), sealed)
    }
}

fn seal(key: &[u8; 32], scope: &[u8], bytes: &[u8]) -> Result<Vec<u8>> {
    let mut nonce = [0; 24];
    rand::rngs::OsRng.fill_bytes(&mut nonce);
    let mut sealed = Vec::with_capacity(MAGIC.len() + nonce.len() + bytes.len() + TAG);
    sealed.extend_from_slice(MAGIC);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(bytes);
    // In its own place: a big file is in memory once more and not twice.
    let body = sealed.get_mut(MAGIC.len() + nonce.len()..).unwrap_or_default();
    let tag = XChaCha20Poly1305::new(key.into())
        .encrypt_inout_detached(&XNonce::from(nonce), scope, body.into())
        .map_err(|_| Error::internal("sealing failed"))?;
    sealed.extend_from_slice(&tag);
    Ok(sealed)
}

fn open(key: &[u8; 32], scope: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
    let broken = || Error::internal(format!("sealed data of {} cannot be opened", String::from_utf8_lossy(scope)));
    let rest = sealed.strip_prefix(MAGIC).ok_or_else(broken)?;
    let (nonce, rest) = rest.split_first_chunk::<24>().ok_or_else(broken)?;
    let (body, tag) = rest.split_last_chunk::<TAG>().ok_or_else(broken)?;
    let mut bytes = body.to_vec();
    XChaCha20Poly1305::new(key.into())
        .decrypt_inout_detached(&XNonce::from(*nonce), scope, bytes.as_mut_slice().into(), &Tag::from(*tag))
        .map_err(|_| broken())?;
    Ok(bytes)
}

/// The data key of a scope, made when there is none yet.
///
/// Keys are not cached: a key made in a transaction that is rolled back must not seal anything afterwards.
///
/// # Errors
/// When the database does not answer, or the master key is another one than at the time of sealing.
pub async fn key(tx: &mut Tx, master: &MasterKey, scope: &str, now: Timestamp) -> Result<DataKey> {
    if let Some(key) = existing_key(tx, master, scope).await? {
        return Ok(key);
    }
    let fresh = MasterKey::random().0;
    let wrapped = seal(&master.0, scope.as_bytes(), &fresh)?;
    tx.execute(
        "insert into data_key (scope, wrapped, created_at) values ($1, $2, $3) on conflict (scope) do nothing",
        &[scope.into(), wrapped.into(), now.into()],
    )
    .await?;
    existing_key(tx, master, scope).await?.ok_or_else(|| Error::internal("a data key was not stored"))
}

/// The data key of a scope, when there is one; for transactions that only read.
///
/// # Errors
/// As [`key`].
pub async fn existing_key(tx: &mut Tx, master: &MasterKey, scope: &str) -> Result<Option<DataKey>> {
    let row = tx.fetch_optional("select wrapped from data_key where scope = $1", &[scope.into()]).await?;
    let Some(row) = row else { return Ok(None) };
    let bytes = open(&master.0, scope.as_bytes(), &row.get::<Vec<u8>>("wrapped")?).map_err(|_| Error::Unavailable {
        words: "The master key does not fit this database. Start with the master key that this installation was set up with."
            .to_owned(),
        source: None,
    })?;
    let key = bytes.try_into().map_err(|_| Error::internal("a data key has the wrong length"))?;
    Ok(Some(DataKey { key, scope: scope.to_owned() }))
}

/// Wraps all data keys under a new master key; the data itself stays as it is. The caller records the action.
///
/// # Errors
/// When one of the keys cannot be opened with the old master key; nothing is changed then.
pub async fn rewrap(tx: &mut Tx, old: &MasterKey, new: &MasterKey) -> Result<usize> {
    let rows = tx.fetch_all("select scope, wrapped from data_key", &[]).await?;
    for row in &rows {
        let scope: String = row.get("scope")?;
        let bytes = open(&old.0, scope.as_bytes(), &row.get::<Vec<u8>>("wrapped")?)?;
        let wrapped = seal(&new.0, scope.as_bytes(), &bytes)?;
        tx.execute("update data_key set wrapped = $1 where scope = $2", &[Value::from(wrapped), scope.into()]).await?;
    }
    Ok(rows.len())
}
