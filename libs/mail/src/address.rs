//! Mail addresses as people write them.

/// Name and address of a person or a mailbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Display name, decoded; empty when there is none.
    pub name: String,
    /// The address, as `local@domain`; may be anything in mail of strangers, also empty.
    pub address: String,
}

impl Address {
    /// An address with a display name (may be empty).
    pub fn new(name: impl Into<String>, address: impl Into<String>) -> Self {
        Self { name: name.into(), address: address.into() }
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.name.is_empty(), self.address.is_empty()) {
            (true, _) => f.write_str(&self.address),
            (false, true) => f.write_str(&self.name),
            (false, false) => write!(f, "{} <{}>", self.name, self.address),
        }
    }
}

/// Whether two addresses name the same mailbox. Local parts could differ by case (RFC 5321 §2.4); in practice none do.
pub(crate) fn same(left: &str, right: &str) -> bool {
    !left.is_empty() && left.trim().to_lowercase() == right.trim().to_lowercase()
}

/// The address within the user id of a key: `Name (comment) <address>` or the bare address.
pub(crate) fn of_user_id(id: &str) -> &str {
    match (id.rfind('<'), id.trim_end().strip_suffix('>')) {
        (Some(start), Some(head)) => head.get(start + 1..).unwrap_or("").trim(),
        _ if id.contains('@') && !id.trim().contains(char::is_whitespace) => id.trim(),
        _ => "",
    }
}

/// Splits at the last `@`; `None` when this cannot be an address that mail is sent to.
pub(crate) fn split(address: &str) -> Option<(&str, &str)> {
    let (local, domain) = address.rsplit_once('@')?;
    let plain = |text: &str| {
        !text.is_empty() && !text.chars().any(|c| c.is_control() || c.is_whitespace() || "<>,;:\"()[]\\".contains(c))
    };
    (plain(local) && plain(domain) && !domain.starts_with('.') && !local.contains('@')).then_some((local, domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_ids_give_their_address() {
        assert_eq!(of_user_id("Ada Reed (work) <ada@halden.example>"), "ada@halden.example");
        assert_eq!(of_user_id("ada@halden.example"), "ada@halden.example");
        assert_eq!(of_user_id("Ada Reed"), "");
        assert_eq!(of_user_id("ada@halden.example is not mine"), "");
        assert!(same("Ada@Halden.example", "ada@halden.example"));
        assert!(!same("", ""));
    }

    #[test]
    fn addresses_that_could_smuggle_something_are_none() {
        assert_eq!(split("ada@halden.example"), Some(("ada", "halden.example")));
        for bad in ["", "ada", "ada@", "@halden.example", "a b@c.example", "a@b\r\nBcc: x@y", "a@b>,c", "a@b@c"] {
            assert_eq!(split(bad), None, "{bad}");
        }
    }
}
