//! A customer that no customer in QuickBooks matches.

use serde::{Deserialize, Serialize};

/// A customer of RIVET that no customer in QuickBooks matches. The first form is stored as the name alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum UnmatchedCustomer {
    /// No customer in QuickBooks comes into question.
    Named(String),
    /// A customer in QuickBooks has the e-mail address, but another name.
    Suggested {
        /// The name in RIVET.
        name: String,
        /// The name of the customer in QuickBooks that has the address.
        suggestion: String,
    },
}
