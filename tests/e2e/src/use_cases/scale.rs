//! Thousands of connections: what a scheduled run costs grows with what is due, and it keeps ten calls under way.

mod posting;

use crate::support::timer::Timer;
use bridge::refresh_tokens::{DueReport, Endpoints, refresh_due};
use bytes::Bytes;
use connection::services::AuthServices;
use host::connected_firms::ConnectedFirms;
use jiff::{SignedDuration, Timestamp};
use oauth2::{ClientId, ClientSecret};
use platform::store::{Keyring, SealedRecords};
use ports::entropy::Entropy;
use ports::http::{Http, HttpError};
use quickbooks::oauth::App;
use simulation::memory::{BackEnd, Memory};
use simulator::{Config, Rotation, Simulator};
use std::cell::{Cell, RefCell};
use store::Store;

/// How long the token endpoint takes.
const LATENCY: SignedDuration = SignedDuration::from_millis(100);

/// Intuit, some way off.
struct Far<'a> {
    timer: &'a Timer,
    latency: SignedDuration,
    simulator: RefCell<Simulator>,
    under_way: Cell<usize>,
    at_most: Cell<usize>,
}

impl Http for Far<'_> {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, HttpError> {
        self.under_way.set(self.under_way.get() + 1);
        self.at_most
            .set(self.at_most.get().max(self.under_way.get()));
        self.timer.wait(self.latency).await;
        self.under_way.set(self.under_way.get() - 1);
        let reply = self.simulator.borrow_mut().handle(request);
        reply
            .answer()
            .ok_or_else(|| HttpError::Unknown("connection reset".into()))
    }

    async fn pause(&self, span: SignedDuration) {
        self.timer.wait(span).await;
    }
}

/// What a run did and cost.
#[derive(Debug, PartialEq)]
struct Cost {
    report: DueReport,
    reads: usize,
    writes: usize,
    calls: usize,
    calls_at_once: usize,
    took: SignedDuration,
}

fn run_over(firms: ConnectedFirms, latency: SignedDuration) -> Cost {
    let start: Timestamp = "2026-03-02T15:00:00Z".parse().unwrap();
    let timer = Timer::at(start);
    let mut simulator = Simulator::new(Config {
        client_id: "app".into(),
        client_secret: "app-secret-of-the-simulator".into(),
        redirect_uris: Vec::new(),
        seed: 7,
        now: start,
        rotation: Rotation::EachRefresh,
    });
    let grants = firms.issue_grants(&mut simulator);
    let memory = Memory::new(BackEnd::DynamoDb);
    let keyring = Keyring::new(vec![("k1".into(), [5; 32])]);
    let records = |seed| {
        let entropy = Entropy::new([seed; 32]);
        SealedRecords::new(memory.clone(), keyring.clone(), entropy, || {
            Timestamp::UNIX_EPOCH
        })
    };
    timer.run(firms.save(&records(1), grants, start)).unwrap();
    let far = Far {
        timer: &timer,
        latency,
        simulator: RefCell::new(simulator),
        under_way: Cell::default(),
        at_most: Cell::default(),
    };
    let (reads, writes) = (memory.reads(), memory.writes());
    let report = run(&far, &Store::new(records(2)));
    Cost {
        report,
        reads: memory.reads() - reads,
        writes: memory.writes() - writes,
        calls: far.simulator.borrow().traffic().len(),
        calls_at_once: far.at_most.get(),
        took: timer.now().duration_since(start),
    }
}

fn run(far: &Far<'_>, store: &Store<SealedRecords<Memory>>) -> DueReport {
    let app = App {
        oauth_origin: "https://oauth.platform.intuit.com".into(),
        client_id: ClientId::new("app".into()),
        client_secret: ClientSecret::new("app-secret-of-the-simulator".into()),
    };
    let grants = AuthServices {
        http: far,
        store,
        app: &app,
    };
    let addresses = Endpoints {
        revoke_origin: "https://developer.api.intuit.com",
        receiver: None,
    };
    let timer = far.timer;
    let mut entropy = Entropy::new([3; 32]);
    let run = refresh_due(&grants, &addresses, &mut entropy, || timer.now());
    timer.run(run).unwrap()
}

fn all_refreshed(due: usize) -> DueReport {
    DueReport {
        due,
        refreshed: due,
        ..DueReport::default()
    }
}

#[test]
fn refresh_cost_depends_only_on_due_firms() {
    let due = 100;
    let alone = run_over(ConnectedFirms { firms: due, due }, LATENCY);
    let crowded = run_over(ConnectedFirms { firms: 10_000, due }, LATENCY);
    assert_eq!(alone.report, all_refreshed(due));
    assert_eq!(crowded, alone);
    // Each of the 32 shards is read; those with somebody due are taken (a swap, read back) and corrected (read, swap, read
    // back). Each connection that is due is looked at, claimed (read, swap, read back) and saved (the same); then its firm's activity
    // is, for something to tell.
    assert!(alone.reads <= 32 * 4 + due * 6, "{alone:?}");
    assert!(alone.writes <= 32 * 2 + due * 2, "{alone:?}");
}

#[test]
fn thousand_refreshes_run_ten_at_once() {
    let due = 1_000;
    let cost = run_over(ConnectedFirms { firms: due, due }, LATENCY);
    assert_eq!(cost.report, all_refreshed(due));
    assert_eq!((cost.calls, cost.calls_at_once), (due, 10));
    let floor = LATENCY * i32::try_from(due / cost.calls_at_once).unwrap();
    assert!(cost.took <= floor * 5 / 4, "{} of {floor}", cost.took);
}

#[test]
fn refresh_run_against_slow_intuit_ends_in_time() {
    let due = 1_000;
    for seconds in [4, 9, 12, 18] {
        let slow = SignedDuration::from_secs(seconds);
        let cost = run_over(ConnectedFirms { firms: due, due }, slow);
        assert!(cost.took <= SignedDuration::from_secs(25), "{cost:?}");
        let DueReport {
            refreshed,
            remaining,
            ..
        } = cost.report;
        assert_eq!(
            (refreshed, refreshed + remaining),
            (cost.calls, due),
            "{cost:?}"
        );
        assert!(refreshed >= 10, "{cost:?}");
    }
}
