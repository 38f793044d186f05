//! Matching: a document is posted to a customer, a class and items of the company.

use crate::support::events::{event_body, void_event};
use crate::support::world::World;
use bridge::accept_event::Outcome;
use jiff::SignedDuration;
use serde_json::{Value, json};
use simulator::{Commit, Effect, Injection, RequestKind};

/// Enters a customer and returns its id.
fn enter_customer(world: &World, name: &str) -> String {
    world.enter("Customer", json!({ "DisplayName": name }))
}

fn set_active(world: &World, kind: &str, id: &str, active: bool) {
    world
        .person(|person| person.set_active(kind, id, active))
        .unwrap();
}

/// Delivers the first pay app for a customer of this name.
fn bill(world: &World, name: &str) -> Outcome {
    world.deliver_changed("03", |data| {
        data["pay_app"]["customer"] = json!({"id": "gc_1", "name": name});
    })
}

/// Delivers a later pay app for the same customer and project.
fn bill_again(world: &World) -> Outcome {
    world.deliver_changed("03", |data| {
        let app = &mut data["pay_app"];
        app["customer"] = json!({"id": "gc_1", "name": "Turner Bay"});
        (app["id"], app["number"]) = (json!("pa_again"), json!(9));
    })
}

/// Returns the full names of all entities of a kind.
fn names(world: &World, kind: &str) -> Vec<String> {
    let simulator = world.simulator();
    let entities = simulator.entities(&world.realm, kind);
    let name = |entity: &Value| entity["FullyQualifiedName"].as_str().unwrap().to_owned();
    entities.map(name).collect()
}

/// Returns the id in this field of each entity of a kind.
fn references(world: &World, kind: &str, pointer: &str) -> Vec<String> {
    let simulator = world.simulator();
    let entities = simulator.entities(&world.realm, kind);
    let id = |entity: &Value| {
        entity
            .pointer(pointer)
            .and_then(|id| id.as_str().map(str::to_owned))
    };
    entities.filter_map(id).collect()
}

/// Returns the customer of each invoice.
fn billed_customers(world: &World) -> Vec<String> {
    references(world, "Invoice", "/CustomerRef/value")
}

fn reason(world: &World, id: &str) -> Value {
    world.view(id)["reason"].clone()
}

fn reads(world: &World) -> usize {
    let simulator = world.simulator();
    let reads = simulator.traffic().iter();
    reads.filter(|seen| !seen.class.can_write()).count()
}

#[test]
fn customer_matches_exact_or_similar_name() {
    for (existing, wanted) in [
        ("Turner Bay", "TURNER BAY"),
        ("Turner-Bay, Inc.", "Turner Bay Incorporated"),
        ("O'Neil & Sons LLC", "ONeil and Sons, LLC"),
    ] {
        let world = World::configured();
        let id = enter_customer(&world, existing);
        assert_eq!(bill(&world, wanted), Outcome::Posted);
        assert_eq!(billed_customers(&world), [id], "{wanted}");
    }
}

#[test]
fn ambiguous_similar_name_creates_new_customer() {
    let world = World::configured();
    for name in ["Turner Bay Inc", "Turner Bay LLC"] {
        enter_customer(&world, name);
    }
    bill(&world, "Turner Bay");
    assert_eq!(names(&world, "Customer").len(), 3);
}

#[test]
fn colon_name_matches_job_or_loses_colon() {
    let world = World::configured();
    let parent = enter_customer(&world, "Turner");
    let job = json!({"DisplayName": "Bay", "Job": true, "ParentRef": {"value": parent}});
    let job = world.enter("Customer", job);
    bill(&world, "Turner: Bay");
    assert_eq!(billed_customers(&world), [job]);
    let world = World::configured();
    bill(&world, "Turner: Bay");
    assert_eq!(names(&world, "Customer"), ["Turner - Bay"]);
}

