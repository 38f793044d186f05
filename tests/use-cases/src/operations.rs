//! The operator's use cases: erasure and export of a firm, keys, figures, and what is stuck.

mod crash_leftovers;
mod erasing;
mod exporting;
mod keys;
mod metrics;
mod queue_leftovers;
mod sign_ins;
mod stuck;

use crate::support::connections::SignInResult;
use crate::support::usual_bill::{USUAL, pay_app};
use crate::support::world::World;
use bridge::accept_event::Outcome;
use bridge::operations::erase::Eraser;
use futures::executor::block_on;
use jiff::SignedDuration;
use serde_json::{Value, json};
use simulator::Company;
use std::cell::Cell;

const REVOKE: &str = "https://developer.api.intuit.com";

/// The names that only the records of the first firm have.
const OWN_NAMES: [&str; 4] = ["firm_harbor", "only_here", "Only Here", "Harbor Electric"];

/// Returns a world with two connected firms. Both have bills; the first has every kind of record that a firm can have.
fn two_firms() -> World {
    let mut world = World::configured();
    let realm = world
        .simulator()
        .add_company(Company::new("Otter Plumbing"));
    let first = std::mem::replace(&mut world.realm, realm);
    world.as_firm("firm_otter", |world| {
        assert_eq!(world.connect(), SignInResult::Connected);
        world.save_settings(|_| {});
        assert_eq!(world.bill(), Outcome::Posted);
    });
    world.realm = first;
    let own = json!({ "id": "gc_only_here", "name": "Only Here Builders" });
    world.deliver_data("customer.updated", json!({ "customer": own }));
    let idle = json!({ "id": "gc_only_here_2", "name": "Only Here Idle" });
    world.deliver_data("customer.updated", json!({ "customer": idle }));
    for number in 1..=70 {
        world.deliver_pay_app("pay_app.approved", &own_bill(number));
    }
    world.run_schedules(4, SignedDuration::from_mins(2));
    let mut revised = own_bill(1);
    revised["revision"] = json!(2);
    world.deliver_pay_app("pay_app.revised", &revised);
    world.deliver_data(
        "retainage.released",
        json!({ "release": {
        "id": "rel_only_here", "released_on": "2026-06-15", "amount": "100.00",
        "project": own_bill(1)["project"], "customer": own_bill(1)["customer"],
    } }),
    );
    world.pay("pa_only_here_2", "43650.00");
    world.advance(SignedDuration::from_mins(5));
    block_on(bridge::checkup::checkup(
        &world.services,
        &world.firm,
        world.claimant(),
    ))
    .unwrap();
    block_on(reconciliation::tie_out::tie_out(
        &world.services,
        &world.firm,
        world.claimant(),
    ))
    .unwrap();
    let delivery = format!("{{\"realmId\":\"{}\"", world.realm);
    world.receive_delivery(&delivery);
    world
}

/// Returns a bill whose ids and names no other firm has.
fn own_bill(number: u32) -> Value {
    let mut bill = pay_app(number, USUAL);
    bill["id"] = json!(format!("pa_only_here_{number}"));
    bill["project"] = json!({ "id": "prj_only_here", "number": "77", "name": "Only Here Tower" });
    bill["customer"] = json!({ "id": "gc_only_here", "name": "Only Here Builders" });
    bill
}

impl World {
    fn receive_delivery(&self, body: &str) {
        let store = &self.services.store;
        block_on(inbound::webhook_intake::receive(
            store,
            body.as_bytes(),
            self.now(),
        ))
        .unwrap();
    }

    /// Sends the order to erase the firm. At most so many records are removed.
    fn erase(&self, steps: usize) -> Value {
        let left = Cell::new(steps);
        let owner = self.entropy().token();
        let eraser = Eraser {
            auth: &self.services.auth(),
            revoke_origin: REVOKE,
            claimant: store::Claimant {
                owner: &owner,
                now: self.now(),
            },
            has_time: || {
                let before = left.get();
                left.set(before.saturating_sub(1));
                before > 0
            },
        };
        serde_json::to_value(block_on(eraser.erase(&self.firm)).unwrap()).unwrap()
    }

    /// Returns the keys whose key or value has one of these texts.
    fn keys_with(&self, texts: &[&str]) -> Vec<String> {
        let has = |bytes: &[u8], text: &str| {
            let mut parts = bytes.windows(text.len());
            parts.any(|part| part == text.as_bytes())
        };
        let content = self.memory.content().into_iter();
        let found = content.filter(|(key, value)| {
            let mut texts = texts.iter();
            texts.any(|text| has(key.as_bytes(), text) || has(value, text))
        });
        found.map(|(key, _)| key).collect()
    }
}
