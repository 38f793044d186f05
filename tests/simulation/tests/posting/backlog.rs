//! Thousands of documents that wait while a firm is paused, and what becomes of them when it goes on.

use crate::billing_facts::Event;
use crate::calm::calm;
use crate::given::{COMPANIES, FIRMS, firm_id};
use billing::{FirmId, ParsedEvent};
use bridge::accept_event::{Outcome, accept};
use bridge::replace_settings::{Replacement, replace};
use bridge::sync::{SyncReport, sync_due};
use bridge::views::status;
use bytes::Bytes;
use connection::services::Services;
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};
use mapping::SyncMode;
use platform::store::SealedRecords;
use ports::entropy::Entropy;
use ports::http::{Http, HttpError};
use serde_json::{Value, json};
use simulation::deployment::{Books, Deployment};
use simulation::memory::Memory;
use simulator::Simulator;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use store::PAGE_CAPACITY;

/// Waiting documents.
const DOCUMENTS: usize = 3000;

/// A call takes so long.
const CALL: SignedDuration = SignedDuration::from_millis(5);

/// An Intuit close by, with a clock that its calls move.
struct Near {
    intuit: Rc<RefCell<Simulator>>,
    now: Rc<Cell<Timestamp>>,
}

impl Http for Near {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, HttpError> {
        self.now.set(self.now.get() + CALL);
        let mut intuit = self.intuit.borrow_mut();
        intuit.set_now(self.now.get());
        let answer = intuit.handle(request).answer();
        answer.ok_or_else(|| HttpError::Unknown("connection reset".into()))
    }

    async fn pause(&self, span: SignedDuration) {
        self.now.set(self.now.get() + span);
    }
}

/// One firm's deployment without anything between it and the store.
struct Stage {
    bridge: Services<Near, SealedRecords<Memory>>,
    memory: Memory,
    now: Rc<Cell<Timestamp>>,
    firm: FirmId,
    entropy: RefCell<Entropy>,
}

impl Stage {
    fn new(deployment: &Deployment) -> Self {
        let now = Rc::new(Cell::new(deployment.world.now()));
        let Books {
            app,
            api_origin,
            notifies_documents,
            ..
        } = deployment.books();
        let http = Near {
            intuit: Rc::clone(&deployment.intuit),
            now: Rc::clone(&now),
        };
        Self {
            bridge: Services {
                http,
                store: deployment.records(),
                app,
                api_origin,
                notifies_documents,
            },
            memory: deployment.memory.clone(),
            now,
            firm: firm_id(FIRMS[0]),
            entropy: RefCell::new(Entropy::new([3; 32])),
        }
    }

    fn entropy(&self) -> Entropy {
        self.entropy.borrow_mut().split()
    }

    fn set_mode(&self, mode: SyncMode) {
        let before = block_on(self.bridge.store.settings(&self.firm)).unwrap();
        let mut settings = before.settings;
        settings.sync.mode = mode;
        let replacement = Replacement {
            version: before.version,
            settings,
        };
        let by = store::Claimant {
            owner: "office",
            now: self.now.get(),
        };
        block_on(replace(&self.bridge, &self.firm, replacement, by)).unwrap();
    }

    fn deliver(&self, event: &Event) -> Outcome {
        let Ok(ParsedEvent::Known(event)) = billing::parse(event.body.as_bytes()) else {
            panic!("not an event: {}", event.body);
        };
        let mut entropy = self.entropy();
        let accepted = accept(&self.bridge, event, &mut entropy, || self.now.get());
        block_on(accepted).unwrap().outcome
    }

    fn sync(&self) -> SyncReport {
        let mut entropy = self.entropy();
        let run = sync_due(&self.bridge, &mut entropy, || self.now.get());
        block_on(run).unwrap()
    }

    fn shown(&self) -> Value {
        let status = block_on(status(&self.bridge.store, &self.firm, self.now.get())).unwrap();
        serde_json::to_value(status).unwrap()["sync"].clone()
    }

