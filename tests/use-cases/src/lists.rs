//! The lists of a page: activity with filters, and what needs somebody, grouped by its cause.

use crate::support::usual_bill::{BILL, Figures};
use crate::support::world::{World, WorldOptions};
use bridge::error::Error;
use bridge::views;
use bridge::views::activity::{ActivityFilter, PageRequest};
use bridge::views::attention::AttentionRequest;
use futures::executor::block_on;
use mapping::SyncMode;
use serde_json::{Value, json};

const SMALL: Figures = Figures {
    billed: "100.00",
    retainage: "0.00",
};

impl World {
    fn rows(&self, filter: ActivityFilter) -> Result<Value, Error> {
        let page = PageRequest {
            limit: 25,
            cursor: None,
            filter,
        };
        let listed = block_on(views::activity(&self.services.store, &self.firm, &page))?;
        Ok(serde_json::to_value(listed).unwrap()["activity"].clone())
    }

    fn search(&self, text: &str) -> usize {
        let filter = ActivityFilter {
            text: Some(text.into()),
            ..ActivityFilter::default()
        };
        self.rows(filter).unwrap().as_array().unwrap().len()
    }

    fn attention(&self) -> Value {
        self.attention_page(&AttentionRequest {
            limit: 25,
            ..AttentionRequest::default()
        })
    }

    fn attention_page(&self, request: &AttentionRequest) -> Value {
        let listed = views::attention(&self.services.store, &self.firm, request);
        serde_json::to_value(block_on(listed).unwrap()).unwrap()
    }

    fn sync_status(&self) -> Value {
        let session = self.session();
        let status = views::status(&self.services.store, &session, self.now());
        serde_json::to_value(block_on(status).unwrap()).unwrap()["sync"].clone()
    }
}

/// Returns a configured firm whose books are closed through March, with these bills of March.
fn closed_world(bills: u32) -> World {
    let world = World::configured();
    world.person(|person| person.close_books(Some("2026-03-31".parse().unwrap())));
    for number in 1..=bills {
        world.bill_next(number, SMALL);
    }
    world
}

