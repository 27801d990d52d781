//! Decisions about packs. Pure.

use kernel::Refusal;

use super::model::PackRow;

/// Why a pack that is right in itself is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ImportRefused {
    #[error(
        "{label} is loaded already with other content, and releases may be planned with it. Raise the version in pack.toml."
    )]
    OtherContent { label: String },
    #[error("{label} is loaded already, with the same content. There is nothing to do.")]
    Same { label: String },
}

impl Refusal for ImportRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::OtherContent { .. } => "pack-version-taken",
            Self::Same { .. } => "pack-already-loaded",
        }
    }
}

/// Whether content of this digest may come in as a version, where `present` is what is kept under that version.
pub(super) fn may_import(present: Option<&PackRow>, digest: &str) -> Result<(), ImportRefused> {
    match present {
        None => Ok(()),
        Some(row) if row.digest == digest => Err(ImportRefused::Same { label: row.label() }),
        Some(row) => Err(ImportRefused::OtherContent { label: row.label() }),
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Id, Timestamp};

    use super::*;

    #[test]
    fn a_version_is_never_overwritten() {
        let row = PackRow {
            id: Id::from_uuid(kernel::IdSource::counted().next::<()>(Timestamp::from_micros(0)).uuid()),
            pack_id: "x".to_owned(),
            version: "1.0.0".to_owned(),
            title: String::new(),
            extends: String::new(),
            warnings: 0,
            active: false,
            loaded_at: Timestamp::from_micros(0),
            loaded_by: String::new(),
            digest: "a".to_owned(),
        };
        assert_eq!(may_import(None, "a"), Ok(()));
        assert_eq!(may_import(Some(&row), "a"), Err(ImportRefused::Same { label: "x 1.0.0".to_owned() }));
        assert_eq!(may_import(Some(&row), "b"), Err(ImportRefused::OtherContent { label: "x 1.0.0".to_owned() }));
    }
}
