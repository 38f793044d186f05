//! The sample firm's half year: fourteen events, and the balances that the books must show after each.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// One event and what follows from it.
#[derive(Clone, Debug)]
pub struct Step {
    /// The event's file, without its ending.
    pub name: &'static str,
    /// The event's body as RIVET sends it.
    pub body: &'static str,
    /// The balances after it.
    pub expected: Balances,
}

/// Balances by RIVET's ids. Retainage and revenue by project can be told from the books only where the
/// company tracks classes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Balances {
    /// What each customer owes.
    #[serde(rename = "accounts_receivable_by_customer")]
    pub receivable: BTreeMap<String, Decimal>,
    /// What is held back on each project.
    #[serde(rename = "retainage_by_project")]
    pub retainage: BTreeMap<String, Decimal>,
    /// What each project has earned.
    #[serde(rename = "revenue_by_project")]
    pub revenue: BTreeMap<String, Decimal>,
    /// Money received.
    pub deposits: Decimal,
    /// The accounts as a whole.
    pub totals: Totals,
}

/// Balances of whole accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Totals {
    /// Accounts Receivable.
    pub accounts_receivable: Decimal,
    /// Retainage.
    pub retainage: Decimal,
    /// Contract revenue.
    pub revenue: Decimal,
}

/// What the people and things of the story are called in QuickBooks, by RIVET's ids.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Customers by display name.
    pub customers: BTreeMap<String, String>,
    /// Projects by class name.
    pub classes: BTreeMap<String, String>,
}

macro_rules! events {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../fixtures/harbor-point/", $name, ".json")))),*]
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

const EXPECTED: &str = include_str!("../../../fixtures/harbor-point/expected.json");

/// The story, in order.
///
/// # Errors
/// If the fixtures do not belong together.
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
        "an event lacks its balances"
    );
    let pairs = EVENTS.into_iter().zip(expected.steps);
    pairs
        .map(|((name, body), after)| {
            anyhow::ensure!(
                after.after == format!("{name}.json"),
                "{name} lacks its balances"
            );
            Ok(Step {
                name,
                body,
                expected: after.balances,
            })
        })
        .collect()
}

/// What the story's people and projects are called.
///
/// # Errors
/// If an event is not JSON.
pub fn names() -> anyhow::Result<Names> {
    let mut names = Names::default();
    for (_, body) in EVENTS {
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
    fn every_event_has_its_balances_and_they_add_up() {
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
    fn everybody_in_the_story_has_a_name() {
        let names = names().unwrap();
        assert_eq!(names.customers["gc_turner_bay"], "Turner Bay Constructors");
        assert_eq!(names.classes["prj_1057"], "1057 Mill Street Clinic");
    }
}
