//! The values of the application variables, and the templates that use them. The operator's value precedes the default.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail, ensure};

use crate::manifest::Manifest;

const ENVIRONMENT_PREFIX: &str = "SPIN_VARIABLE_";

/// The value of each application variable.
#[derive(Clone, Default)]
pub(crate) struct Variables(BTreeMap<String, String>);

impl Variables {
    /// Takes each value from `supplied`, else from the default.
    ///
    /// # Errors
    /// Fails if required variables are missing. One message names all of them.
    pub fn resolve(
        manifest: &Manifest,
        supplied: &BTreeMap<String, String>,
    ) -> anyhow::Result<Self> {
        let mut values = BTreeMap::new();
        let mut missing = Vec::new();
        for (name, variable) in &manifest.variables {
            match supplied.get(name).or(variable.default.as_ref()) {
                Some(value) => drop(values.insert(name.clone(), value.clone())),
                None => missing.push(name.as_str()),
            }
        }
        ensure!(
            missing.is_empty(),
            "missing required variables: {}; give each as --variable name=value or in the environment as {ENVIRONMENT_PREFIX}NAME",
            missing.join(", ")
        );
        Ok(Self(values))
    }

    /// Replaces each `{{ name }}` by its value.
    ///
    /// # Errors
    /// Fails if braces are not closed, or a name is not declared in `[variables]`.
    pub fn fill(&self, template: &str) -> anyhow::Result<String> {
        let mut filled = String::new();
        let mut rest = template;
        while let Some((literal, expression)) = rest.split_once("{{") {
            let (name, after) = expression
                .split_once("}}")
                .context("unmatched '{{' in template")?;
            let name = name.trim();
            let Some(value) = self.0.get(name) else {
                bail!(
                    "unknown variable {name:?}; to declare it, add it to [variables] in spin.toml"
                );
            };
            filled.push_str(literal);
            filled.push_str(value);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

/// Returns the variables that the environment supplies as `SPIN_VARIABLE_<NAME>`.
pub fn from_environment() -> BTreeMap<String, String> {
    named_in(std::env::vars())
}

fn named_in(environment: impl Iterator<Item = (String, String)>) -> BTreeMap<String, String> {
    environment
        .filter_map(|(name, value)| {
            let name = name.strip_prefix(ENVIRONMENT_PREFIX)?;
            Some((name.to_ascii_lowercase(), value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str) -> anyhow::Result<String> {
        let values = [("host", "example.com"), ("port", "81")];
        Variables(
            values
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        )
        .fill(template)
    }

    #[test]
    fn template_names_are_replaced_everywhere() {
        assert_eq!(filled("plain").unwrap(), "plain");
        assert_eq!(
            filled("http://{{ host }}:{{port}}/x").unwrap(),
            "http://example.com:81/x"
        );
    }

    #[test]
    fn malformed_template_is_refused() {
        assert!(
            filled("{{ nobody }}")
                .unwrap_err()
                .to_string()
                .contains("\"nobody\"")
        );
        assert!(
            filled("{{ host")
                .unwrap_err()
                .to_string()
                .contains("unmatched")
        );
    }

    #[test]
    fn environment_supplies_variables_by_prefix() {
        let environment = [("SPIN_VARIABLE_PUBLIC_URL", "https://x"), ("PATH", "/bin")];
        let named = named_in(
            environment
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into_iter(),
        );
        assert_eq!(
            named.into_iter().collect::<Vec<_>>(),
            [("public_url".to_owned(), "https://x".to_owned())]
        );
    }
}
