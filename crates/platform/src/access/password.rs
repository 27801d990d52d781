//! Passwords: Argon2id, checked off the async threads.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use kernel::{Error, Result};

/// Fewest characters of a password; there is no other rule, since other rules make worse passwords.
pub const MINIMUM_PASSWORD: usize = 12;
const LONGEST: usize = 1_000;

pub(super) fn check(password: &str) -> Result<()> {
    let length = password.chars().count();
    if length < MINIMUM_PASSWORD {
        return Err(Error::invalid(
            "password",
            format!(
                "A password has at least {MINIMUM_PASSWORD} characters; this has {length}. A few words in a row do well."
            ),
        ));
    }
    if password.len() > LONGEST {
        return Err(Error::invalid("password", format!("A password has at most {LONGEST} characters.")));
    }
    Ok(())
}

pub(super) async fn hash(password: &str) -> Result<String> {
    let password = password.to_owned();
    tokio::task::spawn_blocking(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(|error| Error::internal(error.to_string()))
    })
    .await
    .map_err(Error::internal)?
}

/// Whether the password fits the hash. Without a hash it takes as long as with one, so that time does not tell who exists.
pub(super) async fn fits(password: &str, hash: Option<String>) -> Result<bool> {
    let password: String = password.chars().take(LONGEST).collect();
    tokio::task::spawn_blocking(move || {
        let Some(hash) = hash else {
            let _same_time = Argon2::default().hash_password(password.as_bytes());
            return false;
        };
        PasswordHash::new(&hash)
            .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
    })
    .await
    .map_err(Error::internal)
}
