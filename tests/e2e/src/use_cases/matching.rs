//! Which customer, class and item of the company a document is posted to.

use crate::support::story::body;
use crate::support::world::{Given, World};
use bridge::accept::Outcome;
use bridge::status::document;
use bridge::sync::sync_now;
use futures::executor::block_on;
use jiff::SignedDuration;
use mapping::ClassMode;
use serde_json::{Value, json};
use simulator::{CallClass, ClassTracking, Commit, Company, Effect, Injection, RequestKind};

fn world() -> World {
    World::ready(Given::default(), |_| {})
}

/// A company that tracks classes, and a firm that has them made.
fn with_classes() -> World {
    let company = Company::new("Harbor Electric LLC").class_tracking(ClassTracking::PerLine);
    let given = Given {
        company,
        ..Given::default()
    };
    World::ready(given, |settings| {
        settings.class_tracking.mode = ClassMode::AutoCreate;
    })
}

/// Somebody adds an entry to a list.
fn by_hand(world: &World, kind: &str, body: Value) -> String {
    let mut simulator = world.simulator();
    let mut person = simulator.person(&world.realm).unwrap();
    person.create(kind, body).unwrap()
}

fn customer(world: &World, name: &str) -> String {
    by_hand(world, "Customer", json!({ "DisplayName": name }))
}

fn set_active(world: &World, kind: &str, id: &str, active: bool) {
    let mut simulator = world.simulator();
    let mut person = simulator.person(&world.realm).unwrap();
    person.set_active(kind, id, active).unwrap();
}

/// The first pay app for a customer of this name.
fn bill(world: &World, name: &str) -> Outcome {
    world.deliver_changed("03", |data| {
        data["pay_app"]["customer"] = json!({"id": "gc_1", "name": name});
    })
}

/// A later pay app for the same customer and project.
fn bill_again(world: &World) -> Outcome {
    world.deliver_changed("03", |data| {
        let app = &mut data["pay_app"];
        app["customer"] = json!({"id": "gc_1", "name": "Turner Bay"});
        (app["id"], app["number"]) = (json!("pa_again"), json!(9));
    })
}

fn names(world: &World, kind: &str) -> Vec<String> {
    let simulator = world.simulator();
    let entities = simulator.entities(&world.realm, kind);
    let name = |entity: &Value| entity["FullyQualifiedName"].as_str().unwrap().to_owned();
    entities.map(name).collect()
}

/// What this field of each entity of a kind points to.
fn pointed(world: &World, kind: &str, pointer: &str) -> Vec<String> {
    let simulator = world.simulator();
    let entities = simulator.entities(&world.realm, kind);
    let id = |entity: &Value| {
        entity
            .pointer(pointer)
            .and_then(|id| id.as_str().map(str::to_owned))
    };
    entities.filter_map(id).collect()
}

fn billed(world: &World) -> Vec<String> {
    pointed(world, "Invoice", "/CustomerRef/value")
}

fn reason(world: &World, id: &str) -> Value {
    let reference = billing::DocumentRef {
        kind: billing::Kind::PayApp,
        id: id.parse().unwrap(),
    };
    let view = block_on(document(&world.bridge.store, &world.firm, &reference)).unwrap();
    serde_json::to_value(view).unwrap()["reason"].clone()
}

fn sync(world: &World) -> usize {
    let (user, mut entropy) = (world.session().user, world.entropy());
    let firm = (&world.firm, None, &user);
    let asking = sync_now(&world.bridge, firm, &mut entropy, || world.now());
    block_on(asking).unwrap().posted
}

fn reads(world: &World) -> usize {
    let simulator = world.simulator();
    let reads = simulator.traffic().iter();
    reads.filter(|seen| seen.class == CallClass::Read).count()
}

#[test]
fn a_customer_is_matched_by_its_name_or_by_one_that_is_alike() {
    for (there, wanted) in [
        ("Turner Bay", "TURNER BAY"),
        ("Turner-Bay, Inc.", "Turner Bay Incorporated"),
        ("O'Neil & Sons LLC", "ONeil and Sons, LLC"),
    ] {
        let world = world();
        let id = customer(&world, there);
        assert_eq!(bill(&world, wanted), Outcome::Posted);
        assert_eq!(billed(&world), [id], "{wanted}");
    }
}

