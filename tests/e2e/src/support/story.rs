//! Feeding events to a world and holding its books against what they should show.

use super::world::World;
use billing::{Event, ParsedEvent};
use bridge::accept_event::{Outcome, accept};
use futures::executor::block_on;
use host::demo::story::{self, Balances};
use host::demo::tie_out::Company;
use serde_json::Value;

impl World {
    /// Delivers an event and says what became of it.
    pub fn deliver(&self, body: &str) -> Outcome {
        let mut entropy = self.entropy();
        block_on(accept(&self.bridge, event(body), &mut entropy, || {
            self.now()
        }))
        .unwrap()
        .outcome
    }

    /// Delivers an event of the story with changes.
    pub fn deliver_changed(&self, name: &str, change: impl FnOnce(&mut Value)) -> Outcome {
        let mut event: Value = serde_json::from_str(body(name)).unwrap();
        change(&mut event["data"]);
        self.deliver(&event.to_string())
    }

    /// The books show these balances, to the cent.
    pub fn assert_ties_out(&self, expected: &Balances, classes: bool, after: &str) {
        let (accounts, names) = (self.accounts(), story::names().unwrap());
        let simulator = self.simulator();
        let company = Company {
            simulator: &simulator,
            realm: &self.realm,
            accounts: &accounts,
            names: &names,
            tracks_classes: classes,
        };
        let off = company.tie_out(expected);
        let off: Vec<_> = off
            .iter()
            .filter(|row| !row.difference().is_zero())
            .collect();
        assert!(off.is_empty(), "after {after}: {off:#?}");
    }
}

/// An event as it is understood.
pub fn event(body: &str) -> Event {
    match billing::parse(body.as_bytes()) {
        Ok(ParsedEvent::Known(event)) => event,
        _ => panic!("not an event: {body}"),
    }
}

/// The story's void, of another pay app.
pub fn void_of(pay_app: &str) -> String {
    body("12").replace("pa_1057_2", pay_app)
}

/// An event of the story.
pub fn body(name: &str) -> &'static str {
    let story = story::harbor_point().unwrap();
    story
        .iter()
        .find(|step| step.name.starts_with(name))
        .map(|step| step.body)
        .expect(name)
}
