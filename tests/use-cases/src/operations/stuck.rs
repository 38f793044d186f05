//! Work that is stuck: dead letters are read again, and documents in doubt are listed, oldest first.

use crate::support::usual_bill::USUAL;
use crate::support::world::World;
use bridge::operations::{dead_letters, uncertain};
use futures::executor::block_on;
use jiff::SignedDuration;
use serde_json::{Value, json};
use simulator::{Commit, Effect, Injection, RequestKind};
use store::inbox::dead_letters::DeadLetter;

impl World {
    fn uncertain_documents(&self) -> Value {
        let found = block_on(uncertain::list(&self.services.store, || true)).unwrap();
        serde_json::to_value(found).unwrap()
    }

    fn dead_letters(&self) -> Value {
        let found = block_on(dead_letters::list(&self.services.store)).unwrap();
        serde_json::to_value(found).unwrap()["dead_letters"].take()
    }

    fn replay(&self, id: &str) -> Value {
        let replayed = dead_letters::replay_one(&self.services.store, id, self.now());
        serde_json::to_value(block_on(replayed).unwrap()).unwrap()
    }
}

#[test]
fn documents_in_doubt_are_listed_oldest_first() {
    let world = World::configured();
    world.lose_bill(Commit::After);
    world.advance(SignedDuration::from_mins(3));
    let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Write);
    world.simulator().inject(lost);
    world.bill_next(2, USUAL);
    let found = world.uncertain_documents();
    assert_eq!(
        (&found["total"], &found["complete"]),
        (&json!(2), &json!(true))
    );
    let ids = [0, 1].map(|at| found["documents"][at]["document"]["id"].clone());
    assert_eq!(ids, ["pa_1", "pa_2"]);
    assert_eq!(found["documents"][0]["firm"], "firm_harbor");
    assert!(found["documents"][0]["since"].is_string());
    world.run_schedules(10, SignedDuration::from_mins(2));
    assert_eq!(world.uncertain_documents()["total"], 0);
}

#[test]
fn dead_letter_is_replayed_once_readable() {
    let world = World::connected();
    world.receive_delivery("<xml/>");
    let letters = world.dead_letters();
    assert_eq!(
        (&letters[0]["body"], &letters[0]["length"]),
        (&json!("<xml/>"), &json!(6))
    );
    let id = letters[0]["id"].as_str().unwrap();
    assert_eq!(world.replay(id)["outcome"], "unreadable");
    assert_eq!(world.replay("unknown"), Value::Null);
    // An earlier version stored this delivery because it could not read it.
    let body = json!({ "eventNotifications": [{ "realmId": world.realm, "dataChangeEvent": { "entities": [
        { "name": "Invoice", "id": "7", "operation": "Update", "lastUpdated": world.now().to_string() },
    ] } }] });
    let letter = DeadLetter::new(body.to_string().as_bytes(), "odd", world.now());
    block_on(world.services.store.add_dead_letter(&letter)).unwrap();
    assert_eq!(world.replay(&letter.mark)["outcome"], "read");
    assert_eq!(world.dead_letters().as_array().unwrap().len(), 1);
    let inbox = block_on(world.services.store.inbox(&world.firm, &world.realm)).unwrap();
    assert!(inbox.has_work());
}
