//! Web Key Directory (draft-koch-openpgp-webkey-service §3.1): where a mail program looks for the key of an address.

use sha1::{Digest as _, Sha1};

const ALPHABET: [char; 32] = [
    'y', 'b', 'n', 'd', 'r', 'f', 'g', '8', 'e', 'j', 'k', 'm', 'c', 'p', 'q', 'x', 'o', 't', '1', 'u', 'w', 'i', 's',
    'z', 'a', '3', '4', '5', 'h', '7', '6', '9',
];

/// Names under which the key of an address is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// Hash of the local part.
    pub hash: String,
    /// Domain, in lower case.
    pub domain: String,
    /// Path of the direct method, on the domain itself.
    pub direct: String,
    /// Path of the advanced method, on `openpgpkey.` and the domain.
    pub advanced: String,
    /// Path of the policy file of the direct method, which must exist and may be empty.
    pub direct_policy: String,
    /// Path of the policy file of the advanced method.
    pub advanced_policy: String,
}

/// The names for a mail address; `None` when it is no address.
pub fn names(mail_address: &str) -> Option<Names> {
    let (local, domain) = crate::address::split(mail_address.trim())?;
    let (hash, domain) = (hash(local), domain.to_lowercase());
    Some(Names {
        direct: format!("/.well-known/openpgpkey/hu/{hash}"),
        advanced: format!("/.well-known/openpgpkey/{domain}/hu/{hash}"),
        direct_policy: "/.well-known/openpgpkey/policy".into(),
        advanced_policy: format!("/.well-known/openpgpkey/{domain}/policy"),
        hash,
        domain,
    })
}

/// The hash of a local part: SHA-1 of it in lower case, in z-base-32. Only ASCII letters change case.
pub fn hash(local: &str) -> String {
    let digest = Sha1::digest(local.to_ascii_lowercase().as_bytes());
    let mut text = String::with_capacity(32);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in digest {
        bits = (bits << 8) | u32::from(byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            let index = (bits >> held) & 31;
            text.extend(ALPHABET.get(index as usize));
        }
        bits &= (1 << held) - 1;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_of_the_draft() {
        assert_eq!(hash("Joe.Doe"), "iy9q119eutrkn8s1mk4r39qejnbu3n5q");
        let names = names("Joe.Doe@Halden.Example").unwrap();
        assert_eq!(names.direct, "/.well-known/openpgpkey/hu/iy9q119eutrkn8s1mk4r39qejnbu3n5q");
        assert_eq!(names.advanced, "/.well-known/openpgpkey/halden.example/hu/iy9q119eutrkn8s1mk4r39qejnbu3n5q");
    }

    #[test]
    fn no_address_has_no_names() {
        assert_eq!(names("joe"), None);
        assert_eq!(names("joe@"), None);
        assert_eq!(names("../joe@halden.example/x y"), None);
    }
}
