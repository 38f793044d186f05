//! What must stand in a firm's company in the end.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::demo::story::{Balances, Names};

/// What a firm's company must show.
#[derive(Default)]
pub(super) struct Expected {
    /// Each document's kind and id, and the state that it must reach.
    pub documents: Vec<(&'static str, String, &'static str)>,
    pub transactions: BTreeMap<Key, Transaction>,
    pub balances: Balances,
    pub names: Names,
}

/// A transaction's kind and number; a payment's is its reference, and a release's ends after `REL-`.
pub(super) type Key = (&'static str, String);

/// What a transaction does to the books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Transaction {
    /// By the account's name, debits positive.
    pub entries: BTreeMap<&'static str, Decimal>,
    /// Its customer's name; nothing where it does nothing.
    pub customer: String,
    /// The name of the class of its revenue and retainage.
    pub class: String,
    /// What was taken back before it was posted is not there at all.
    pub may_be_missing: bool,
}

pub(super) const RECEIVABLE: &str = "Accounts Receivable (A/R)";
pub(super) const RETAINAGE: &str = "Retainage Receivable";
pub(super) const REVENUE: &str = "Contract Revenue";
pub(super) const DEPOSITS: &str = "Undeposited Funds";
