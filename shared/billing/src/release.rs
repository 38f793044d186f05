//! Releases of retainage.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::customer::{Customer, Project};
use crate::id::Id;
use crate::wire::InputError;
use crate::{amount, calendar};

/// A release of retainage: from now on the customer owes part of the retainage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetainageRelease {
    /// RIVET's id of the release.
    pub id: Id,
    /// The day from which the amount is owed.
    #[serde(deserialize_with = "calendar::date")]
    pub released_on: Date,
    /// The amount, always positive and exact to the cent.
    #[serde(with = "amount")]
    pub amount: Decimal,
    /// The project whose bills the retainage was withheld from.
    pub project: Project,
    /// The customer that owes the amount.
    pub customer: Customer,
    /// The day by which the amount is due.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "calendar::optional_date"
    )]
    pub due_date: Option<Date>,
    /// The terms of payment in days after the release. They count if the release has no due date.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "calendar::terms_days"
    )]
    pub payment_terms_days: Option<u32>,
}

/// The content of the event `retainage.release_voided`: a release no longer counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseVoid {
    /// RIVET's id of the release.
    pub release_id: Id,
    /// The day from which the release no longer counts.
    #[serde(deserialize_with = "calendar::date")]
    pub voided_on: Date,
}

impl RetainageRelease {
    /// Checks the amount. `at` is the path of the release in the body.
    pub(crate) fn check(&self, at: &str) -> Result<(), InputError> {
        if self.amount > Decimal::ZERO {
            return Ok(());
        }
        Err(InputError::field(
            format!("{at}.amount"),
            "must be more than zero",
        ))
    }
}
