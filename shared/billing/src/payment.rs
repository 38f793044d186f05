//! Payments by a customer.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Customer, DocumentRef, Id, Invalid, Kind, amount, calendar, text};

/// Money that a customer paid, and what it pays for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// RIVET's id.
    pub id: Id,
    /// The day it was received.
    #[serde(deserialize_with = "calendar::date")]
    pub received_on: Date,
    /// How much came in; never negative.
    #[serde(with = "amount")]
    pub amount: Decimal,
    /// Number of the cheque or transfer, as typed.
    #[serde(
        default,
        deserialize_with = "text::optional::<_, 200>",
        skip_serializing_if = "Option::is_none"
    )]
    pub reference: Option<String>,
    /// Who paid.
    pub customer: Customer,
    /// What it pays for, each target once; the sum may be less than the amount, the rest stays unapplied.
    pub applied: Vec<Applied>,
}

/// The part of a payment that pays for one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// A pay application or a retainage release.
    pub kind: Kind,
    /// Id of that document.
    pub id: Id,
    /// How much of the payment; always positive.
    #[serde(with = "amount")]
    pub amount: Decimal,
}

/// A payment no longer counts, for example a cheque that was returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentVoid {
    /// Which one.
    pub payment_id: Id,
    /// The day from which it no longer counts.
    #[serde(deserialize_with = "calendar::date")]
    pub voided_on: Date,
}

impl Applied {
    /// The document paid for.
    #[must_use]
    pub fn target(&self) -> DocumentRef {
        DocumentRef {
            kind: self.kind,
            id: self.id.clone(),
        }
    }
}

impl Payment {
    /// What a single field cannot tell; `at` is the path of the payment in the body.
    pub(crate) fn check(&self, at: &str) -> Result<(), Invalid> {
        if self.amount < Decimal::ZERO {
            return Err(Invalid::field(
                format!("{at}.amount"),
                "must not be negative",
            ));
        }
        self.check_targets(at)?;
        let applied: Decimal = self.applied.iter().map(|part| part.amount).sum();
        if applied > self.amount {
            let problem = format!(
                "adds up to {applied:.2}, more than the payment of {:.2}",
                self.amount
            );
            return Err(Invalid::field(format!("{at}.applied"), problem));
        }
        Ok(())
    }

    fn check_targets(&self, at: &str) -> Result<(), Invalid> {
        let mut seen = BTreeSet::new();
        for (index, part) in self.applied.iter().enumerate() {
            let at = format!("{at}.applied[{index}]");
            if !matches!(part.kind, Kind::PayApp | Kind::RetainageRelease) {
                return Err(Invalid::field(
                    format!("{at}.kind"),
                    "must be `pay_app` or `retainage_release`",
                ));
            }
            if part.amount <= Decimal::ZERO {
                return Err(Invalid::field(
                    format!("{at}.amount"),
                    "must be more than zero",
                ));
            }
            if !seen.insert(part.target()) {
                return Err(Invalid::field(
                    format!("{at}.id"),
                    "must not repeat an earlier target",
                ));
            }
        }
        Ok(())
    }
}
