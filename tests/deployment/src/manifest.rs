//! Reads what `spin.toml` says of variables, routes, hosts and stores.

use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A manifest of the application.
#[derive(Debug, Deserialize)]
pub struct Manifest {
    /// The application's variables by name.
    pub variables: BTreeMap<String, Variable>,
    trigger: Triggers,
    component: BTreeMap<String, Component>,
}

/// A variable of the application.
#[derive(Debug, Deserialize)]
pub struct Variable {
    /// If true, the deployment must give a value.
    #[serde(default)]
    pub required: bool,
    /// If true, the value must not be seen.
    #[serde(default)]
    pub secret: bool,
    /// The value of a deployment that gives none.
    pub default: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Triggers {
    http: Vec<Trigger>,
}

#[derive(Debug, Deserialize)]
struct Trigger {
    route: String,
}

#[derive(Debug, Deserialize)]
struct Component {
    #[serde(default)]
    key_value_stores: BTreeSet<String>,
    #[serde(default)]
    allowed_outbound_hosts: Vec<String>,
}

impl Manifest {
    /// Reads the manifest of the key-value build.
    ///
    /// # Errors
    /// If `spin.toml` is no manifest.
    pub fn read() -> Result<Self> {
        Self::read_from("spin.toml")
    }

    /// Reads the manifest of the build whose records are in PostgreSQL.
    ///
    /// # Errors
    /// If `spin.postgres.toml` is no manifest.
    pub fn read_postgres() -> Result<Self> {
        Self::read_from("spin.postgres.toml")
    }

    fn read_from(path: &str) -> Result<Self> {
        toml::from_str(&crate::file(path)?).with_context(|| format!("{path} is no manifest"))
    }

    /// Returns whether a component answers this very route.
    #[must_use]
    pub fn has_route(&self, route: &str) -> bool {
        self.trigger
            .http
            .iter()
            .any(|trigger| trigger.route == route)
    }

    /// Returns the names of the scheduled routes: what follows `/v1/scheduled/`.
    #[must_use]
    pub fn scheduled(&self) -> BTreeSet<&str> {
        let routes = self
            .trigger
            .http
            .iter()
            .map(|trigger| trigger.route.as_str());
        routes
            .filter_map(|route| route.strip_prefix("/v1/scheduled/"))
            .collect()
    }

    /// Returns the labels of the stores that components use.
    #[must_use]
    pub fn stores(&self) -> BTreeSet<&str> {
        let used = self
            .component
            .values()
            .flat_map(|component| &component.key_value_stores);
        used.map(String::as_str).collect()
    }

    /// Returns the origins that components reach in a deployment that keeps the defaults.
    #[must_use]
    pub fn hosts(&self) -> BTreeSet<String> {
        let named = self
            .component
            .values()
            .flat_map(|component| &component.allowed_outbound_hosts);
        named.map(|host| self.resolved(host)).collect()
    }

    /// Returns a host with its variables replaced by their defaults.
    fn resolved(&self, host: &str) -> String {
        let mut resolved = host.to_owned();
        for (name, variable) in &self.variables {
            let default = variable.default.as_deref().unwrap_or_default();
            resolved = resolved.replace(&format!("{{{{ {name} }}}}"), default);
        }
        resolved
    }
}
