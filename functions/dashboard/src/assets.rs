//! The files of the page, named by their content.

/// A file of the page.
pub(crate) struct Asset {
    /// The name in the address, with the hash of the content.
    pub name: &'static str,
    /// The media type.
    pub content_type: &'static str,
    /// The bytes.
    pub content: &'static [u8],
}

const ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Returns the file of this name.
pub(crate) fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell;

    /// The bytes that a browser may load before the page shows anything.
    const BUDGET: usize = 100_000;

    #[test]
    fn shell_names_every_file() {
        let html = shell::html("https://app.rivet.example/");
        assert_eq!(ASSETS.len(), 4);
        for asset in ASSETS {
            let address = format!("/assets/{}\"", asset.name);
            assert!(html.contains(&address), "{address}");
        }
    }

    #[test]
    fn first_view_stays_within_its_budget() {
        let first = ASSETS
            .iter()
            .filter(|asset| !asset.name.starts_with("views-"));
        let files: usize = first.map(|asset| asset.content.len()).sum();
        let shell = shell::html("https://app.rivet.example/").len();
        assert!(files + shell <= BUDGET, "{} bytes", files + shell);
    }

    #[test]
    fn name_without_hash_is_unknown() {
        assert!(find("page.js").is_none());
        assert!(find("../Cargo.toml").is_none());
    }
}
