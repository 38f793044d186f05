//! What a component may use, and what is said when it tries to use more.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Context as _;

use crate::clock::Clock;
use crate::counts::Meter;
use crate::hosts::AllowedHosts;
use crate::key_value::{Bucket, Database};
use crate::logs::Logs;
use crate::manifest::Component;
use crate::variables::Variables;

/// What one component may use. Shared by all of its instances.
pub(crate) struct Grants {
    pub component: String,
    pub environment: Vec<(String, String)>,
    pub variables: BTreeMap<String, String>,
    pub stores: BTreeSet<String>,
    pub hosts: AllowedHosts,
    pub surroundings: Surroundings,
}

/// What all components of an app share.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub database: Database,
    pub meter: Arc<Meter>,
    pub clock: Clock,
    pub logs: Logs,
}

impl Grants {
    /// Fills the templates of a component's block.
    ///
    /// # Errors
    /// If a template or a destination cannot be understood.
    pub fn of(
        component: &Component,
        variables: &Variables,
        surroundings: &Surroundings,
    ) -> anyhow::Result<Self> {
        let block = &component.block;
        let fill = |(name, template): (&String, &String)| {
            let value = variables
                .fill(template)
                .with_context(|| format!("variables: {name}"))?;
            anyhow::Ok((name.clone(), value))
        };
        let hosts = block
            .allowed_outbound_hosts
            .iter()
            .map(|host| variables.fill(host));
        let hosts: Vec<_> = hosts
            .collect::<Result<_, _>>()
            .context("allowed_outbound_hosts")?;
        Ok(Self {
            component: component.id.clone(),
            environment: block.environment.clone().into_iter().collect(),
            variables: block.variables.iter().map(fill).collect::<Result<_, _>>()?,
            stores: block.key_value_stores.iter().cloned().collect(),
            hosts: AllowedHosts::parse(hosts.iter().map(String::as_str))?,
            surroundings: surroundings.clone(),
        })
    }

    pub fn remark(&self, text: &str) {
        self.surroundings.logs.write(&self.component, text);
    }

    /// The store called `label`, if this component may open it.
    pub(super) fn open(&self, label: &str) -> Option<Bucket> {
        if self.stores.contains(label) {
            return Some(self.surroundings.database.bucket(label));
        }
        self.remark(&format!(
            "key-value store {label:?} was refused; to grant it, add it to key_value_stores of [component.{}] in spin.toml",
            self.component
        ));
        None
    }
}