    fn largest(&self) -> usize {
        self.memory.content().values().map(Vec::len).max().unwrap()
    }
}

/// One of many pay apps, dated in another order than they come in.
fn pay_app(number: usize) -> Event {
    let day: jiff::civil::Date = "2019-01-01".parse().unwrap();
    let last = day + jiff::Span::new().days((number * 1009 % DOCUMENTS) as i64 / 2);
    let project = number % 30;
    let line = json!({
        "sov_item_id": "sov_1", "item_number": "01", "description": "Rough-in", "work_completed": "100.00",
        "materials_stored": "0.00", "retainage": "0.00",
    });
    let pay_app = json!({
        "id": format!("pa_{number:026}"), "revision": 1, "number": 1 + number / 30, "period_start": last, "period_end": last,
        "currency": "USD",
        "project": { "id": format!("prj_{project}"), "number": format!("2{project:03}"), "name": format!("Yard {project}") },
        "customer": { "id": "gc_0", "name": "Contractor 0" }, "lines": [line],
        "totals": { "billed": "100.00", "retainage": "0.00", "net": "100.00" },
    });
    let data = json!({ "pay_app": pay_app, "firm_id": FIRMS[0], "plan": "pro" });
    let event =
        json!({ "type": "pay_app.approved", "timestamp": "2026-03-02T15:00:00Z", "data": data });
    Event {
        name: format!("pay app {number}"),
        body: event.to_string(),
    }
}

#[test]
fn paused_backlog_posts_by_date_when_resumed() {
    let (mut deployment, _) = calm();
    deployment.shelf = PAGE_CAPACITY;
    let stage = Stage::new(&deployment);
    stage.set_mode(SyncMode::Paused);
    let writes = stage.memory.writes();
    for number in 0..DOCUMENTS {
        assert_eq!(stage.deliver(&pay_app(number)), Outcome::Held, "{number}");
    }
    let writes = stage.memory.writes() - writes;
    println!(
        "{writes} writes for {DOCUMENTS} events, the largest value has {} bytes",
        stage.largest()
    );
    assert!(writes <= DOCUMENTS * 205 / 100, "{writes}");
    assert!(stage.largest() < 64 * 1024, "{}", stage.largest());
    assert_eq!(stage.shown()["held"], DOCUMENTS);
    assert_eq!(stage.deliver(&pay_app(17)), Outcome::Duplicate);
    assert_eq!(stage.shown()["held"], DOCUMENTS);

    stage.set_mode(SyncMode::Automatic);
    assert_eq!(stage.shown()["pending"], DOCUMENTS);
    let (mut runs, mut posted) = (0, 0);
    while posted < DOCUMENTS {
        stage
            .now
            .set(stage.now.get() + SignedDuration::from_mins(5));
        let writes = stage.memory.writes();
        let report = stage.sync();
        runs += 1;
        posted += report.posted;
        let writes = stage.memory.writes() - writes;
        println!("run {runs}: {report:?}, {writes} writes");
        assert!(
            report.posted > 0 && report.failed + report.held + report.uncertain == 0,
            "{report:?}"
        );
        assert!(stage.largest() < 64 * 1024, "{}", stage.largest());
    }
    assert_eq!(
        (posted, stage.shown()["pending"].clone()),
        (DOCUMENTS, 0.into())
    );
    let intuit = deployment.intuit.borrow();
    let invoices = intuit.entities(COMPANIES[0], "Invoice");
    let mut dates: Vec<_> = invoices
        .map(|invoice| {
            (
                invoice["Id"].as_str().unwrap().parse::<u64>().unwrap(),
                invoice["TxnDate"].to_string(),
            )
        })
        .collect();
    dates.sort();
    assert_eq!(dates.len(), DOCUMENTS);
    assert!(dates.is_sorted_by_key(|(_, date)| date));
    let shelves = stage.memory.content();
    let shelves = shelves
        .keys()
        .filter(|key| key.starts_with("rivet-books/shelf/"));
    assert_eq!(shelves.count(), 0);
}
