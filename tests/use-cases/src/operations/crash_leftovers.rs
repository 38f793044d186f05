//! A crash at any step of a write leaves no record that an erasure does not find.

use super::erasing::CLOSING;
use crate::support::crashing_store::CrashingStore;
use crate::support::events::parse_event;
use crate::support::network::NOW;
use crate::support::usual_bill::{BILL, USUAL};
use crate::support::world::{World, WorldOptions};
use billing::{DocumentKind, DocumentRef};
use bridge::accept_event::accept;
use futures::executor::block_on;
use jiff::SignedDuration;
use platform::store::SealedRecords;
use ports::records::StoreError;
use quickbooks::Kind;
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use serde_json::json;
use simulation::seeds::stride;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;
use store::Store;
use store::activity::ActivityEntry;
use store::books_copy::{KeptTransaction, LoadedCopy};
use store::matches::ProjectRecord;
use store::object_index::{IndexEntry, Subject};
use store::queue::detection::Detection;
use store::subledger::facts::ListedPostings;
use store::subledger::{DocumentFigures, Party, Standing, TransactionFigures};

pub(super) type Answer = Result<(), StoreError>;
pub(super) type CrashStore = Store<SealedRecords<CrashingStore>>;

pub(super) fn empty_world() -> World {
    World::new(WorldOptions::default())
}

/// Returns the keys with the firm that an erasure does not find. The due index is shared.
pub(super) fn lost(world: &World) -> Vec<String> {
    let names = block_on(world.services.store.firm_record_names(&world.firm)).unwrap();
    let key = |record: store::firm_records::RecordName| {
        let (kind, name) = (record.kind, record.name);
        format!("rivet-books:{kind}:{name}")
    };
    let known: BTreeSet<String> = names.into_iter().map(key).collect();
    let mut found = world.keys_with(&["firm_harbor"]);
    found.retain(|key| !known.contains(key) && !key.contains(":due-index:"));
    found
}

/// Lets `act` crash after each [`stride`]th of its writes. `next` follows each time, as a later request does.
pub(super) fn crash_everywhere(
    world: &World,
    act: &impl AsyncFn(&CrashStore) -> Answer,
    next: &impl AsyncFn(&CrashStore) -> Answer,
) {
    let before = world.memory.content();
    let mut writes = 0;
    loop {
        world.memory.set_back(before.clone());
        let left = Rc::new(Cell::new(writes));
        let _ = block_on(act(&world.crashing_store(&left)));
        assert_eq!(lost(world), Vec::<String>::new(), "{writes} writes");
        assert_erasable(world);
        let is_over = left.get() > 0;
        run(world, next);
        assert_eq!(lost(world), Vec::<String>::new(), "later, {writes}");
        if is_over {
            break;
        }
        writes += stride();
    }
    assert!(writes > 0, "nothing was written");
}

/// Erases the firm and searches the whole store. Afterwards store and time are as before.
fn assert_erasable(world: &World) {
    let (before, now) = (world.memory.content(), world.now());
    world.erase(usize::MAX);
    world.advance(CLOSING);
    assert_eq!(world.erase(usize::MAX)["state"], "erased");
    assert_eq!(world.keys_with(&["firm_harbor"]), Vec::<String>::new());
    world.memory.set_back(before);
    NOW.set(now);
}

/// Lets an act make all its writes.
pub(super) fn run(world: &World, act: &impl AsyncFn(&CrashStore) -> Answer) {
    let endless = Rc::new(Cell::new(usize::MAX));
    block_on(act(&world.crashing_store(&endless))).unwrap();
}

pub(super) fn document(number: usize) -> DocumentRef {
    DocumentRef {
        kind: DocumentKind::PayApp,
        id: format!("pa_{number}").parse().unwrap(),
    }
}

/// Returns the activity entry of a posted document.
pub(super) fn posted_entry(number: usize) -> ActivityEntry {
    ActivityEntry {
        at: "2026-03-31T12:00:00Z".parse().unwrap(),
        document: document(number),
        summary: None,
        state: "posted".into(),
        detail: String::new(),
        requested_by: None,
        notification: None,
        transactions: Vec::new(),
    }
}

/// Returns a detection of objects and as many activity entries.
fn detection(numbers: Range<usize>) -> Detection {
    let index = |number: usize| IndexEntry {
        kind: Kind::Invoice,
        id: number.to_string(),
        subject: Subject::Document(document(number)),
        version: "0".into(),
        at: 7,
    };
    Detection {
        activity: numbers.clone().take(30).map(posted_entry).collect(),
        entries: numbers.map(index).collect(),
        ..Detection::default()
    }
}

