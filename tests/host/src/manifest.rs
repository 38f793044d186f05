//! Reads `spin.toml`, manifest version 2: the components, their routes and their permissions.

mod postgres;
mod schema;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
pub use postgres::postgres_manifest;
use schema::Document;
pub(crate) use schema::Variable;

/// A manifest that was read and checked.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The folder of the manifest. Paths in the manifest are relative to this folder.
    pub folder: PathBuf,
    /// `application.name`.
    pub name: String,
    pub(crate) variables: Vec<(String, Variable)>,
    pub(crate) components: Vec<Component>,
    pub(crate) triggers: Vec<Trigger>,
}

#[derive(Clone, Debug)]
pub(crate) struct Component {
    pub id: String,
    pub block: schema::Component,
}

#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    pub route: String,
    pub component: String,
}

impl Manifest {
    /// Reads a manifest. Its components are built with another profile of cargo if the environment names one in `RIVET_COMPONENTS`.
    ///
    /// # Errors
    /// Fails if the file cannot be read or is no manifest of version 2. Fails too if it uses a key that Spin does not know
    /// or this host does not offer, or a component or variable that it does not declare. The message names the place.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        let whole = std::path::absolute(file)?;
        let folder = whole.parent().unwrap_or(Path::new("/"));
        let mut manifest =
            Self::parse(&text, folder).with_context(|| file.display().to_string())?;
        if let Ok(profile) = std::env::var("RIVET_COMPONENTS") {
            manifest.use_profile(&profile);
        }
        Ok(manifest)
    }

    /// Reads a manifest for a test. Its components are built with the profile `quick` of the workspace, or as they ship if the
    /// environment says `RIVET_TESTS=full`.
    ///
    /// # Errors
    /// Fails as [`Manifest::read`] does.
    pub fn read_for_test(file: &Path) -> anyhow::Result<Self> {
        let mut manifest = Self::read(file)?;
        if !is_variable("RIVET_TESTS", "full") {
            manifest.use_profile("quick");
        }
        Ok(manifest)
    }

    /// Lets the components be built with another profile. One that ships is optimised as a whole for its size: `quick` builds in a
    /// fraction of the time, and `fast` optimises for speed.
    fn use_profile(&mut self, profile: &str) {
        for component in &mut self.components {
            let block = &mut component.block;
            block.source = block.source.replace("/release/", &format!("/{profile}/"));
            let builds = block.build.iter_mut();
            for command in builds.flat_map(|build| build.command.all_mut()) {
                *command = command.replace("--release", &format!("--profile {profile}"));
            }
        }
    }

    /// Reads the text of a manifest as if it were a file in `folder`.
    ///
    /// # Errors
    /// Fails as [`Manifest::read`] does.
    pub fn parse(text: &str, folder: &Path) -> anyhow::Result<Self> {
        let document: Document = toml::from_str(text)?;
        ensure!(
            document.spin_manifest_version == 2,
            "spin_manifest_version must be 2"
        );
        let manifest = Self {
            folder: folder.to_owned(),
            name: document.application.name,
            variables: document.variables.into_iter().collect(),
            components: document
                .component
                .into_iter()
                .map(|(id, block)| Component { id, block })
                .collect(),
            triggers: document
                .trigger
                .http
                .into_iter()
                .map(Trigger::from)
                .collect(),
        };
        ensure!(
            matches!(
                document.application.trigger.http.base.as_deref(),
                None | Some("/")
            ),
            "[application.trigger.http]: base is no longer supported; write it in front of each route"
        );
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> anyhow::Result<()> {
        for (name, variable) in &self.variables {
            check_variable(name, variable).with_context(|| format!("[variables] {name}"))?;
        }
        for component in &self.components {
            component
                .check()
                .with_context(|| format!("[component.{}]", component.id))?;
        }
        for trigger in &self.triggers {
            ensure!(
                self.components
                    .iter()
                    .any(|component| component.id == trigger.component),
                "[[trigger.http]] route {:?}: there is no [component.{}]",
                trigger.route,
                trigger.component
            );
        }
        Ok(())
    }
}

impl Component {
    fn check(&self) -> anyhow::Result<()> {
        ensure!(is_identifier(&self.id, '-'), "a component id is kebab-case");
        for name in self.block.variables.keys() {
            check_variable_name(name)
                .map_err(anyhow::Error::msg)
                .context("variables")?;
        }
        for label in &self.block.key_value_stores {
            // Spin maps other labels in a runtime configuration, which this host does not read.
            ensure!(
                label == "default",
                "key_value_stores: unknown label {label:?}; this host offers \"default\""
            );
        }
        Ok(())
    }
}

