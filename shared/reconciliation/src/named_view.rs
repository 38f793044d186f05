//! The names of customers, accounts and projects, as shown.

use serde::Serialize;

/// An account or a customer.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Named")
)]
pub(crate) struct NamedView {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// A project.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Numbered")
)]
pub(crate) struct NumberedView {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) name: String,
}
