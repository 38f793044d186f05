//! The sample firm's half year: 14 events, and the balances that the books must show after each.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// An event, and the balances that it leads to.
#[derive(Clone, Debug)]
pub struct Step {
    /// The name of the event's file, without `.json`.
    pub name: &'static str,
    /// The body of the event as RIVET sends it.
    pub body: &'static str,
    /// The balances after the event.
    pub expected: Balances,
}

/// Balances by RIVET's ids. The books show retainage and revenue by project only if the company tracks classes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Balances {
    /// The receivable of each customer.
    #[serde(rename = "accounts_receivable_by_customer")]
    pub receivable: BTreeMap<String, Decimal>,
    /// The retainage that is held on each project.
    #[serde(rename = "retainage_by_project")]
    pub retainage: BTreeMap<String, Decimal>,
    /// The revenue of each project.
    #[serde(rename = "revenue_by_project")]
    pub revenue: BTreeMap<String, Decimal>,
    /// The money received.
    pub deposits: Decimal,
    /// The balances of whole accounts.
    pub totals: Totals,
}

impl Balances {
    /// Returns the balances of a firm that bills retainage on release. Its books have nothing of what is held: neither retainage nor revenue.
    #[must_use]
    pub fn billed_on_release(mut self) -> Self {
        for (project, held) in std::mem::take(&mut self.retainage) {
            *self.revenue.entry(project).or_default() -= held;
        }
        self.totals.revenue -= std::mem::take(&mut self.totals.retainage);
        self
    }
}

/// Balances of whole accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Totals {
    /// The account Accounts Receivable.
    pub accounts_receivable: Decimal,
    /// The retainage account.
    pub retainage: Decimal,
    /// The contract revenue account.
    pub revenue: Decimal,
}

/// The names of the story's customers and projects in QuickBooks, by RIVET's ids.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The display name of each customer.
    pub customers: BTreeMap<String, String>,
    /// The class name of each project.
    pub classes: BTreeMap<String, String>,
}

macro_rules! events {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../fixtures/harbor-point/", $name, ".json")))),*]
    };
}

const EVENTS: [(&str, &str); 14] = events![
    "01-project-created",
    "02-project-created",
    "03-pay-app-approved",
    "04-pay-app-approved",
    "05-payment-recorded",
    "06-pay-app-revised",
    "07-pay-app-approved",
    "08-pay-app-approved",
    "09-retainage-released",
    "10-payment-recorded",
    "11-pay-app-approved",
    "12-pay-app-voided",
    "13-pay-app-approved",
    "14-retainage-released",
];

const EXPECTED: &str = include_str!("../../fixtures/harbor-point/expected.json");

/// Returns the events in order.
///
/// # Errors
/// Fails if the expected balances do not match the events.
pub fn harbor_point() -> anyhow::Result<Vec<Step>> {
    #[derive(Deserialize)]
    struct Expected {
        steps: Vec<After>,
    }
    #[derive(Deserialize)]
    struct After {
        after: String,
        #[serde(flatten)]
        balances: Balances,
    }
    let expected: Expected = serde_json::from_str(EXPECTED)?;
    anyhow::ensure!(
        expected.steps.len() == EVENTS.len(),
        "the number of events and of expected balances differs"
    );
    let pairs = EVENTS.into_iter().zip(expected.steps);
    pairs
        .map(|((name, body), after)| {
            anyhow::ensure!(
                after.after == format!("{name}.json"),
                "{name} has no expected balances"
            );
            Ok(Step {
                name,
                body,
                expected: after.balances,
            })
        })
        .collect()
}

/// Returns the names of the story's customers and projects.
///
/// # Errors
/// Fails if an event is not JSON.
pub fn names() -> anyhow::Result<Names> {
    names_in(EVENTS.into_iter().map(|(_, body)| body))
}

/// Returns the names of the customers and projects in the bodies of events.
pub(crate) fn names_in(bodies: impl Iterator<Item = &'static str>) -> anyhow::Result<Names> {
    let mut names = Names::default();
    for body in bodies {
        let event: Value = serde_json::from_str(body)?;
        let data = &event["data"];
        for part in [data, &data["pay_app"], &data["release"], &data["payment"]] {
            if let (Some(id), Some(name)) = (
                text(&part["customer"], "id"),
                text(&part["customer"], "name"),
            ) {
                names.customers.insert(id, name);
            }
            if let (Some(id), Some(number)) = (
                text(&part["project"], "id"),
                text(&part["project"], "number"),
            ) {
                let name = text(&part["project"], "name").unwrap_or_default();
                names.classes.insert(id, format!("{number} {name}"));
            }
        }
    }
    Ok(names)
}

fn text(value: &Value, field: &str) -> Option<String> {
    value[field].as_str().map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expected_balances_add_up_to_totals() {
        let story = harbor_point().unwrap();
        assert_eq!(story.len(), 14);
        for step in story {
            let Balances {
                receivable,
                retainage,
                revenue,
                totals,
                ..
            } = &step.expected;
            let sum = |part: &BTreeMap<String, Decimal>| part.values().sum::<Decimal>();
            assert_eq!(sum(receivable), totals.accounts_receivable, "{}", step.name);
            assert_eq!(sum(retainage), totals.retainage, "{}", step.name);
            assert_eq!(sum(revenue), totals.revenue, "{}", step.name);
        }
    }

    #[test]
    fn story_names_customers_and_classes() {
        let names = names().unwrap();
        assert_eq!(names.customers["gc_turner_bay"], "Turner Bay Constructors");
        assert_eq!(names.classes["prj_1057"], "1057 Mill Street Clinic");
    }
}
