//! Payments received.

use billing::{DocumentRef, Id};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::effect::Effect;
use crate::money;

/// A payment received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// RIVET's id of who paid.
    pub customer: Id,
    /// The day it was received.
    #[serde(deserialize_with = "json::day")]
    pub date: Date,
    /// ISO 4217 code, where the company uses several.
    pub currency: Option<String>,
    /// What came in.
    #[serde(with = "money")]
    pub total: Decimal,
    /// Number of the cheque or transfer, at most 21 characters.
    pub reference: Option<String>,
    /// QuickBooks account id that it lands in; Undeposited Funds if none.
    pub deposit: Option<String>,
    /// Seen by the firm only: which document it is.
    pub note: String,
    /// What it pays for; never more than the total.
    pub applied: Vec<Share>,
}

/// The part of a payment that settles one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The document.
    pub document: DocumentRef,
    /// How much of the payment; always positive.
    #[serde(with = "money")]
    pub amount: Decimal,
}

impl Receipt {
    /// All of it is credited to the customer, applied or not.
    pub(super) fn effect(&self) -> Effect {
        Effect {
            receivable: -self.total,
            deposits: self.total,
            ..Effect::default()
        }
    }
}
