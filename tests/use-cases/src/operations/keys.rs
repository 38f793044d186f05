//! Keys: their use is counted, and a rotation ends with no record that needs the old one.

use crate::support::usual_bill::{USUAL, pay_app};
use crate::support::world::{TestServices, World};
use bridge::operations::keys::KeyRun;
use bridge::views;
use futures::executor::block_on;
use jiff::SignedDuration;
use serde_json::{Value, json};
use simulator::Company;

fn report(instance: &TestServices, keys: &[&str], rotates: bool) -> Value {
    let configured: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
    let run = KeyRun {
        configured: &configured,
        has_time: || true,
    };
    let store = &instance.store;
    let report = block_on(async {
        match rotates {
            true => run.rotate(store).await,
            false => run.count(store).await,
        }
    });
    serde_json::to_value(report.unwrap()).unwrap()
}

/// Returns a world with a connected firm and one that is disconnected, whose revocation is still open.
fn world() -> World {
    let mut world = World::configured();
    let realm = world
        .simulator()
        .add_company(Company::new("Otter Plumbing"));
    let first = std::mem::replace(&mut world.realm, realm);
    world.as_firm("firm_otter", |world| {
        world.connect();
        let down = simulator::Injection::new(simulator::Effect::Unavailable);
        world
            .simulator()
            .inject(down.path_containing("/tokens/revoke"));
        assert!(world.disconnect().revocation.is_some());
    });
    world.realm = first;
    world
}

#[test]
fn key_report_counts_records_of_each_key() {
    let world = world();
    let before = world.memory.content();
    let instance = world.new_instance_with_keys(&["k2", "k1"]);
    let found = report(&instance, &["k2", "k1"], false);
    assert_eq!(
        found,
        json!({ "keys": [
            { "id": "k2", "seals": true, "configured": true, "records": 0 },
            { "id": "k1", "seals": false, "configured": true, "records": 2 },
        ], "remaining": 2, "complete": true })
    );
    assert_eq!(world.memory.content(), before, "counting changes nothing");
    let retired = report(&world.new_instance_with_keys(&["k2"]), &["k2"], false);
    assert_eq!(retired["keys"][1]["configured"], false);
}

#[test]
fn key_rotation_under_load_needs_no_old_key() {
    let world = world();
    let keys = ["k2", "k1"];
    let rotated = world.new_instance_with_keys(&keys);
    for number in 1..=6 {
        world.deliver_pay_app("pay_app.approved", &pay_app(number, USUAL));
        let found = report(&rotated, &keys, true);
        assert_eq!(found["remaining"], 0, "{found}");
        world.advance(SignedDuration::from_mins(50));
        // An instance that has the old key first still serves requests meanwhile.
        let late = world.new_instance_with_keys(&["k1", "k2"]);
        world.refresh_tokens_by(&late);
    }
    let found = report(&rotated, &keys, true);
    assert_eq!(
        (&found["remaining"], &found["keys"][1]["records"]),
        (&json!(0), &json!(0))
    );
    let retired = world.new_instance_with_keys(&["k2"]);
    for firm in ["firm_harbor", "firm_otter"] {
        let connection = block_on(retired.store.connection(&firm.parse().unwrap())).unwrap();
        assert!(connection.company.is_some(), "{firm}");
    }
    world.advance(SignedDuration::from_mins(50));
    assert_eq!(world.refresh_tokens_by(&retired).refreshed, 1);
}

#[test]
fn rotation_without_old_key_counts_what_is_lost() {
    let world = world();
    let retired = world.new_instance_with_keys(&["k2"]);
    let found = report(&retired, &["k2"], true);
    assert_eq!(found["remaining"], 2);
}

#[test]
fn status_needs_no_key() {
    let world = world();
    let without_keys = world.new_instance_with_keys(&[]);
    let session = world.session();
    let status = block_on(views::status(&without_keys.store, &session, world.now()));
    let status = serde_json::to_value(status.unwrap()).unwrap();
    assert_eq!(status["status"], "connected");
    assert_eq!(status["company"]["realm_id"], world.realm.as_str());
    assert!(status["grant_expires_at"].is_string());
}

#[test]
fn offered_company_shows_without_key() {
    let world = World::new(crate::support::world::WorldOptions::default());
    world.offer();
    let without_keys = world.new_instance_with_keys(&[]);
    let session = world.session();
    let status = block_on(views::status(&without_keys.store, &session, world.now()));
    let status = serde_json::to_value(status.unwrap()).unwrap();
    assert_eq!(status["pending_sign_in"]["company"], "Harbor Electric LLC");
}
