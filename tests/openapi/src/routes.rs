//! The routes of the components, as `spin.toml` and their route tables name them.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A method at a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouteName {
    /// The path, with parameters as `{name}`.
    pub path: String,
    /// The method in lower case.
    pub method: String,
}

#[derive(Deserialize)]
struct Manifest {
    trigger: Triggers,
}

#[derive(Deserialize)]
struct Triggers {
    http: Vec<Trigger>,
}

#[derive(Deserialize)]
struct Trigger {
    route: String,
}

/// Returns the folder of the workspace.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns the paths that `spin.toml` gives to components, without those of the page.
///
/// # Errors
/// The manifest cannot be read.
pub fn manifest_paths() -> Result<BTreeSet<String>> {
    let text = fs::read_to_string(workspace().join("spin.toml"))?;
    let manifest: Manifest = toml::from_str(&text)?;
    let routes = manifest.trigger.http.into_iter();
    let of_api = routes.filter(|trigger| trigger.route.starts_with("/v1/"));
    Ok(of_api.map(|trigger| braced(&trigger.route)).collect())
}

/// Returns a path with its parameters in braces: Spin writes `:id`.
fn braced(route: &str) -> String {
    let segment = |part: &str| match part.strip_prefix(':') {
        Some(name) => ["{", name, "}"].concat(),
        None => part.to_owned(),
    };
    let parts: Vec<String> = route.split('/').map(segment).collect();
    parts.join("/")
}

/// Returns the routes of the tables `ROUTES` of all components.
///
/// # Errors
/// A component cannot be read.
pub fn table_routes() -> Result<BTreeSet<RouteName>> {
    let mut all = BTreeSet::new();
    for component in fs::read_dir(workspace().join("functions"))? {
        let file = component?.path().join("src/lib.rs");
        if file.is_file() {
            let text = fs::read_to_string(&file)?;
            all.extend(routes_in(&text).with_context(|| file.display().to_string())?);
        }
    }
    ensure!(!all.is_empty(), "no component has routes");
    Ok(all)
}

/// Returns the routes that the text of a component names. A path is a text or the name of a constant.
fn routes_in(text: &str) -> Result<Vec<RouteName>> {
    let mut routes = Vec::new();
    for (at, _) in text.match_indices("Route::") {
        let rest = &text[at + "Route::".len()..];
        let Some((method, rest)) = rest.split_once('(') else {
            continue;
        };
        if !["get", "post", "put", "delete"].contains(&method) {
            continue;
        }
        let argument = rest.split(')').next().unwrap_or_default().trim();
        routes.push(RouteName {
            path: path_of(text, argument)?,
            method: method.to_owned(),
        });
    }
    Ok(routes)
}

fn path_of(text: &str, argument: &str) -> Result<String> {
    let quoted = argument
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    if let Some(path) = quoted {
        return Ok(path.to_owned());
    }
    let declared = format!("const {argument}: &str = \"");
    let (_, rest) = text
        .split_once(&declared)
        .with_context(|| format!("no constant {argument}"))?;
    let path = rest.split('"').next().unwrap_or_default();
    Ok(path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_read_from_text_and_constants() {
        let text = "const PATH: &str = \"/v1/a\";\nRoute::get(PATH), Route::post(\"/v1/b/{id}\")";
        let routes = routes_in(text).unwrap();
        let named: Vec<String> = routes
            .iter()
            .map(|route| format!("{} {}", route.method, route.path))
            .collect();
        assert_eq!(named, ["get /v1/a", "post /v1/b/{id}"]);
        assert!(routes_in("Route::get(OTHER)").is_err());
    }

    #[test]
    fn parameters_of_the_manifest_get_braces() {
        assert_eq!(
            braced("/v1/documents/:kind/:id"),
            "/v1/documents/{kind}/{id}"
        );
    }
}
