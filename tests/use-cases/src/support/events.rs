//! Delivers events to a world and compares its books with the expected balances.

use super::world::World;
use billing::{Event, ParsedEvent};
use bridge::accept_event::{Outcome, accept};
use futures::executor::block_on;
use samples::story::{self, Balances};
use samples::tie_out::Company;
use serde_json::Value;

/// The balances that are compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TieOut {
    Totals,
    /// Balances by project need a company that tracks classes.
    TotalsAndProjects,
}

impl World {
    /// Delivers an event and returns its outcome.
    pub fn deliver(&self, body: &str) -> Outcome {
        let mut entropy = self.entropy();
        block_on(accept(
            &self.services,
            parse_event(body),
            &mut entropy,
            || self.now(),
        ))
        .unwrap()
        .outcome
    }

    /// Delivers a changed event of the sample project.
    pub fn deliver_changed(&self, name: &str, change: impl FnOnce(&mut Value)) -> Outcome {
        let mut event: Value = serde_json::from_str(event_body(name)).unwrap();
        change(&mut event["data"]);
        self.deliver(&event.to_string())
    }

    /// Asserts that the books show these balances, to the cent.
    pub fn assert_ties_out(&self, expected: &Balances, scope: TieOut, after: &str) {
        let (accounts, names) = (self.accounts(), story::names().unwrap());
        let simulator = self.simulator();
        let company = Company {
            simulator: &simulator,
            realm: &self.realm,
            accounts: &accounts,
            names: &names,
            tracks_classes: scope == TieOut::TotalsAndProjects,
        };
        let rows = company.tie_out(expected);
        let different: Vec<_> = rows
            .iter()
            .filter(|row| !row.difference().is_zero())
            .collect();
        assert!(different.is_empty(), "after {after}: {different:#?}");
    }
}

/// Parses an event.
pub fn parse_event(body: &str) -> Event {
    match billing::parse(body.as_bytes()) {
        Ok(ParsedEvent::Known(event)) => event,
        _ => panic!("not an event: {body}"),
    }
}

/// Returns the void event of the sample project for another pay app.
pub fn void_event(pay_app: &str) -> String {
    event_body("12").replace("pa_1057_2", pay_app)
}

/// Returns the body of an event of the sample project. The name begins with its number.
pub fn event_body(name: &str) -> &'static str {
    let story = story::harbor_point().unwrap();
    story
        .iter()
        .find(|step| step.name.starts_with(name))
        .map(|step| step.body)
        .expect(name)
}
