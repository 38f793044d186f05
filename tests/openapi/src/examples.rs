//! The examples of bodies, by name. Those of events are the sample project of the tests.

use crate::routes::workspace;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;

/// The events of the sample project that are examples, with their names.
const EVENTS: [(&str, &str); 6] = [
    ("project_created", "01-project-created"),
    ("pay_app_approved", "03-pay-app-approved"),
    ("payment_recorded", "05-payment-recorded"),
    ("pay_app_revised", "06-pay-app-revised"),
    ("retainage_released", "09-retainage-released"),
    ("pay_app_voided", "12-pay-app-voided"),
];

/// The examples.
pub struct Examples(Value);

impl Examples {
    /// Reads the examples.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn read() -> Result<Self> {
        let read = |path: &str| -> Result<Value> {
            let text =
                fs::read_to_string(workspace().join(path)).with_context(|| path.to_owned())?;
            Ok(serde_json::from_str(&text)?)
        };
        let mut all = read("tests/openapi/examples.json")?;
        for (name, file) in EVENTS {
            all[name] = read(&format!("tests/fixtures/harbor-point/{file}.json"))?;
        }
        Ok(Self(all))
    }

    /// Returns an example.
    ///
    /// # Errors
    /// No example has this name.
    pub fn get(&self, name: &str) -> Result<&Value> {
        self.0
            .get(name)
            .with_context(|| format!("no example {name}"))
    }

    /// Returns the names of all examples.
    pub fn names(&self) -> Vec<&str> {
        let members = self.0.as_object().into_iter().flatten();
        members.map(|(name, _)| name.as_str()).collect()
    }
}
