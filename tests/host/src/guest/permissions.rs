//! The variables, stores and hosts that a component may use. A refused use is logged with the line that would permit it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Context as _;

use crate::clock::Clock;
use crate::counts::Meter;
use crate::hosts::{self, AllowedHosts};
use crate::key_value::{Bucket, Stores};
use crate::logs::Logs;
use crate::manifest::Component;
use crate::postgres::Pools;
use crate::variables::Variables;

/// The permissions of one component, from its block in `spin.toml`. All of its instances share them.
pub(crate) struct Permissions {
    pub component: String,
    pub environment: Vec<(String, String)>,
    pub variables: BTreeMap<String, String>,
    pub stores: BTreeSet<String>,
    pub hosts: AllowedHosts,
    pub shared: SharedState,
}

/// The state that all components of an app share.
#[derive(Clone)]
pub(crate) struct SharedState {
    pub opened: Stores,
    pub postgres: Arc<Pools>,
    pub meter: Arc<Meter>,
    pub clock: Clock,
    pub logs: Logs,
}

impl Permissions {
    /// Reads a component's block and replaces the variables in it.
    ///
    /// # Errors
    /// Fails if a template or an allowed host is malformed.
    pub fn of(
        component: &Component,
        variables: &Variables,
        shared: &SharedState,
    ) -> anyhow::Result<Self> {
        let block = &component.block;
        let fill = |(name, template): (&String, &String)| {
            let value = variables
                .fill(template)
                .with_context(|| format!("variables: {name}"))?;
            anyhow::Ok((name.clone(), value))
        };
        let mut allowed = Vec::new();
        for template in &block.allowed_outbound_hosts {
            let host = variables.fill(template).context("allowed_outbound_hosts")?;
            let is_written_out = host == *template;
            if is_written_out || !hosts::is_empty(&host) {
                allowed.push(host);
            }
        }
        Ok(Self {
            component: component.id.clone(),
            environment: block.environment.clone().into_iter().collect(),
            variables: block.variables.iter().map(fill).collect::<Result<_, _>>()?,
            stores: block.key_value_stores.iter().cloned().collect(),
            hosts: AllowedHosts::parse(allowed.iter().map(String::as_str))?,
            shared: shared.clone(),
        })
    }

    /// Writes a line of the host about this component.
    pub fn log(&self, text: &str) {
        self.shared.logs.write(&self.component, text);
    }

    /// Returns the store called `label`, or `None` if this component may not open it.
    pub(super) fn open_store(&self, label: &str) -> Option<Bucket> {
        self.shared.meter.opens.add(1);
        if self.stores.contains(label) {
            return Some(self.shared.opened.bucket(label));
        }
        self.log(&format!(
            "key-value store {label:?} was refused; to grant it, add it to key_value_stores of [component.{}] in spin.toml",
            self.component
        ));
        None
    }
}
