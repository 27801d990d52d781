//! Mail and OpenPGP: read, decrypt, verify, build, sign and encrypt; mbox, `security.txt`, Web Key Directory names.
//! Pure: bytes, keys, time and randomness come from the caller.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]

mod address;
mod bounds;
mod build;
mod error;
pub mod mbox;
mod message;
mod open;
pub mod openpgp;
mod read;
pub mod security_txt;
pub mod wkd;

pub use address::Address;
pub use build::{Draft, build, build_encrypted, build_signed};
pub use error::Error;
pub use message::{Attachment, Bounce, Message, Origin, Protection};
pub use open::{Opened, attached_keys, open};
pub use read::read;