fn check_variable(name: &str, variable: &Variable) -> anyhow::Result<()> {
    check_variable_name(name).map_err(anyhow::Error::msg)?;
    ensure!(
        variable.required != variable.default.is_some(),
        "must have either `required = true` or a `default`"
    );
    Ok(())
}

/// Checks the name of a variable as Spin does.
///
/// # Errors
/// Fails if the name is not lower snake case.
pub(crate) fn check_variable_name(name: &str) -> Result<(), String> {
    if is_identifier(name, '_') {
        return Ok(());
    }
    Err(format!(
        "{name:?}: a variable name is lower-case letters, digits and single underscores, and starts with a letter"
    ))
}

fn is_identifier(name: &str, separator: char) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.split(separator).all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

impl From<schema::HttpTrigger> for Trigger {
    fn from(trigger: schema::HttpTrigger) -> Self {
        Self {
            route: trigger.route,
            component: trigger.component,
        }
    }
}

fn is_variable(name: &str, value: &str) -> bool {
    std::env::var(name).is_ok_and(|found| found == value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMAL: &str = r#"
        spin_manifest_version = 2
        [application]
        name = "app"
        [variables]
        url = { default = "http://localhost" }
        key = { required = true, secret = true }
        [[trigger.http]]
        route = "/..."
        component = "hello"
        [component.hello]
        source = "hello.wasm"
    "#;

    fn parse(text: &str) -> anyhow::Result<Manifest> {
        Manifest::parse(text, Path::new(""))
    }

    fn refusal(from: &str, to: &str) -> String {
        assert!(MINIMAL.contains(from));
        format!("{:#}", parse(&MINIMAL.replace(from, to)).unwrap_err())
    }

    #[test]
    fn manifest_lists_routes_components_and_variables() {
        let manifest = parse(MINIMAL).unwrap();
        assert_eq!(manifest.name, "app");
        assert_eq!(manifest.triggers[0].component, "hello");
        assert_eq!(manifest.components[0].block.source, "hello.wasm");
        assert!(
            manifest
                .variables
                .iter()
                .any(|(name, variable)| name == "key" && variable.required)
        );
    }

    #[test]
    fn unknown_keys_are_refused_by_name() {
        assert!(refusal("source =", "sauce = 1\nsource =").contains("sauce"));
        assert!(refusal("name =", "nickname = 1\nname =").contains("nickname"));
        assert!(refusal("route =", "rout = 1\nroute =").contains("rout"));
        assert!(refusal("secret = true", "secrets = true").contains("secrets"));
    }

    #[test]
    fn unsupported_spin_keys_are_refused_as_unsupported() {
        assert!(
            refusal("source =", "sqlite_databases = []\nsource =")
                .contains("not offered by this host")
        );
        assert!(refusal("[[trigger.http]]", "[[trigger.redis]]").contains("redis"));
    }

    #[test]
    fn error_names_the_place() {
        assert!(
            refusal("component = \"hello\"", "component = \"hallo\"").contains("[component.hallo]")
        );
        assert!(refusal("required = true, ", "").contains("[variables] key"));
        assert!(refusal("url =", "URL =").contains("[variables] URL"));
        let store = refusal("source =", "key_value_stores = [\"other\"]\nsource =");
        assert!(store.contains("[component.hello]") && store.contains("other"));
        assert!(
            refusal("spin_manifest_version = 2", "spin_manifest_version = 1").contains("must be 2")
        );
    }

    #[test]
    fn base_path_is_refused() {
        let based = "[application.trigger.http]\nbase = \"/app\"\n[variables]";
        assert!(refusal("[variables]", based).contains("in front of each route"));
    }

    #[test]
    fn missing_file_is_named() {
        assert!(
            format!(
                "{:#}",
                Manifest::read(Path::new("/nowhere/spin.toml")).unwrap_err()
            )
            .contains("/nowhere/spin.toml")
        );
    }

    #[test]
    fn variable_names_are_lower_snake_case() {
        for good in ["a", "a1", "public_url", "a_1"] {
            assert!(check_variable_name(good).is_ok(), "{good}");
        }
        for bad in ["", "A", "1a", "_a", "a_", "a__b", "a-b", "a.b"] {
            assert!(check_variable_name(bad).is_err(), "{bad}");
        }
    }
}
