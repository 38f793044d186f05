//! Webhook intake: from a change in the simulated company to the firm's inbox.

use crate::support::world::{World, WorldOptions};
use futures::executor::block_on;
use futures::future::{join, join_all};
use inbound::webhook_intake::{receive, reprocess};
use jiff::SignedDuration;
use quickbooks::Kind;
use quickbooks::webhook::{VerifierTokens, verify};
use serde_json::{Value, json};
use simulation::memory_store::BackEnd;
use simulator::{Answer, Delivery, DeliveryBehaviour, Format, MediaType, Subscription};
use store::CompanyKey;
use store::inbox::change::{ChangeKind, PendingChange};
use store::inbox::dead_letters::DeadLetter;
use store::inbox::{Inbox, Progress};
use store::schedule::{DueIndex, NextDue, ScheduledJob};

const TOKEN: &str = "verifier-token-of-the-test";

fn world(subscription: Subscription) -> World {
    world_on(BackEnd::Sqlite, subscription)
}

/// Returns progress that has processed these changes.
fn processed(done: &[PendingChange]) -> Progress {
    Progress {
        done: done.to_vec(),
        ..Progress::default()
    }
}

/// Returns a connected company whose changes Intuit announces.
fn world_on(back_end: BackEnd, subscription: Subscription) -> World {
    let options = WorldOptions {
        back_end,
        ..WorldOptions::default()
    };
    let world = World::new(options);
    world.connect();
    world.simulator().subscribe(subscription);
    world
}

fn subscription() -> Subscription {
    Subscription::new("https://books.example/v1/webhooks/quickbooks", TOKEN)
}

impl World {
    /// Adds a customer in QuickBooks and returns its id.
    fn add_customer(&self, name: &str) -> String {
        self.enter("Customer", json!({ "DisplayName": name }))
    }

    /// Returns what Intuit sends now. Each delivery has a valid signature and is answered with 200.
    fn take_deliveries(&self) -> Vec<Delivery> {
        let now = self.now();
        let deliveries = self.simulator().start_due_deliveries(now);
        let tokens = VerifierTokens::parse(TOKEN).unwrap();
        for delivery in &deliveries {
            let signature = delivery.headers["intuit-signature"].to_str().unwrap();
            verify(&tokens, signature, &delivery.body).unwrap();
            self.simulator()
                .report_delivery(delivery.id, Answer::Status(200), now);
        }
        deliveries
    }

    fn receive(&self, body: &[u8]) {
        block_on(receive(&self.services.store, body, self.now())).unwrap();
    }

    fn receive_all(&self) {
        for delivery in self.take_deliveries() {
            self.receive(&delivery.body);
        }
    }

    fn inbox(&self) -> Inbox {
        block_on(self.services.store.inbox(&self.firm, &self.realm)).unwrap()
    }

    fn company(&self) -> CompanyKey<'_> {
        CompanyKey {
            firm: &self.firm,
            realm_id: &self.realm,
        }
    }

    /// Returns the objects of the pending changes.
    fn pending_objects(&self) -> Vec<(Kind, String)> {
        let pending = self.inbox().pending.into_iter();
        pending.map(|change| (change.kind, change.id)).collect()
    }

    fn writes_of(&self, act: impl FnOnce()) -> usize {
        let before = self.memory.writes();
        act();
        self.memory.writes() - before
    }

    /// Returns whether the next scheduled run looks at the firm.
    fn is_due(&self) -> bool {
        let (shard, now) = (DueIndex::shard_of(&self.firm), self.now());
        let until = now + SignedDuration::from_mins(1);
        let due = self
            .services
            .store
            .claim_due(shard, ScheduledJob::Work, now, until);
        block_on(due).unwrap().firms.contains(&self.firm)
    }

    /// Removes the hint for the next scheduled run, as if a delivery had crashed before it.
    fn forget_hint(&self) {
        assert!(self.is_due());
        let (shard, store) = (DueIndex::shard_of(&self.firm), &self.services.store);
        let until = self.now() + SignedDuration::from_mins(1);
        let firm = self.firm.clone();
        let finished = [NextDue { firm, at: None }];
        block_on(store.finish_due(shard, ScheduledJob::Work, until, &finished)).unwrap();
    }

    /// Returns an event about this company. A part that is null is left out.
    fn event(&self, parts: &Value) -> Value {
        let mut event = json!({
            "specversion": "1.0", "id": "a", "type": "qbo.invoice.updated.v1",
            "time": self.now().to_string(), "intuitentityid": "7", "intuitaccountid": self.realm,
        });
        for (name, value) in parts.as_object().unwrap() {
            event[name] = value.clone();
        }
        event
    }
}

