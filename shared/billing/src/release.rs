//! Releases of retainage.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Customer, Id, Invalid, Project, amount, calendar};

/// The customer now owes some of what was held back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// RIVET's id.
    pub id: Id,
    /// The day from which it is owed.
    #[serde(deserialize_with = "calendar::date")]
    pub released_on: Date,
    /// How much; always positive.
    #[serde(with = "amount")]
    pub amount: Decimal,
    /// The contract it was held back from.
    pub project: Project,
    /// Who owes it.
    pub customer: Customer,
}

impl Release {
    /// What a single field cannot tell; `at` is the path of the release in the body.
    pub(crate) fn check(&self, at: &str) -> Result<(), Invalid> {
        if self.amount > Decimal::ZERO {
            return Ok(());
        }
        Err(Invalid::field(
            format!("{at}.amount"),
            "must be more than zero",
        ))
    }
}
