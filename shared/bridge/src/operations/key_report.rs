//! The report of the keys that seal tokens.

use serde::Serialize;

/// The keys of the deployment and of the stored records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeyReport {
    /// The keys, the sealing one first.
    pub(super) keys: Vec<KeyUse>,
    /// The records that are not sealed with the newest key yet. While it is 0, older keys may be removed.
    pub(super) remaining: usize,
    /// True if each firm was looked at in time. Otherwise the same request again says more.
    pub(super) complete: bool,
}

/// The use of one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct KeyUse {
    /// The id, as in `token_keys`.
    pub(super) id: String,
    /// True for the first key of `token_keys`, which seals.
    pub(super) seals: bool,
    /// True if `token_keys` has the key. False means that nobody can read its records until the key is put back.
    pub(super) configured: bool,
    /// The records that need the key.
    pub(super) records: usize,
}
