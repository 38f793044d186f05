//! Payments received.

use billing::{DocumentKind, DocumentRef, Id};
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
    /// The parts applied to documents. Their sum is never more than the total and the credits.
    pub applied: Vec<Share>,
    /// The parts of credit memos that the payment uses besides its money.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<Share>,
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
    /// The payment that came back and had paid the document before. Its entry is what is paid now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Id>,
}

impl Share {
    /// Returns the document whose transaction is paid: the payment that came back, or the document itself.
    #[must_use]
    pub fn target(&self) -> DocumentRef {
        match &self.returned {
            Some(payment) => DocumentRef {
                kind: DocumentKind::Payment,
                id: payment.clone(),
            },
            None => self.document.clone(),
        }
    }
}

impl Receipt {
    /// Returns the part of the money that is applied to no document.
    #[must_use]
    pub fn unapplied(&self) -> Decimal {
        let sum = |shares: &[Share]| shares.iter().map(|share| share.amount).sum::<Decimal>();
        self.total + sum(&self.credits) - sum(&self.applied)
    }

    /// Returns the effect of the payment on the ledger. The customer is credited with the total, applied or not.
    pub(super) fn effect(&self) -> Effect {
        Effect {
            receivable: -self.total,
            deposits: self.total,
            ..Effect::default()
        }
    }
}
