//! Pay applications: the bill for one period of one project.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Customer, Id, Invalid, Project, amount, calendar, text};

/// A pay application as approved or revised. All amounts are in [`currency`](Self::currency) and exact to the cent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayApp {
    /// RIVET's id; stays the same over revisions.
    pub id: Id,
    /// Counts from 1; a higher revision replaces a lower one.
    #[serde(deserialize_with = "calendar::ordinal")]
    pub revision: u32,
    /// Number within the project, from 1.
    #[serde(deserialize_with = "calendar::ordinal")]
    pub number: u32,
    /// First day billed for.
    #[serde(deserialize_with = "calendar::date")]
    pub period_start: Date,
    /// Last day billed for; the date under which it is posted.
    #[serde(deserialize_with = "calendar::date")]
    pub period_end: Date,
    /// When it is due, if RIVET says so itself.
    #[serde(
        default,
        deserialize_with = "calendar::optional_date",
        skip_serializing_if = "Option::is_none"
    )]
    pub due_date: Option<Date>,
    /// Days from the period's end to the due date, used where `due_date` is missing.
    #[serde(
        default,
        deserialize_with = "calendar::terms",
        skip_serializing_if = "Option::is_none"
    )]
    pub payment_terms_days: Option<u32>,
    /// ISO 4217 code of all amounts.
    #[serde(deserialize_with = "text::currency")]
    pub currency: String,
    /// The contract billed.
    pub project: Project,
    /// Who is billed.
    pub customer: Customer,
    /// At least one line, each SOV item at most once.
    pub lines: Vec<SovLine>,
    /// What the lines add up to.
    pub totals: Totals,
}

/// What one item of the schedule of values adds to the bill in this period. Any amount may be negative: corrections,
/// stored material being installed, retainage given back as its rate steps down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SovLine {
    /// RIVET's id of the item.
    pub sov_item_id: Id,
    /// The item's number in the schedule, a label.
    #[serde(deserialize_with = "text::label::<_, 100>")]
    pub item_number: String,
    /// What the item is; may have several lines.
    #[serde(deserialize_with = "text::prose::<_, 8000>")]
    pub description: String,
    /// Work done in the period.
    #[serde(with = "amount")]
    pub work_completed: Decimal,
    /// Change of the material on site that is not installed yet.
    #[serde(with = "amount")]
    pub materials_stored: Decimal,
    /// Held back by the customer.
    #[serde(with = "amount")]
    pub retainage: Decimal,
}

/// The sums of a pay application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Work completed plus materials stored.
    #[serde(with = "amount")]
    pub billed: Decimal,
    /// Held back.
    #[serde(with = "amount")]
    pub retainage: Decimal,
    /// Due now: billed less retainage.
    #[serde(with = "amount")]
    pub net: Decimal,
}

/// A pay application no longer counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayAppVoid {
    /// Which one.
    pub pay_app_id: Id,
    /// Its revision at that moment.
    #[serde(deserialize_with = "calendar::ordinal")]
    pub revision: u32,
    /// The day from which it no longer counts.
    #[serde(deserialize_with = "calendar::date")]
    pub voided_on: Date,
}

impl SovLine {
    /// Work completed plus materials stored.
    #[must_use]
    pub fn billed(&self) -> Decimal {
        self.work_completed + self.materials_stored
    }

    /// What the line adds to the amount due now: billed less retainage.
    #[must_use]
    pub fn net(&self) -> Decimal {
        self.billed() - self.retainage
    }
}

impl Totals {
    /// What `lines` add up to.
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
    /// What a single field cannot tell; `at` is the path of the pay application in the body.
    pub(crate) fn check(&self, at: &str) -> Result<(), Invalid> {
        self.check_dates(at)?;
        self.check_lines(at)?;
        self.check_totals(at)
    }

    fn check_dates(&self, at: &str) -> Result<(), Invalid> {
        if self.period_end < self.period_start {
            return Err(Invalid::field(
                format!("{at}.period_end"),
                "must not be before the period's start",
            ));
        }
        // Billing ahead of the period's end is common, so only a date before the whole period cannot be meant.
        match self.due_date {
            Some(due) if due < self.period_start => Err(Invalid::field(
                format!("{at}.due_date"),
                "must not be before the period's start",
            )),
            _ => Ok(()),
        }
    }

    fn check_lines(&self, at: &str) -> Result<(), Invalid> {
        if self.lines.is_empty() {
            return Err(Invalid::field(
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
            Err(Invalid::field(
                format!("{at}.lines[{index}].sov_item_id"),
                problem,
            ))
        })
    }

    fn check_totals(&self, at: &str) -> Result<(), Invalid> {
        let (said, sum) = (self.totals, Totals::of(&self.lines));
        let checks = [
            ("billed", said.billed, sum.billed),
            ("retainage", said.retainage, sum.retainage),
            ("net", said.net, sum.net),
        ];
        let wrong = checks.into_iter().find(|(_, said, sum)| said != sum);
        wrong.map_or(Ok(()), |(name, said, sum)| {
            let problem = format!("is {said:.2}, but the lines add up to {sum:.2}");
            Err(Invalid::field(format!("{at}.totals.{name}"), problem))
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
    fn a_line_nets_what_it_bills_less_what_is_held_back() {
        let line = line("30000.00", "-12000.00", "1800.00");
        assert_eq!(
            (line.billed().to_string(), line.net().to_string()),
            ("18000.00".into(), "16200.00".into())
        );
    }

    #[test]
    fn totals_are_exact_over_many_lines() {
        let lines = vec![line("0.10", "0.20", "0.03"); 1000];
        let totals = serde_json::to_value(Totals::of(&lines)).unwrap();
        assert_eq!(
            totals,
            json!({"billed": "300.00", "retainage": "30.00", "net": "270.00"})
        );
    }

    #[test]
    fn the_largest_lines_do_not_overflow() {
        let lines = vec![line("99999999999.99", "99999999999.99", "-99999999999.99"); 5000];
        assert_eq!(Totals::of(&lines).net.to_string(), "1499999999999850.00");
    }
}
