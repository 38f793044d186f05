//! A contractor's year: 19 events and two closed periods, and the balances that the books must show after each.

use crate::story::{self, Balances, Names, Totals};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::json;
use simulator::Simulator;
use std::collections::BTreeMap;

/// An act of the year, and the balances that it leads to.
#[derive(Clone, Debug)]
pub struct Step {
    /// The name of the step. An event's file has the same name.
    pub name: String,
    /// The act.
    pub act: Act,
    /// The balances in QuickBooks after the act.
    pub expected: Balances,
    /// The retainage that RIVET holds after the act, by project.
    pub held: BTreeMap<String, Decimal>,
}

/// An act of the year.
#[derive(Clone, Debug)]
pub enum Act {
    /// RIVET sends an event with this body.
    Event(&'static str),
    /// The bookkeeper closes the books through this day.
    CloseBooks(Date),
}

/// The year of a firm.
#[derive(Clone, Debug)]
pub struct Year {
    /// The retainage that was withheld before RIVET, by project.
    pub opening: BTreeMap<String, Decimal>,
    /// The acts in order.
    pub steps: Vec<Step>,
}

macro_rules! events {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../fixtures/contractor-year/", $name, ".json")))),*]
    };
}

const EVENTS: [(&str, &str); 19] = events![
    "01-project-created",
    "02-project-created",
    "03-pay-app-approved",
    "04-pay-app-approved",
    "05-payment-recorded",
    "06-pay-app-approved",
    "07-pay-app-approved",
    "08-pay-app-approved",
    "09-payment-recorded",
    "11-pay-app-voided",
    "12-pay-app-approved",
    "13-payment-recorded",
    "15-payment-voided",
    "16-payment-recorded",
    "17-retainage-released",
    "18-payment-recorded",
    "19-retainage-released",
    "20-retainage-release-voided",
    "21-retainage-released",
];

const EXPECTED: &str = include_str!("../../fixtures/contractor-year/expected.json");

#[derive(Deserialize)]
struct Expected {
    opening_retainage: BTreeMap<String, Decimal>,
    steps: Vec<After>,
}

#[derive(Deserialize)]
struct After {
    after: String,
    close_books_through: Option<Date>,
    accounts_receivable_by_customer: BTreeMap<String, Decimal>,
    retainage_by_project: BTreeMap<String, Decimal>,
    revenue_by_project: BTreeMap<String, Decimal>,
    billed_on_release_revenue_by_project: BTreeMap<String, Decimal>,
    deposits: Decimal,
}

impl After {
    /// Returns the balances in QuickBooks. With `billed_on_release` nothing is on the retainage account.
    fn balances(&self, method: &str) -> Balances {
        let (retainage, revenue) = match method {
            "billed_on_release" => (
                BTreeMap::new(),
                self.billed_on_release_revenue_by_project.clone(),
            ),
            _ => (
                self.retainage_by_project.clone(),
                self.revenue_by_project.clone(),
            ),
        };
        let receivable = self.accounts_receivable_by_customer.clone();
        let totals = Totals {
            accounts_receivable: receivable.values().sum(),
            retainage: retainage.values().sum(),
            revenue: revenue.values().sum(),
        };
        Balances {
            receivable,
            retainage,
            revenue,
            deposits: self.deposits,
            totals,
        }
    }

    fn step(self, method: &str) -> anyhow::Result<Step> {
        let expected = self.balances(method);
        let event = EVENTS.iter().find(|(name, _)| *name == self.after);
        let act = match (event, self.close_books_through) {
            (Some((_, body)), None) => Act::Event(body),
            (None, Some(through)) => Act::CloseBooks(through),
            _ => anyhow::bail!("{} is no event and closes no books", self.after),
        };
        Ok(Step {
            name: self.after,
            act,
            expected,
            held: self.retainage_by_project,
        })
    }
}

/// Returns the year of a firm with this retainage method.
///
/// # Errors
/// Fails if the expected balances do not match the events.
pub fn contractor_year(method: &str) -> anyhow::Result<Year> {
    let expected: Expected = serde_json::from_str(EXPECTED)?;
    let steps = expected.steps.into_iter().map(|after| after.step(method));
    Ok(Year {
        opening: expected.opening_retainage,
        steps: steps.collect::<anyhow::Result<_>>()?,
    })
}

/// Returns the names of the year's customers and projects.
///
/// # Errors
/// Fails if an event is not JSON.
pub fn names() -> anyhow::Result<Names> {
    story::names_in(EVENTS.into_iter().map(|(_, body)| body))
}

/// Enters what the books held before RIVET: the customer and class of the project that began earlier, and its retainage.
///
/// # Errors
/// Fails if the company or one of its accounts does not exist.
pub fn enter_opening(simulator: &mut Simulator, realm: &str) -> anyhow::Result<()> {
    let account = |name| {
        let found = simulator.find(realm, "Account", name);
        found.ok_or_else(|| anyhow::anyhow!("the company has no account {name}"))
    };
    let retainage = account("Retainage Receivable")?;
    let equity = account("Opening Balance Equity")?;
    let opening = contractor_year("journal_entry")?.opening;
    let mut person = simulator.person(realm).map_err(anyhow::Error::msg)?;
    let mut create = |kind, body| person.create(kind, body).map_err(anyhow::Error::msg);
    let customer = create("Customer", json!({"DisplayName": "Granite Peak Builders"}))?;
    let class = create("Class", json!({"Name": "2101 Riverside Library"}))?;
    let amount: Decimal = opening.values().sum();
    let line = |side: &str, account: &str| {
        json!({
            "DetailType": "JournalEntryLineDetail", "Amount": serde_json::Number::from_string_unchecked(amount.to_string()),
            "JournalEntryLineDetail": {
                "PostingType": side, "AccountRef": {"value": account}, "ClassRef": {"value": class},
                "Entity": {"Type": "Customer", "EntityRef": {"value": customer}},
            },
        })
    };
    let lines = [line("Debit", &retainage), line("Credit", &equity)];
    let entry = json!({"DocNumber": "OPEN-2101", "TxnDate": "2025-12-31", "Line": lines});
    create("JournalEntry", entry).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn year_plays_every_event_and_closes_twice() {
        let year = contractor_year("journal_entry").unwrap();
        let closings = |step: &&Step| matches!(step.act, Act::CloseBooks(_));
        assert_eq!(year.steps.iter().filter(closings).count(), 2);
        assert_eq!(year.steps.len(), EVENTS.len() + 2);
    }

    #[test]
    fn methods_agree_on_receivable_and_money() {
        let [entry, release] = ["journal_entry", "billed_on_release"]
            .map(|method| contractor_year(method).unwrap().steps);
        for (one, other) in entry.iter().zip(&release) {
            assert_eq!(one.expected.receivable, other.expected.receivable);
            assert_eq!(one.expected.deposits, other.expected.deposits);
            assert!(other.expected.totals.retainage.is_zero());
        }
    }

    #[test]
    fn revenue_differs_by_what_is_held() {
        let [entry, release] =
            ["journal_entry", "billed_on_release"].map(|method| contractor_year(method).unwrap());
        let opening: Decimal = entry.opening.values().sum();
        for (one, other) in entry.steps.iter().zip(&release.steps) {
            let held = one.held.values().sum::<Decimal>() - opening;
            let difference = one.expected.totals.revenue - other.expected.totals.revenue;
            assert_eq!(difference, held, "{}", one.name);
        }
    }
}
