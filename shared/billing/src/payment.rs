//! Payments of customers.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::customer::Customer;
use crate::document_kind::DocumentKind;
use crate::document_ref::DocumentRef;
use crate::id::Id;
use crate::wire::InputError;
use crate::{amount, calendar, text};

/// A payment of a customer, with the documents that it pays for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// RIVET's id of the payment.
    pub id: Id,
    /// The day on which the payment was received.
    #[serde(deserialize_with = "calendar::date")]
    pub received_on: Date,
    /// The amount received, never negative and exact to the cent.
    #[serde(with = "amount")]
    pub amount: Decimal,
    /// Number of the cheque or transfer, as typed: up to 200 characters.
    #[serde(
        default,
        deserialize_with = "text::optional::<_, 200>",
        skip_serializing_if = "Option::is_none"
    )]
    pub reference: Option<String>,
    /// The customer that paid.
    pub customer: Customer,
    /// The documents paid for, each at most once. If their sum is less than the amount, the rest stays unapplied. A pay application whose
    /// net is negative is a credit: it is used, and raises what can be paid for.
    pub applied: Vec<AppliedAmount>,
}

/// The part of a payment that pays for one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedAmount {
    /// A pay application or a retainage release.
    pub kind: DocumentKind,
    /// Id of the document.
    pub id: Id,
    /// The part of the payment's amount, or of the credit, always positive.
    #[serde(with = "amount")]
    pub amount: Decimal,
}

/// The content of the event `payment.voided`: a payment no longer counts, for example because a cheque was returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentVoid {
    /// RIVET's id of the payment.
    pub payment_id: Id,
    /// The day from which the payment no longer counts.
    #[serde(deserialize_with = "calendar::date")]
    pub voided_on: Date,
}

impl AppliedAmount {
    /// Returns the reference of the document paid for.
    #[must_use]
    pub fn target(&self) -> DocumentRef {
        DocumentRef {
            kind: self.kind,
            id: self.id.clone(),
        }
    }
}

impl Payment {
    /// Checks amount and targets against each other. `at` is the path of the payment in the body.
    pub(crate) fn check(&self, at: &str) -> Result<(), InputError> {
        if self.amount < Decimal::ZERO {
            return Err(InputError::field(
                format!("{at}.amount"),
                "must not be negative",
            ));
        }
        self.check_targets(at)?;
        let applied: Decimal = self.applied.iter().map(|part| part.amount).sum();
        if applied > self.amount && !self.may_use_credits(applied) {
            let problem = format!(
                "adds up to {applied:.2}, more than the payment of {:.2}",
                self.amount
            );
            return Err(InputError::field(format!("{at}.applied"), problem));
        }
        Ok(())
    }

    /// Returns whether the targets may agree with the amount because some of them are credits. Only the posting shows which ones are.
    ///
    /// The paid parts are at least as much as the credits, and at most the amount and the credits.
    fn may_use_credits(&self, applied: Decimal) -> bool {
        let pay_apps = self.applied.iter();
        let pay_apps = pay_apps.filter(|part| part.kind == DocumentKind::PayApp);
        let amounts: Vec<Decimal> = pay_apps.map(|part| part.amount).collect();
        let (most, least) = (applied, applied - self.amount);
        let twice = |amount: Decimal| amount + amount;
        let has_small = amounts.iter().any(|amount| twice(*amount) <= most);
        has_small && twice(amounts.iter().sum()) >= least
    }

    fn check_targets(&self, at: &str) -> Result<(), InputError> {
        let mut seen = BTreeSet::new();
        for (index, part) in self.applied.iter().enumerate() {
            let at = format!("{at}.applied[{index}]");
            if !matches!(
                part.kind,
                DocumentKind::PayApp | DocumentKind::RetainageRelease
            ) {
                return Err(InputError::field(
                    format!("{at}.kind"),
                    "must be `pay_app` or `retainage_release`",
                ));
            }
            if part.amount <= Decimal::ZERO {
                return Err(InputError::field(
                    format!("{at}.amount"),
                    "must be more than zero",
                ));
            }
            if !seen.insert(part.target()) {
                return Err(InputError::field(
                    format!("{at}.id"),
                    "must not repeat an earlier target",
                ));
            }
        }
        Ok(())
    }
}
