//! Request ids, where Intuit answers a whole batch again by its id, look-ups too.

use crate::support::world::World;
use mapping::SyncMode;
use serde_json::{Value, json};
use simulator::{BatchReplay, Commit, Effect, Injection, RequestKind, Switches};

/// Returns a world that waits for Sync Now, whose company has these customers.
pub fn manual_world(customers: &[&str]) -> World {
    let world = World::configured();
    world.simulator().switches_mut().batch_replay = BatchReplay::Whole;
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    for name in customers {
        world.enter("Customer", json!({ "DisplayName": name }));
    }
    world
}

/// Delivers a pay app of a project and a customer of its own.
pub fn deliver_own(world: &World, n: usize, name: &str) {
    world.deliver_changed("03", |data| {
        let pay_app = &mut data["pay_app"];
        pay_app["id"] = json!(format!("pa_own_{n}"));
        pay_app["customer"] = json!({ "id": format!("gc_own_{n}"), "name": name });
        pay_app["project"] =
            json!({ "id": format!("prj_own_{n}"), "number": format!("7{n}"), "name": "Pier" });
    });
}

/// Returns the names of the customers of all invoices, in order.
pub fn billed(world: &World) -> Vec<String> {
    let simulator = world.simulator();
    let invoices = simulator.entities(&world.realm, "Invoice");
    let customer = |invoice: &Value| invoice["CustomerRef"]["name"].as_str().unwrap().to_owned();
    invoices.map(customer).collect()
}

#[test]
fn each_bill_names_its_own_customer() {
    let names = ["Abel", "Birch", "Cole", "Dunn", "Eads", "Ford"];
    let world = manual_world(&names);
    for three in [0..3, 3..6] {
        for n in three {
            deliver_own(&world, n, names[n]);
        }
        assert_eq!(world.press_sync_now().posted, 3);
    }
    assert_eq!(billed(&world), names);
}

#[test]
fn renamed_customer_is_looked_up_anew() {
    let world = manual_world(&["Abel", "Birch"]);
    deliver_own(&world, 0, "Gray");
    deliver_own(&world, 1, "Hale");
    world.save_settings(|settings| settings.customers.auto_create = false);
    assert_eq!(world.press_sync_now().posted, 0);
    for name in ["Gray", "Hale"] {
        world.enter("Customer", json!({ "DisplayName": name }));
    }
    assert_eq!(world.press_sync_now().posted, 2);
    assert_eq!(billed(&world), ["Gray", "Hale"]);
}

/// The first answer names the refusal of both creations. The same creations are sent again under another id.
#[test]
fn refused_creations_are_not_answered_again() {
    let world = manual_world(&[]);
    deliver_own(&world, 0, "Gray");
    deliver_own(&world, 1, "Hale");
    for index in 0..2 {
        let refused = Effect::Item {
            index,
            code: "6000".into(),
            message: "A business validation error has occurred".into(),
            detail: "The customer list is locked.".into(),
        };
        let refusal = Injection::new(refused).kind(RequestKind::Batch);
        world
            .simulator()
            .inject(refusal.body_containing("\"Customer\":"));
        world.press_sync_now();
    }
    for _ in 0..3 {
        world.press_sync_now();
    }
    let mut billed = billed(&world);
    billed.sort();
    assert_eq!(billed, ["Gray", "Hale"]);
    assert_eq!(world.count("Customer"), 2);
}

/// The rest of a batch that was cut off goes out under the id of the batch, with the ids of its items.
#[test]
fn resent_rest_of_batch_posts_each_once() {
    let world = manual_world(&["Abel", "Birch", "Cole"]);
    for (n, name) in ["Abel", "Birch", "Cole"].into_iter().enumerate() {
        deliver_own(&world, n, name);
    }
    let cut_off = Effect::Partial {
        items: 3,
        then: Box::new(Effect::Dropped(Commit::Before)),
    };
    let cut_off = Injection::new(cut_off).body_containing("JournalEntry");
    world.simulator().inject(cut_off);
    assert_eq!(world.press_sync_now().posted, 0);
    (0..3).for_each(|_| world.run_next_sync());
    assert_eq!(world.invoices_and_entries(), (3, 3));
}

/// Intuit repeats its first answer to the batch, which says nothing about one item, or refuses the smaller batch.
#[test]
fn item_left_open_by_batch_is_sent_alone() {
    for refuses_changed in [false, true] {
        for commit in [Commit::Before, Commit::After] {
            let world = manual_world(&["Abel", "Birch"]);
            let switches = Switches {
                batch_replay: BatchReplay::WholeWithWrites,
                should_refuse_changed_replay: refuses_changed,
                ..Switches::default()
            };
            *world.simulator().switches_mut() = switches;
            deliver_own(&world, 0, "Abel");
            deliver_own(&world, 1, "Birch");
            let open = Effect::ItemInternalError { index: 2, commit };
            let open = Injection::new(open).body_containing("JournalEntry");
            world.simulator().inject(open);
            assert_eq!(world.press_sync_now().posted, 1);
            world.run_half_minutes(12);
            assert_eq!(world.invoices_and_entries(), (2, 2));
            for n in 0..2 {
                assert_eq!(world.view(&format!("pa_own_{n}"))["state"], "posted");
            }
        }
    }
}

#[test]
fn two_firms_with_equal_ids_share_no_request() {
    let mut world = manual_world(&["Abel"]);
    let realm = world.realm.clone();
    deliver_own(&world, 0, "Gray");
    world.press_sync_now();
    let other = simulator::Company::new("Second Electric LLC");
    let second = world.simulator().add_company(other);
    world.realm.clone_from(&second);
    world.as_firm("firm_second", |world| {
        world.connect();
        world.save_settings(|_| {});
        let event = |data: &mut Value| data["firm_id"] = json!("firm_second");
        world.deliver_changed("03", event);
    });
    assert_eq!(billed(&world).len(), 1);
    world.realm = realm;
    assert_eq!(billed(&world), ["Gray"]);
}