#[test]
fn changes_arrive_in_every_format_and_media_type() {
    for format in [Format::Classic, Format::CloudEvents] {
        for media_type in [MediaType::Json, MediaType::CloudEventsJson] {
            let world = world(subscription().format(format).media_type(media_type));
            let (turner, brown) = (world.add_customer("Turner"), world.add_customer("Brown"));
            world.receive_all();
            let both = [(Kind::Customer, turner), (Kind::Customer, brown)];
            assert_eq!(world.pending_objects(), both, "{format:?}");
            assert!(world.is_due());
        }
    }
}

#[test]
fn repeated_delivery_costs_no_write_after_processing() {
    let world = world(subscription());
    world.add_customer("Turner");
    let delivery = world.take_deliveries().remove(0);
    world.receive(&delivery.body);
    assert_eq!(world.writes_of(|| world.receive(&delivery.body)), 0);
    let (store, company) = (&world.services.store, world.company());
    let done = world.inbox().pending;
    block_on(store.finish_changes(company, &processed(&done))).unwrap();
    assert!(world.is_due());
    assert_eq!(world.writes_of(|| world.receive(&delivery.body)), 0);
    assert!(world.pending_objects().is_empty());
}

#[test]
fn hundred_events_of_one_company_cost_two_writes() {
    let world = world(subscription());
    world.add_customer("Turner");
    world.receive_all();
    assert!(world.is_due());
    for number in 0..100 {
        world.add_customer(&format!("Customer {number}"));
    }
    let delivery = world.take_deliveries().remove(0);
    assert_eq!(world.writes_of(|| world.receive(&delivery.body)), 2);
    assert_eq!(world.pending_objects().len(), 101);
    world.add_customer("Brown");
    assert_eq!(world.writes_of(|| world.receive_all()), 1);
}

#[test]
fn disordered_events_become_one_change_per_object() {
    let world = world(subscription().format(Format::Classic));
    world.simulator().switches_mut().delivery = DeliveryBehaviour {
        repeated_event: 50,
        repeated_delivery: 50,
        disorder: 50,
        odd_spelling: 50,
        ..DeliveryBehaviour::default()
    };
    let ids: Vec<String> = (0..40)
        .map(|number| world.add_customer(&format!("Customer {number}")))
        .collect();
    for _ in 0..60 {
        world.receive_all();
        world.advance(SignedDuration::from_mins(1));
    }
    let mut pending: Vec<String> = world
        .pending_objects()
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    pending.sort_by_key(|id| id.parse::<u32>().unwrap());
    assert_eq!(pending, ids);
}

#[test]
fn merge_event_names_deleted_customer() {
    let world = world(subscription().format(Format::Classic));
    let (kept, gone) = (world.add_customer("Turner"), world.add_customer("Tuner"));
    world.receive_all();
    world.advance(SignedDuration::from_mins(1));
    world
        .person(|person| person.merge_customers(&gone, &kept))
        .unwrap();
    world.receive_all();
    let inbox = world.inbox();
    let change = inbox.pending.iter().find(|change| change.id == gone);
    assert_eq!(change.unwrap().kind_of_change, ChangeKind::MergedInto(kept));
}

#[test]
fn next_delivery_restores_missing_due_hint() {
    let world = world(subscription());
    world.add_customer("Turner");
    let delivery = world.take_deliveries().remove(0);
    world.receive(&delivery.body);
    world.forget_hint();
    assert!(!world.is_due());
    world.receive(&delivery.body);
    assert!(world.is_due());
    assert_eq!(world.pending_objects().len(), 1);
}

#[test]
fn new_change_of_due_firm_costs_four_reads() {
    let world = world(subscription());
    world.add_customer("Turner");
    world.receive_all();
    world.add_customer("Tuner");
    let delivery = world.take_deliveries().remove(0);
    let before = world.memory.reads();
    // The owner of the company, the inbox before the write and after it, and the hint.
    assert_eq!(world.writes_of(|| world.receive(&delivery.body)), 1);
    assert_eq!(world.memory.reads() - before, 4);
}

#[test]
fn unknown_companies_and_kinds_cost_no_write() {
    let world = world(subscription());
    let unknown_company = world.event(&json!({ "intuitaccountid": "310687" }));
    let unknown_kind = world.event(&json!({ "type": "qbo.vendor.created.v1" }));
    let without_object =
        world.event(&json!({ "intuitaccountid": "310687", "intuitentityid": null }));
    let body = json!([unknown_company, unknown_kind, without_object]).to_string();
    assert_eq!(world.writes_of(|| world.receive(body.as_bytes())), 0);
    assert!(!world.inbox().has_work() && !world.is_due());
}

