//! Style sheet, scripts and icon: compiled in, named by their content so that they can be cached for good.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// One file a page may ask for.
#[derive(Debug)]
pub struct Asset {
    /// The name it has in the source, as given to [`asset_url`].
    pub name: &'static str,
    /// The address it is served under, with a hash of its content: `/assets/app.1f2e3d4c5b6a.css`.
    pub path: String,
    /// The value of the `Content-Type` header.
    pub content_type: &'static str,
    /// The content.
    pub bytes: &'static [u8],
}

const JS: &str = "text/javascript; charset=utf-8";

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    vec![
        asset("app.css", "text/css; charset=utf-8", include_bytes!("../../assets/app.css")),
        asset("app.js", JS, include_bytes!("../../assets/app.js")),
        asset("live.js", JS, include_bytes!("../../assets/live.js")),
        asset("theme.js", JS, include_bytes!("../../assets/theme.js")),
        asset("calculator.js", JS, include_bytes!("../../assets/calculator.js")),
        asset("favicon.svg", "image/svg+xml", include_bytes!("../../assets/favicon.svg")),
    ]
});

fn asset(name: &'static str, content_type: &'static str, bytes: &'static [u8]) -> Asset {
    let hash = hex::encode(Sha256::digest(bytes));
    let short = hash.get(..12).unwrap_or(&hash);
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    Asset { name, path: format!("/assets/{stem}.{short}.{ending}"), content_type, bytes }
}

/// Every file the pages use; the route table serves each under its `path`, to be cached for a year.
pub fn assets() -> &'static [Asset] {
    &ASSETS
}

/// The file served under `path`, if there is one.
pub fn asset_at(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}

/// The address of a file by its source name; an unknown name gives an address that answers "not found".
pub fn asset_url(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("/assets/missing", |asset| asset.path.as_str())
}

#[cfg(test)]
mod tests {
    use super::{asset_at, asset_url, assets};

    #[test]
    fn every_file_is_found_under_the_address_pages_use() {
        for asset in assets() {
            let found = asset_at(asset_url(asset.name)).expect("listed");
            assert_eq!(found.name, asset.name);
            assert!(!found.bytes.is_empty(), "{} is empty", asset.name);
        }
        assert!(asset_at("/assets/app.css").is_none());
    }

    #[test]
    fn scripts_and_styles_call_no_other_host() {
        for asset in assets().iter().filter(|asset| asset.content_type != "image/svg+xml") {
            let text = std::str::from_utf8(asset.bytes).expect("text");
            assert!(!text.contains("://"), "{} names an address", asset.name);
        }
    }
}
