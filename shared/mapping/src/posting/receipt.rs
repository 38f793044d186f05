//! Payments received.

use billing::{DocumentRef, Id};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::effect::Effect;
use crate::money;

/// A payment received from a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Receipt {
    /// RIVET's id of the paying customer.
    pub customer: Id,
    /// RIVET's id of the project whose job the payment names in place of the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<Id>,
    /// The day that the payment was received.
    #[serde(deserialize_with = "json::day")]
    pub date: Date,
    /// ISO 4217 code; only in companies that use several currencies.
    pub currency: Option<String>,
    /// Amount received.
    #[serde(with = "money")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub total: Decimal,
    /// Number of the check or transfer, at most 21 characters.
    pub reference: Option<String>,
    /// QuickBooks id of the deposit account. Without one QuickBooks uses Undeposited Funds.
    pub deposit: Option<String>,
    /// Origin note for `PrivateNote`, which only the firm sees.
    pub note: String,
    /// The parts applied to documents. Their sum is never more than the total.
    pub applied: Vec<Share>,
}

/// The part of a payment that is applied to one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Share {
    /// The paid document.
    pub document: DocumentRef,
    /// Amount applied to the document, always positive.
    #[serde(with = "money")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub amount: Decimal,
}

impl Receipt {
    /// Returns the effect of the payment on the ledger. The customer is credited with the total, applied or not.
    pub(super) fn effect(&self) -> Effect {
        Effect {
            receivable: -self.total,
            deposits: self.total,
            ..Effect::default()
        }
    }
}