#[test]
fn address_alone_matches_no_customer() {
    let email = |address: &str| json!({ "Address": address });
    let world = World::configured();
    let body = json!({"DisplayName": "Turner Bay", "PrimaryEmailAddr": email("A.P+o'neil@turner.example")});
    world.enter("Customer", body);
    world.deliver_changed("03", |data| {
        let customer = json!({"id": "gc_1", "name": "TBC", "email": "a.p+o'neil@turner.example"});
        data["pay_app"]["customer"] = customer;
    });
    assert_eq!(names(&world, "Customer"), ["Turner Bay", "TBC"]);
    let detail = world.view("pa_1042_1")["attempts"][0]["detail"].clone();
    let suggestion = "An existing customer \"Turner Bay\" has this e-mail address.";
    assert!(detail.as_str().unwrap().starts_with(suggestion), "{detail}");
}

#[test]
fn first_match_costs_three_reads_next_none() {
    let world = World::configured();
    for number in 0..1001 {
        enter_customer(&world, &format!("Turner {number}"));
    }
    world.simulator().clear_traffic();
    world.deliver_changed("01", |data| {
        data["customer"] =
            json!({"id": "gc_1", "name": "Turner Bay", "email": "ap@turner.example"});
    });
    assert_eq!(reads(&world), 3);
    assert_eq!(names(&world, "Customer").len(), 1002);
    world.deliver(event_body("01"));
    world.simulator().clear_traffic();
    bill(&world, "Turner Bay");
    bill_again(&world);
    assert_eq!(reads(&world), 1, "only the item is read");
}

#[test]
fn inactive_customer_is_neither_reactivated_nor_duplicated() {
    let world = World::configured();
    let id = enter_customer(&world, "Turner Bay");
    set_active(&world, "Customer", &id, false);
    assert_eq!(bill(&world, "Turner Bay"), Outcome::Held);
    let reason = reason(&world, "pa_1042_1");
    assert_eq!(reason["code"], "customer_inactive");
    assert!(reason["message"].as_str().unwrap().contains("Turner Bay"));
    assert_eq!(names(&world, "Customer").len(), 1);
    set_active(&world, "Customer", &id, true);
    assert_eq!(world.press_sync_now().posted, 1);
    assert_eq!(billed_customers(&world), [id]);
}

#[test]
fn vendor_name_gets_suffix_and_is_reused() {
    let world = World::configured();
    world.enter("Vendor", json!({"DisplayName": "Turner Bay"}));
    bill(&world, "Turner Bay");
    // The owner of the name could be a customer that is not listed yet.
    assert_eq!(world.view("pa_1042_1")["state"], "uncertain");
    world.run_next_sync();
    assert_eq!(names(&world, "Customer"), ["Turner Bay (Customer)"]);
    world.deliver_changed("04", |data| {
        data["pay_app"]["customer"] = json!({"id": "gc_2", "name": "Turner Bay"});
    });
    world.run_next_sync();
    assert_eq!(names(&world, "Customer").len(), 1);
    assert_eq!(billed_customers(&world).len(), 2);
}

#[test]
fn inactive_match_holds_until_person_rematches() {
    let world = World::configured();
    bill(&world, "Turner Bay");
    let void = void_event("pa_1042_1");
    world.deliver(&void);
    let before = billed_customers(&world)[0].clone();
    set_active(&world, "Customer", &before, false);
    assert_eq!(bill_again(&world), Outcome::Held);
    let reason = reason(&world, "pa_again");
    assert_eq!(reason["code"], "customer_inactive");
    assert!(reason["message"].as_str().unwrap().contains("Turner Bay"));
    let other = enter_customer(&world, "Turner Bay West");
    world.save_settings(|settings| {
        settings.customers.matches = [("gc_1".to_owned(), other.clone())].into();
    });
    assert_eq!(world.press_sync_now().posted, 1);
    assert_eq!(billed_customers(&world)[1], other);
}