#[test]
fn posted_row_names_everything_of_the_document() {
    let world = World::configured();
    world.bill();
    let listed = world.rows(ActivityFilter::default()).unwrap();
    let (invoice, entry) = (world.last_id("Invoice"), world.last_id("JournalEntry"));
    let row = &listed[0];
    let link = |path: &str, id: &str| format!("https://app.qbo.intuit.com/app/{path}?txnId={id}");
    let expected = json!({
        "number": "1042-1", "customer": "Harbor Builders", "amount": "43650.00",
        "project": { "id": "prj_1042", "number": "1042", "name": "Harbor Point Tower" },
        "state": "posted",
        "objects": [
            { "type": "Invoice", "id": invoice, "number": "1042-1", "date": "2026-03-31",
              "amount": "43650.00", "link": link("invoice", &invoice) },
            { "type": "JournalEntry", "id": entry, "number": "1042-1R", "date": "2026-03-31",
              "amount": "4850.00", "link": link("journal", &entry) },
        ],
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(row[name], *value, "{name}");
    }
    let last = &world.sync_status()["last_posted"];
    assert_eq!(
        (&last["number"], &last["amount"], &last["document"]["id"]),
        (&json!("1042-1"), &json!("43650.00"), &json!(BILL))
    );
}

#[test]
fn activity_filters_find_and_refuse() {
    let world = World::configured();
    world.bill();
    world.pay(BILL, "1000.00");
    for (text, found) in [
        ("1042-1", 1),
        ("harbor builders", 2),
        ("$43,650", 1),
        ("88213", 1),
        ("nobody", 0),
    ] {
        assert_eq!(world.search(text), found, "{text}");
    }
    let kind = |kind: &str| ActivityFilter {
        kind: Some(kind.into()),
        ..ActivityFilter::default()
    };
    let project = |id: &str| ActivityFilter {
        project: Some(id.into()),
        ..ActivityFilter::default()
    };
    let count = |filter| {
        world
            .rows(filter)
            .map(|rows| rows.as_array().unwrap().len())
    };
    assert_eq!(count(kind("payment")).unwrap(), 1);
    assert_eq!(count(project("prj_1042")).unwrap(), 1);
    assert_eq!(count(project("prj_2")).unwrap(), 0);
    for (filter, name) in [(kind("bill"), "kind"), (project("a b"), "project")] {
        let refused = count(filter).unwrap_err();
        assert!(matches!(refused, Error::Field { field, .. } if field == name));
    }
}

#[test]
fn closed_month_is_one_group_with_its_payment() {
    let world = closed_world(2);
    world.pay("pa_1", "40.00");
    let listed = world.attention();
    assert_eq!(
        (
            &listed["needs_you"],
            listed["groups"].as_array().unwrap().len()
        ),
        (&json!(1), 1)
    );
    let group = &listed["groups"][0];
    let told = (
        &group["state"],
        &group["reason"]["code"],
        &group["needs_you"],
    );
    assert_eq!(told, (&json!("held"), &json!("books_closed"), &json!(true)));
    let sums = (&group["count"], &group["amount"], &group["holds_up"]);
    let held_up = json!({ "count": 1, "amount": "40.00" });
    assert_eq!(sums, (&json!(2), &json!("200.00"), &held_up));
    let document = &group["documents"][0];
    assert_eq!(
        (&document["number"], &document["retry"]),
        (&json!("1042-1"), &json!(true))
    );
    let acts: Vec<_> = document["decisions"].as_array().unwrap().iter().collect();
    assert!(
        acts.contains(&&json!({ "act": "ignore", "body": { "ignore": true } })),
        "{acts:?}"
    );
}

#[test]
fn bill_typed_first_offers_it_as_the_one() {
    use crate::support::bookkeeper::TYPED_BILL;
    let world = World::configured();
    let typed = world.type_invoice(TYPED_BILL);
    world.bill();
    let listed = world.attention();
    let group = &listed["groups"][0];
    assert_eq!(group["reason"]["objects"][0]["id"], *typed);
    let decisions = &group["documents"][0]["decisions"];
    let posted =
        json!({ "act": "posted", "body": { "posted": { "type": "Invoice", "id": typed } } });
    let anyway = json!({ "act": "post_anyway", "body": { "post": "anyway" } });
    let offered = decisions.as_array().unwrap();
    assert!(
        offered.contains(&posted) && offered.contains(&anyway),
        "{decisions}"
    );
    assert_eq!(world.view(BILL)["decisions"], *decisions);
}

#[test]
fn manual_mode_counts_what_waits_for_sync_now() {
    let world = World::configured_with(WorldOptions::default(), |settings| {
        settings.sync.mode = SyncMode::Manual;
    });
    world.bill();
    world.bill_next(2, SMALL);
    let waiting = json!({ "count": 2, "amount": "43750.00" });
    assert_eq!(world.sync_status()["sync_now"], waiting);
    let listed = world.attention();
    assert_eq!(
        (&listed["needs_you"], &listed["groups"][0]["needs_you"]),
        (&json!(0), &json!(false))
    );
    let view = world.view(BILL);
    assert_eq!(
        (&view["number"], &view["amount"]),
        (&json!("1042-1"), &json!("43650.00"))
    );
    let planned = view["plan"]["postings"].as_array().unwrap();
    assert_eq!(planned.len(), 2, "{}", view["plan"]);
    world.press_sync_now();
    assert_eq!(
        world.sync_status()["sync_now"],
        json!({ "count": 0, "amount": "0.00" })
    );
    assert_eq!(world.attention()["groups"], json!([]));
    assert_eq!(world.view(BILL)["plan"], Value::Null);
}

#[test]
fn failure_shows_its_reason_from_the_queue() {
    let world = World::configured();
    world.refuse_item(0);
    world.bill();
    let (view, listed) = (world.view(BILL), world.attention());
    assert_eq!(view["state"], "failed");
    let group = &listed["groups"][0];
    assert_eq!(
        (&group["state"], &group["reason"]),
        (&json!("failed"), &view["reason"])
    );
    assert_eq!(listed["needs_you"], 1);
}

#[test]
fn group_pages_through_all_its_documents() {
    let world = closed_world(13);
    let group = world.attention()["groups"][0].clone();
    assert_eq!(
        (
            &group["count"],
            group["documents"].as_array().unwrap().len()
        ),
        (&json!(13), 10)
    );
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = world.attention_page(&AttentionRequest {
            limit: 5,
            cursor: cursor.clone(),
            group: group["group"].as_str().map(str::to_owned),
        });
        let documents = page["groups"][0]["documents"].as_array().unwrap().clone();
        seen.extend(documents.into_iter().map(|row| row["number"].to_string()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 13);
}

#[test]
fn list_costs_no_document_record() {
    let world = closed_world(3);
    let reads = world.memory.reads();
    world.attention();
    assert_eq!(world.memory.reads() - reads, 1);
}
