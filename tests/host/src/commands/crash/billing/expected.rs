//! The expected final state of a firm's documents and of its company's books.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use samples::story::{Balances, Names};

/// The expected final state of a firm and its company.
#[derive(Default)]
pub(super) struct Expected {
    pub documents: Vec<ExpectedDocument>,
    pub transactions: BTreeMap<TransactionKey, Transaction>,
    pub balances: Balances,
    pub names: Names,
}

/// A document, and the state that it must reach.
pub(super) struct ExpectedDocument {
    pub kind: &'static str,
    pub id: String,
    pub state: &'static str,
}

/// A transaction's kind and number. The number of a payment is its reference; that of a release ends after `REL-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TransactionKey {
    pub kind: &'static str,
    pub number: String,
}

/// The effect of a transaction on the books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Transaction {
    /// The amount for each account name, debits positive.
    pub entries: BTreeMap<&'static str, Decimal>,
    /// The name of its customer. Empty for a transaction without entries.
    pub customer: String,
    /// The name of the class of its revenue and retainage.
    pub class: String,
    /// True if the document is voided: if it was voided before it was posted, it has no transaction.
    pub may_be_missing: bool,
}

/// A side of a transaction: the account's name, and the amount with debits positive.
pub(super) struct Side {
    pub account: &'static str,
    pub amount: Decimal,
}

pub(super) const RECEIVABLE: &str = "Accounts Receivable (A/R)";
pub(super) const RETAINAGE: &str = "Retainage Receivable";
pub(super) const REVENUE: &str = "Contract Revenue";
pub(super) const DEPOSITS: &str = "Undeposited Funds";
