//! Pay applications: each is the bill for one period of one project (AIA forms G702 and G703).

use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::customer::{Customer, Project};
use crate::id::Id;
use crate::wire::InputError;
use crate::{amount, calendar, text};

/// A pay application as approved or revised. All amounts are in [`currency`](Self::currency) and exact to the cent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayApp {
    /// RIVET's id of the pay application. All revisions have the same id.
    pub id: Id,
    /// The revision, from 1. A higher revision replaces a lower one.
    #[serde(deserialize_with = "calendar::ordinal")]
    pub revision: u32,
    /// The number within the project, from 1.
    #[serde(deserialize_with = "calendar::ordinal")]
    pub number: u32,
    /// First day of the billed period.
    #[serde(deserialize_with = "calendar::date")]
    pub period_start: Date,
    /// Last day of the billed period, which is the accounting date.
    #[serde(deserialize_with = "calendar::date")]
    pub period_end: Date,
    /// The due date, if RIVET sets one.
    #[serde(
        default,
        deserialize_with = "calendar::optional_date",
        skip_serializing_if = "Option::is_none"
    )]
    pub due_date: Option<Date>,
    /// Days from the period's end to the due date, at most 3650. Used if `due_date` is missing.
    #[serde(
        default,
        deserialize_with = "calendar::terms_days",
        skip_serializing_if = "Option::is_none"
    )]
    pub payment_terms_days: Option<u32>,
    /// The ISO 4217 code of the currency of all amounts.
    #[serde(deserialize_with = "text::currency")]
    pub currency: String,
    /// The project that is billed.
    pub project: Project,
    /// The customer that is billed.
    pub customer: Customer,
    /// At least one line. Each SOV item occurs at most once.
    pub lines: Vec<SovLine>,
    /// The sums of the lines.
    pub totals: Totals,
}

/// A line of a pay application: the amounts of one item of the schedule of values in this period.
///
/// Any amount may be negative: for corrections, for stored material that is installed, and for retainage that is given back
/// when its rate is reduced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SovLine {
    /// RIVET's id of the item.
    pub sov_item_id: Id,
    /// The item's number in the schedule of values: a label of up to 100 characters.
    #[serde(deserialize_with = "text::label::<_, 100>")]
    pub item_number: String,
    /// Description of the item: up to 8000 characters, in one line.
    #[serde(deserialize_with = "text::label::<_, 8000>")]
    pub description: String,
    /// Amount of the work completed in the period.
    #[serde(with = "amount")]
    pub work_completed: Decimal,
    /// Change of the amount of material that is on site and not yet installed.
    #[serde(with = "amount")]
    pub materials_stored: Decimal,
    /// Amount that the customer withholds.
    #[serde(with = "amount")]
    pub retainage: Decimal,
}

/// The sums of a pay application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Work completed plus materials stored.
    #[serde(with = "amount")]
    pub billed: Decimal,
    /// Amount that the customer withholds.
    #[serde(with = "amount")]
    pub retainage: Decimal,
    /// Amount due now: billed less retainage.
    #[serde(with = "amount")]
    pub net: Decimal,
}

/// The content of the event `pay_app.voided`: a pay application no longer counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayAppVoid {
    /// RIVET's id of the pay application.
    pub pay_app_id: Id,
    /// The revision that was current when RIVET voided the pay application.
    #[serde(deserialize_with = "calendar::ordinal")]
    pub revision: u32,
    /// The day from which the pay application no longer counts.
    #[serde(deserialize_with = "calendar::date")]
    pub voided_on: Date,
}

impl SovLine {
    /// Returns work completed plus materials stored.
    #[must_use]
    pub fn billed(&self) -> Decimal {
        self.work_completed + self.materials_stored
    }

    /// Returns the line's part of the amount due now: billed less retainage.
    #[must_use]
    pub fn net(&self) -> Decimal {
        self.billed() - self.retainage
    }
}

impl Totals {
    /// Returns the sums of `lines`.
    #[must_use]
    pub fn of(lines: &[SovLine]) -> Self {
        let billed = lines.iter().map(SovLine::billed).sum();
        let retainage = lines.iter().map(|line| line.retainage).sum();
        Self {
            billed,
            retainage,
            net: billed - retainage,
        }
    }
}

impl PayApp {
    /// Checks dates, lines and totals against each other. `at` is the path of the pay application in the body.
    pub(crate) fn check(&self, at: &str) -> Result<(), InputError> {
        self.check_dates(at)?;
        self.check_lines(at)?;
        self.check_totals(at)
    }

    fn check_dates(&self, at: &str) -> Result<(), InputError> {
        if self.period_end < self.period_start {
            return Err(InputError::field(
                format!("{at}.period_end"),
                "must not be before the period's start",
            ));
        }
        // Bills are often due before the period's end. Only a date before the whole period is an error.
        match self.due_date {
            Some(due) if due < self.period_start => Err(InputError::field(
                format!("{at}.due_date"),
                "must not be before the period's start",
            )),
            _ => Ok(()),
        }
    }

    fn check_lines(&self, at: &str) -> Result<(), InputError> {
        if self.lines.is_empty() {
            return Err(InputError::field(
                format!("{at}.lines"),
                "must have at least one line",
            ));
        }
        let mut seen = BTreeSet::new();
        let repeated = self
            .lines
            .iter()
            .position(|line| !seen.insert(&line.sov_item_id));
        repeated.map_or(Ok(()), |index| {
            let problem = "must not repeat the item of an earlier line";
            Err(InputError::field(
                format!("{at}.lines[{index}].sov_item_id"),
                problem,
            ))
        })
    }

    fn check_totals(&self, at: &str) -> Result<(), InputError> {
        let (stated, sum) = (self.totals, Totals::of(&self.lines));
        let checks = [
            ("billed", stated.billed, sum.billed),
            ("retainage", stated.retainage, sum.retainage),
            ("net", stated.net, sum.net),
        ];
        let wrong = checks.into_iter().find(|(_, stated, sum)| stated != sum);
        wrong.map_or(Ok(()), |(name, stated, sum)| {
            let problem = format!("is {stated:.2}, but the lines add up to {sum:.2}");
            Err(InputError::field(format!("{at}.totals.{name}"), problem))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn line(work: &str, stored: &str, retainage: &str) -> SovLine {
        serde_json::from_value(
            json!({"sov_item_id": "s", "item_number": "", "description": "",
            "work_completed": work, "materials_stored": stored, "retainage": retainage}),
        )
        .unwrap()
    }

    #[test]
    fn line_net_is_billed_less_retainage() {
        let line = line("30000.00", "-12000.00", "1800.00");
        assert_eq!(
            (line.billed().to_string(), line.net().to_string()),
            ("18000.00".into(), "16200.00".into())
        );
    }

    #[test]
    fn totals_of_many_lines_are_exact() {
        let lines = vec![line("0.10", "0.20", "0.03"); 1000];
        let totals = serde_json::to_value(Totals::of(&lines)).unwrap();
        assert_eq!(
            totals,
            json!({"billed": "300.00", "retainage": "30.00", "net": "270.00"})
        );
    }

    #[test]
    fn totals_of_largest_lines_do_not_overflow() {
        let lines = vec![line("99999999999.99", "99999999999.99", "-99999999999.99"); 5000];
        assert_eq!(Totals::of(&lines).net.to_string(), "1499999999999850.00");
    }
}