#[test]
fn unreadable_event_causes_catch_up_only() {
    let world = world(subscription());
    let readable = world.event(&json!({}));
    let unreadable = world.event(&json!({ "intuitentityid": null }));
    let body = json!([unreadable, readable]).to_string();
    world.receive(body.as_bytes());
    let inbox = world.inbox();
    assert_eq!(inbox.pending.len(), 1);
    assert_eq!(inbox.unreadable[0].why, "names no object");
    let since = inbox.catch_up.unwrap().since;
    assert_eq!(since, world.now() - SignedDuration::from_hours(24));
    assert_eq!(world.writes_of(|| world.receive(body.as_bytes())), 0);
    assert!(world.is_due());
}

#[test]
fn unreadable_delivery_becomes_one_dead_letter() {
    let world = world(subscription());
    let without_company = world.event(&json!({ "intuitaccountid": null }));
    let without_company = json!([without_company]).to_string();
    for body in ["<xml/>", "{}", "", without_company.as_str()] {
        world.receive(body.as_bytes());
        assert_eq!(world.writes_of(|| world.receive(body.as_bytes())), 0);
    }
    let letters = block_on(world.services.store.dead_letters()).unwrap();
    let reasons: Vec<&str> = letters
        .deliveries
        .iter()
        .map(|letter| letter.why.as_str())
        .collect();
    assert_eq!(
        reasons,
        [
            "it is not one JSON text",
            "it is neither an array of events nor an object with eventNotifications",
            "it is not one JSON text",
            "names no company"
        ]
    );
    assert_eq!(letters.deliveries[0].open().unwrap(), b"<xml/>");
}

#[test]
fn schedule_reprocesses_readable_dead_letters() {
    let world = world(subscription());
    let store = &world.services.store;
    world.receive(b"<xml/>");
    // An earlier version stored this delivery because it could not read it.
    let body = json!([world.event(&json!({}))]).to_string();
    let letter = DeadLetter::new(body.as_bytes(), "it is not one JSON text", world.now());
    block_on(store.add_dead_letter(&letter)).unwrap();
    block_on(reprocess(store, world.now())).unwrap();
    assert_eq!(world.pending_objects(), [(Kind::Invoice, "7".to_owned())]);
    assert!(world.is_due());
    assert_eq!(block_on(store.dead_letters()).unwrap().deliveries.len(), 1);
    let again = || block_on(reprocess(store, world.now())).unwrap();
    assert_eq!(world.writes_of(again), 0);
}

#[test]
fn concurrent_deliveries_lose_nothing_on_any_backend() {
    for back_end in BackEnd::ALL {
        let world = world_on(back_end, subscription());
        world.receive(json!([world.event(&json!({}))]).to_string().as_bytes());
        let bodies: Vec<String> = (0..8)
            .map(|number: u32| {
                let id = number.to_string();
                json!([world.event(&json!({ "id": id, "intuitentityid": id }))]).to_string()
            })
            .collect();
        let instances: Vec<_> = bodies.iter().map(|_| world.new_instance()).collect();
        let receiving = instances.iter().zip(&bodies);
        let receiving = receiving
            .map(|(instance, body)| receive(&instance.store, body.as_bytes(), world.now()));
        for received in block_on(join_all(receiving)) {
            received.unwrap();
        }
        assert_eq!(world.pending_objects().len(), 8, "{back_end:?}");
        assert!(world.is_due());
    }
}

#[test]
fn change_during_processing_survives_on_any_backend() {
    for back_end in BackEnd::ALL {
        let world = world_on(back_end, subscription());
        let event = |id: &str, object: &str| {
            json!([world.event(&json!({ "id": id, "intuitentityid": object }))]).to_string()
        };
        world.receive(event("a", "7").as_bytes());
        world.receive(event("b", "8").as_bytes());
        let done = processed(&world.inbox().pending);
        world.advance(SignedDuration::from_secs(1));
        let newer = event("c", "7");
        let (worker, receiver) = (world.new_instance(), world.new_instance());
        let company = world.company();
        let finishing = worker.store.finish_changes(company, &done);
        let receiving = receive(&receiver.store, newer.as_bytes(), world.now());
        let (finished, received) = block_on(join(finishing, receiving));
        finished.unwrap();
        received.unwrap();
        let left = world.inbox().pending;
        assert_eq!((left.len(), left[0].id.as_str()), (1, "7"), "{back_end:?}");
        assert_eq!(left[0].at, world.now(), "{back_end:?}");
    }
}