#[test]
fn a_name_that_is_alike_to_two_is_a_customer_of_its_own() {
    let world = world();
    for name in ["Turner Bay Inc", "Turner Bay LLC"] {
        customer(&world, name);
    }
    bill(&world, "Turner Bay");
    assert_eq!(names(&world, "Customer").len(), 3);
}

#[test]
fn a_name_with_a_colon_is_matched_with_a_job_and_else_loses_the_colon() {
    let world = world();
    let parent = customer(&world, "Turner");
    let job = json!({"DisplayName": "Bay", "Job": true, "ParentRef": {"value": parent}});
    let job = by_hand(&world, "Customer", job);
    bill(&world, "Turner: Bay");
    assert_eq!(billed(&world), [job]);
    let world = self::world();
    bill(&world, "Turner: Bay");
    assert_eq!(names(&world, "Customer"), ["Turner - Bay"]);
}

#[test]
fn a_customer_is_matched_by_an_address_that_one_customer_has() {
    let email = |address: &str| json!({ "Address": address });
    let deliver = |world: &World| {
        world.deliver_changed("03", |data| {
            let customer =
                json!({"id": "gc_1", "name": "TBC", "email": "a.p+o'neil@turner.example"});
            data["pay_app"]["customer"] = customer;
        })
    };
    let world = world();
    let body = |name: &str| json!({"DisplayName": name, "PrimaryEmailAddr": email("A.P+o'neil@turner.example")});
    let id = by_hand(&world, "Customer", body("Turner Bay"));
    deliver(&world);
    assert_eq!(billed(&world), [id]);
    let world = self::world();
    for name in ["Turner Bay", "Turner West"] {
        by_hand(&world, "Customer", body(name));
    }
    deliver(&world);
    assert_eq!(names(&world, "Customer").len(), 3);
}

#[test]
fn the_first_match_costs_at_most_three_reads_and_the_next_none() {
    let world = world();
    for number in 0..1001 {
        customer(&world, &format!("Turner {number}"));
    }
    world.simulator().clear_traffic();
    world.deliver_changed("01", |data| {
        data["customer"] =
            json!({"id": "gc_1", "name": "Turner Bay", "email": "ap@turner.example"});
    });
    assert_eq!(reads(&world), 3);
    assert_eq!(names(&world, "Customer").len(), 1002);
    world.deliver(body("01"));
    world.simulator().clear_traffic();
    bill(&world, "Turner Bay");
    bill_again(&world);
    assert_eq!(reads(&world), 1, "the item");
}

#[test]
fn an_inactive_customer_is_neither_revived_nor_made_twice() {
    let world = world();
    let id = customer(&world, "Turner Bay");
    set_active(&world, "Customer", &id, false);
    assert_eq!(bill(&world, "Turner Bay"), Outcome::Held);
    let reason = reason(&world, "pa_1042_1");
    assert_eq!(reason["code"], "customer_inactive");
    assert!(reason["message"].as_str().unwrap().contains("Turner Bay"));
    assert_eq!(names(&world, "Customer").len(), 1);
    set_active(&world, "Customer", &id, true);
    assert_eq!(sync(&world), 1);
    assert_eq!(billed(&world), [id]);
}

#[test]
fn a_vendors_name_gets_a_suffix_and_is_found_again_by_another_firms_customer() {
    let world = world();
    by_hand(&world, "Vendor", json!({"DisplayName": "Turner Bay"}));
    bill(&world, "Turner Bay");
    assert_eq!(names(&world, "Customer"), ["Turner Bay (Customer)"]);
    world.deliver_changed("04", |data| {
        data["pay_app"]["customer"] = json!({"id": "gc_2", "name": "Turner Bay"});
    });
    assert_eq!(names(&world, "Customer").len(), 1);
    assert_eq!(billed(&world).len(), 2);
}