#[test]
fn merged_customer_is_held_not_recreated() {
    let world = World::configured();
    bill(&world, "Turner Bay");
    let (from, into) = (
        billed_customers(&world)[0].clone(),
        enter_customer(&world, "Turner West"),
    );
    world
        .person(|person| person.merge_customers(&from, &into))
        .unwrap();
    assert_eq!(bill_again(&world), Outcome::Held);
    assert_eq!(reason(&world, "pa_again")["code"], "customer_inactive");
    assert_eq!(names(&world, "Customer"), ["Turner West"]);
}

#[test]
fn same_name_customers_get_separate_creations() {
    let world = World::configured();
    bill(&world, "Turner Bay");
    let first = billed_customers(&world)[0].clone();
    world
        .person(|person| person.rename("Customer", &first, "Old"))
        .unwrap();
    world.deliver_changed("04", |data| {
        data["pay_app"]["customer"] = json!({"id": "gc_2", "name": "Turner Bay"});
    });
    assert_ne!(billed_customers(&world)[1], first);
}

#[test]
fn lost_creation_answer_creates_no_duplicates() {
    for writes_before in 0..3 {
        for is_id_forgotten in [false, true] {
            let world = World::with_classes(|_| {});
            let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Write);
            world.simulator().inject(lost.skip_first(writes_before));
            bill(&world, "Turner Bay");
            if is_id_forgotten {
                world.person(|person| person.forget_request_ids());
            }
            world.advance(SignedDuration::from_mins(2));
            world.press_sync_now();
            let counts = ["Customer", "Class", "Item"].map(|kind| names(&world, kind).len());
            assert_eq!(counts, [1, 1, 1], "{writes_before} {is_id_forgotten}");
        }
    }
}

#[test]
fn class_matches_subclass_or_similar_name() {
    for name in ["1042 Harbor Point Tower", "1042 - HARBOR POINT TOWER"] {
        let world = World::with_classes(|_| {});
        let parent = world.enter("Class", json!({"Name": "Projects"}));
        let body = json!({"Name": name, "SubClass": true, "ParentRef": {"value": parent}});
        let class = world.enter("Class", body);
        assert_eq!(bill(&world, "Turner Bay"), Outcome::Posted);
        let pointer = "/Line/0/SalesItemLineDetail/ClassRef/value";
        assert_eq!(references(&world, "Invoice", pointer), [class], "{name}");
    }
}

#[test]
fn inactive_class_holds_before_and_after_match() {
    let world = World::with_classes(|_| {});
    let class = world.enter("Class", json!({"Name": "1042 Harbor Point Tower"}));
    set_active(&world, "Class", &class, false);
    assert_eq!(bill(&world, "Turner Bay"), Outcome::Held);
    assert_eq!(reason(&world, "pa_1042_1")["code"], "class_inactive");
    set_active(&world, "Class", &class, true);
    assert_eq!(world.press_sync_now().posted, 1);
    set_active(&world, "Class", &class, false);
    assert_eq!(bill_again(&world), Outcome::Held);
    let reason = reason(&world, "pa_again");
    assert_eq!(reason["code"], "class_inactive");
    assert!(
        reason["message"]
            .as_str()
            .unwrap()
            .contains("1042 Harbor Point Tower")
    );
}

#[test]
fn inactive_item_holds_until_active_again() {
    let world = World::configured();
    bill(&world, "Turner Bay");
    let item = references(
        &world,
        "Invoice",
        "/Line/0/SalesItemLineDetail/ItemRef/value",
    );
    set_active(&world, "Item", &item[0], false);
    assert_eq!(bill_again(&world), Outcome::Held);
    assert_eq!(reason(&world, "pa_again")["code"], "item_changed");
    assert_eq!(world.press_sync_now().posted, 0);
    set_active(&world, "Item", &item[0], true);
    assert_eq!(world.press_sync_now().posted, 1);
    let items = names(&world, "Item");
    assert_eq!(items, ["RIVET Contract Revenue"]);
}
