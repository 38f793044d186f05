//! Thousands of documents that are held while a firm is paused, and are posted when the firm resumes.

use crate::posting::billing_events::Event;
use crate::posting::given::{COMPANIES, FIRMS, firm_id};
use crate::posting::quiet::quiet_deployment;
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
use simulation::deployment::{Deployment, InstanceServices};
use simulation::memory_store::MemoryStore;
use simulation::requests::{OWNER, claimant, session};
use simulation::seeds::TestSize;
use simulator::Simulator;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use store::PAGE_CAPACITY;

/// The number of held documents.
const DOCUMENTS: TestSize = TestSize {
    usual: 160,
    full: 3_000,
};

/// The duration of a call.
const CALL_DURATION: SignedDuration = SignedDuration::from_millis(5);

/// A network without faults, whose calls advance the clock.
struct TimedNetwork {
    intuit: Rc<RefCell<Simulator>>,
    now: Rc<Cell<Timestamp>>,
}

impl Http for TimedNetwork {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, HttpError> {
        self.now.set(self.now.get() + CALL_DURATION);
        let mut intuit = self.intuit.borrow_mut();
        intuit.set_now(self.now.get());
        let answer = intuit.handle(request).answer();
        answer.ok_or_else(|| HttpError::Unknown("connection reset".into()))
    }

    async fn pause(&self, span: SignedDuration) {
        self.now.set(self.now.get() + span);
    }
}

/// A firm whose services use the store directly.
struct Firm {
    services: Services<TimedNetwork, SealedRecords<MemoryStore>>,
    memory: MemoryStore,
    now: Rc<Cell<Timestamp>>,
    firm: FirmId,
    entropy: RefCell<Entropy>,
}

impl Firm {
    fn new(deployment: &Deployment) -> Self {
        let now = Rc::new(Cell::new(deployment.world.now()));
        let InstanceServices {
            app,
            api_origin,
            notifies_documents,
            ..
        } = deployment.services();
        let http = TimedNetwork {
            intuit: Rc::clone(&deployment.intuit),
            now: Rc::clone(&now),
        };
        Self {
            services: Services {
                http,
                store: deployment.direct_store(),
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
        let before = block_on(self.services.store.settings(&self.firm)).unwrap();
        let mut settings = before.settings;
        settings.sync.mode = mode;
        let replacement = Replacement {
            version: before.version,
            settings,
        };
        let by = claimant("office", self.now.get());
        block_on(replace(&self.services, &self.firm, replacement, by)).unwrap();
    }

    fn deliver(&self, event: &Event) -> Outcome {
        let Ok(ParsedEvent::Known(event)) = billing::parse(event.body.as_bytes()) else {
            panic!("not an event: {}", event.body);
        };
        let mut entropy = self.entropy();
        let accepted = accept(&self.services, event, &mut entropy, || self.now.get());
        block_on(accepted).unwrap().outcome
    }

    fn sync(&self) -> SyncReport {
        let mut entropy = self.entropy();
        let run = sync_due(&self.services, &mut entropy, || self.now.get());
        block_on(run).unwrap()
    }

    fn sync_counts(&self) -> Value {
        let status = block_on(status(
            &self.services.store,
            &session(self.firm.clone(), OWNER),
            self.now.get(),
        ))
        .unwrap();
        serde_json::to_value(status).unwrap()["sync"].clone()
    }

    fn largest_value(&self) -> usize {
        self.memory.content().values().map(Vec::len).max().unwrap()
    }
}

/// Returns one of many pay apps. The order of their dates is not the order in which they arrive.
fn pay_app(number: usize) -> Event {
    let day: jiff::civil::Date = "2019-01-01".parse().unwrap();
    let last = day + jiff::Span::new().days((number * 1009 % documents()) as i64 / 2);
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

fn documents() -> usize {
    usize::try_from(DOCUMENTS.get()).unwrap()
}

#[test]
fn paused_backlog_posts_by_date_when_resumed() {
    let documents = documents();
    let mut deployment = quiet_deployment().deployment;
    deployment.page_capacity = PAGE_CAPACITY;
    let firm = Firm::new(&deployment);
    firm.set_mode(SyncMode::Paused);
    let writes = firm.memory.writes();
    for number in 0..documents {
        assert_eq!(firm.deliver(&pay_app(number)), Outcome::Held, "{number}");
    }
    let writes = firm.memory.writes() - writes;
    println!(
        "{writes} writes for {documents} events, the largest value has {} bytes",
        firm.largest_value()
    );
    assert!(writes <= documents * 205 / 100, "{writes}");
    assert!(firm.largest_value() < 64 * 1024, "{}", firm.largest_value());
    assert_eq!(firm.sync_counts()["held"], documents);
    assert_eq!(firm.deliver(&pay_app(17)), Outcome::Duplicate);
    assert_eq!(firm.sync_counts()["held"], documents);

    firm.set_mode(SyncMode::Automatic);
    assert_eq!(firm.sync_counts()["pending"], documents);
    let (mut runs, mut posted) = (0, 0);
    while posted < documents {
        firm.now.set(firm.now.get() + SignedDuration::from_mins(5));
        let writes = firm.memory.writes();
        let report = firm.sync();
        runs += 1;
        posted += report.posted;
        let writes = firm.memory.writes() - writes;
        println!("run {runs}: {report:?}, {writes} writes");
        assert!(
            report.posted > 0 && report.failed + report.held + report.uncertain == 0,
            "{report:?}"
        );
        assert!(firm.largest_value() < 64 * 1024, "{}", firm.largest_value());
    }
    assert_eq!(
        (posted, firm.sync_counts()["pending"].clone()),
        (documents, 0.into())
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
    assert_eq!(dates.len(), documents);
    assert!(dates.is_sorted_by_key(|(_, date)| date));
    let page_count = firm.memory.content();
    let page_count = page_count
        .keys()
        .filter(|key| key.starts_with("rivet-books:queue-page:"));
    assert_eq!(page_count.count(), 0);
}