#[test]
fn crash_leaves_no_lost_page_of_activity_or_index() {
    let world = empty_world();
    let detect = |numbers: Range<usize>| {
        let (firm, detections) = (world.firm.clone(), [detection(numbers)]);
        async move |store: &CrashStore| store.save_detections(&firm, &detections).await
    };
    for from in (0..540).step_by(90) {
        run(&world, &detect(from..from + 90));
        let (next, last) = (from + 90..from + 180, from + 180..from + 270);
        crash_everywhere(&world, &detect(next), &detect(last));
    }
}

#[test]
fn crash_leaves_no_lost_page_of_books() {
    let world = empty_world();
    let save = |version: &'static str| {
        let firm = world.firm.clone();
        let mut loaded = LoadedCopy::default();
        for number in 0..1000 {
            loaded.add(KeptTransaction {
                kind: TxnType::Invoice,
                id: number.to_string(),
                version: version.into(),
                date: None,
                customer: "24".into(),
                total: Decimal::ONE,
                rate: None,
                lines: Vec::new(),
                links: Vec::new(),
                number: "1042-1".into(),
            });
        }
        async move |store: &CrashStore| store.save_books_copy(&firm, &loaded).await
    };
    run(&world, &save("0"));
    crash_everywhere(&world, &save("1"), &save("2"));
}

#[test]
fn crash_leaves_no_lost_page_of_parties() {
    let world = empty_world();
    let list = |number: usize| {
        let firm = world.firm.clone();
        let party = Party::Project(format!("prj_{number}").parse().unwrap());
        let postings = ListedPostings::default();
        async move |store: &CrashStore| store.list_party(&firm, &party, &postings).await
    };
    for number in 0..400 {
        run(&world, &list(number));
    }
    crash_everywhere(&world, &list(400), &list(401));
}

fn figures(number: usize) -> DocumentFigures {
    DocumentFigures {
        document: document(number),
        customer: "gc_1".parse().unwrap(),
        paid_by_others: Decimal::ZERO,
        transactions: vec![TransactionFigures {
            kind: TxnType::Invoice,
            id: number.to_string(),
            version: "0".into(),
            written_at: 0,
            date: "2026-03-31".parse().unwrap(),
            customer: "24".into(),
            standing: Standing::Active,
            total: Decimal::ONE,
            balances: store::subledger::Balances::default(),
            paid: Vec::new(),
            number: "1042-1".into(),
        }],
    }
}

#[test]
fn crash_leaves_no_lost_page_of_figures() {
    let world = empty_world();
    let store = &world.services.store;
    let project: billing::Id = "prj_1".parse().unwrap();
    let party = Party::Project(project.clone());
    let postings = ListedPostings::default();
    block_on(store.list_party(&world.firm, &party, &postings)).unwrap();
    let save = |documents: usize| {
        let (firm, project) = (world.firm.clone(), project.clone());
        async move |store: &CrashStore| {
            let mut record: ProjectRecord = store.project(&firm, &project).await?;
            for number in 0..documents {
                record.figures.set(figures(number));
            }
            store.save_project(&firm, &project, &mut record).await
        }
    };
    crash_everywhere(&world, &save(300), &save(301));
    let record = block_on(store.project(&world.firm, &project)).unwrap();
    let all = block_on(store.all_figures(&world.firm, &party, record.figures)).unwrap();
    assert_eq!(all.len(), 301);
}

/// A void arrives before its document, and its worker crashes. Two revisions join it in the queue, and are never processed.
#[test]
fn revisions_of_early_void_are_found() {
    let void = json!({ "pay_app_id": BILL, "revision": 2, "voided_on": "2026-04-02" });
    let mut most = 0;
    for writes in 1..6 {
        let world = World::configured();
        let event = parse_event(&world.event_text("pay_app.voided", void.clone()));
        let services = world.crashing_services(&Rc::new(Cell::new(writes)));
        let mut entropy = world.entropy();
        let _ = block_on(accept(&services, event, &mut entropy, || world.now()));
        world.bill();
        world.revise_bill(USUAL);
        world.run_schedules(2, SignedDuration::from_mins(5));
        most = most.max(world.keys_with(&["rivet-books:received:"]).len());
        assert_eq!(lost(&world), Vec::<String>::new(), "{writes} writes");
        assert_erasable(&world);
    }
    assert_eq!(most, 2, "both revisions are stored");
}