#[test]
fn a_match_that_became_inactive_waits_for_a_person_by_name_and_can_be_changed() {
    let world = world();
    bill(&world, "Turner Bay");
    let void = body("12").replace("pa_1057_2", "pa_1042_1");
    world.deliver(&void);
    let before = billed(&world)[0].clone();
    set_active(&world, "Customer", &before, false);
    assert_eq!(bill_again(&world), Outcome::Held);
    let reason = reason(&world, "pa_again");
    assert_eq!(reason["code"], "customer_inactive");
    assert!(reason["message"].as_str().unwrap().contains("Turner Bay"));
    let other = customer(&world, "Turner Bay West");
    world.save_settings(|settings| {
        settings.customers.matches = [("gc_1".to_owned(), other.clone())].into();
    });
    assert_eq!(sync(&world), 1);
    assert_eq!(billed(&world)[1], other);
}

#[test]
fn a_customer_that_was_merged_away_is_named_and_not_made_again() {
    let world = world();
    bill(&world, "Turner Bay");
    let (from, into) = (billed(&world)[0].clone(), customer(&world, "Turner West"));
    let realm = world.realm.clone();
    let merged = world
        .simulator()
        .person(&realm)
        .unwrap()
        .merge_customers(&from, &into);
    merged.unwrap();
    assert_eq!(bill_again(&world), Outcome::Held);
    assert_eq!(reason(&world, "pa_again")["code"], "customer_inactive");
    assert_eq!(names(&world, "Customer"), ["Turner West"]);
}

#[test]
fn two_customers_of_rivets_that_had_one_name_do_not_get_each_others_creation() {
    let world = world();
    bill(&world, "Turner Bay");
    let first = billed(&world)[0].clone();
    let realm = world.realm.clone();
    let renamed = world
        .simulator()
        .person(&realm)
        .unwrap()
        .rename("Customer", &first, "Old");
    renamed.unwrap();
    world.deliver_changed("04", |data| {
        data["pay_app"]["customer"] = json!({"id": "gc_2", "name": "Turner Bay"});
    });
    assert_ne!(billed(&world)[1], first);
}

#[test]
fn a_lost_answer_to_a_creation_makes_one_customer_one_class_and_one_item() {
    for passing in 0..3 {
        for forgets in [false, true] {
            let world = with_classes();
            let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Write);
            world.simulator().inject(lost.after(passing));
            bill(&world, "Turner Bay");
            let realm = world.realm.clone();
            if forgets {
                world
                    .simulator()
                    .person(&realm)
                    .unwrap()
                    .forget_request_ids();
            }
            world.advance(SignedDuration::from_mins(2));
            sync(&world);
            let made = ["Customer", "Class", "Item"].map(|kind| names(&world, kind).len());
            assert_eq!(made, [1, 1, 1], "{passing} {forgets}");
        }
    }
}

#[test]
fn a_class_is_matched_below_a_parent_or_by_a_name_that_is_alike() {
    for name in ["1042 Harbor Point Tower", "1042 - HARBOR POINT TOWER"] {
        let world = with_classes();
        let parent = by_hand(&world, "Class", json!({"Name": "Projects"}));
        let body = json!({"Name": name, "SubClass": true, "ParentRef": {"value": parent}});
        let class = by_hand(&world, "Class", body);
        assert_eq!(bill(&world, "Turner Bay"), Outcome::Posted);
        let pointer = "/Line/0/SalesItemLineDetail/ClassRef/value";
        assert_eq!(pointed(&world, "Invoice", pointer), [class], "{name}");
    }
}

#[test]
fn an_inactive_class_is_named_before_and_after_it_was_matched() {
    let world = with_classes();
    let class = by_hand(&world, "Class", json!({"Name": "1042 Harbor Point Tower"}));
    set_active(&world, "Class", &class, false);
    assert_eq!(bill(&world, "Turner Bay"), Outcome::Held);
    assert_eq!(reason(&world, "pa_1042_1")["code"], "class_inactive");
    set_active(&world, "Class", &class, true);
    assert_eq!(sync(&world), 1);
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
fn an_item_that_was_made_inactive_is_replaced_when_a_person_says_so() {
    let world = world();
    bill(&world, "Turner Bay");
    let item = pointed(
        &world,
        "Invoice",
        "/Line/0/SalesItemLineDetail/ItemRef/value",
    );
    set_active(&world, "Item", &item[0], false);
    assert_eq!(bill_again(&world), Outcome::Held);
    assert_eq!(reason(&world, "pa_again")["code"], "item_inactive");
    assert_eq!(sync(&world), 1);
    let items = names(&world, "Item");
    assert_eq!(items[1], "RIVET Contract Revenue 2");
}
