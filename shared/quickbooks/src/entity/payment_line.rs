//! The parts of a payment, and the transactions that they pay.

use super::txn_type::TxnType;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The part of a payment that pays one transaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PaymentLine {
    /// The amount of this part.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub amount: Option<Decimal>,
    /// The transaction. Exactly one on lines that we send.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub linked_txn: Vec<LinkedTxn>,
}

impl PaymentLine {
    /// Builds the line that applies `amount` to a transaction.
    pub fn applied(amount: Decimal, target: LinkedTxn) -> Self {
        Self {
            amount: Some(amount),
            linked_txn: vec![target],
        }
    }
}

/// A reference from one transaction to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LinkedTxn {
    /// The transaction's id.
    pub txn_id: String,
    /// The transaction's type. An id is unique only together with it.
    pub txn_type: TxnType,
}
