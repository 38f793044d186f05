//! Thousands of connections: the cost of a scheduled run depends on the due ones, and ten calls run at once.

pub mod posting;
mod old_index;

use crate::support::timer::Timer;
use billing::FirmId;
use bridge::refresh_tokens::{DueReport, Endpoints, refresh_due};
use bytes::Bytes;
use connection::services::AuthServices;
use jiff::{SignedDuration, Timestamp};
use oauth2::{ClientId, ClientSecret};
use platform::store::{Keyring, SealedRecords};
use ports::entropy::Entropy;
use ports::http::{Http, HttpError};
use ports::records::{Records, StoreError};
use quickbooks::oauth::App;
use samples::connected_firms::ConnectedFirms;
use simulation::memory_store::{BackEnd, MemoryStore};
use simulation::seeds::TestSize;
use simulator::{Config, Rotation, Simulator};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use store::Store;
use store::schedule::{DueIndex, GROUPS, ScheduledJob};

/// Latency of the token endpoint.
const LATENCY: SignedDuration = SignedDuration::from_millis(100);

/// Intuit behind a network with latency.
struct DistantIntuit<'a> {
    timer: &'a Timer,
    latency: SignedDuration,
    simulator: RefCell<Simulator>,
    running: Cell<usize>,
    max_running: Cell<usize>,
}

impl Http for DistantIntuit<'_> {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, HttpError> {
        self.running.set(self.running.get() + 1);
        self.max_running
            .set(self.max_running.get().max(self.running.get()));
        self.timer.wait(self.latency).await;
        self.running.set(self.running.get() - 1);
        let reply = self.simulator.borrow_mut().handle(request);
        reply
            .answer()
            .ok_or_else(|| HttpError::Unknown("connection reset".into()))
    }

    async fn pause(&self, span: SignedDuration) {
        self.timer.wait(span).await;
    }
}

/// Result and cost of one run.
#[derive(Debug, PartialEq)]
struct Cost {
    report: DueReport,
    reads: usize,
    writes: usize,
    calls: usize,
    calls_at_once: usize,
    duration: SignedDuration,
}

/// Firms of which only those that are connected have more than a hint.
struct Crowd {
    connected: ConnectedFirms,
    /// The firms that are in the due index alone, and due an hour later.
    hinted: usize,
}

/// Runs the schedule once for this many firms.
fn run_for(firms: ConnectedFirms, latency: SignedDuration) -> Cost {
    let crowd = Crowd {
        connected: firms,
        hinted: 0,
    };
    run_for_crowd(&crowd, latency)
}

fn run_for_crowd(crowd: &Crowd, latency: SignedDuration) -> Cost {
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
    let grants = crowd.connected.issue_grants(&mut simulator);
    let memory = MemoryStore::new(BackEnd::DynamoDb);
    let keyring = Keyring::new(vec![("k1".into(), [5; 32])]);
    let records = |seed| {
        let entropy = Entropy::new([seed; 32]);
        SealedRecords::new(memory.clone(), keyring.clone(), entropy, || {
            Timestamp::UNIX_EPOCH
        })
    };
    let setup = records(1);
    let saving = crowd.connected.save(&setup, grants, start);
    timer.run(saving).unwrap();
    timer.run(crowd.save_hints(&setup, start)).unwrap();
    let intuit = DistantIntuit {
        timer: &timer,
        latency,
        simulator: RefCell::new(simulator),
        running: Cell::default(),
        max_running: Cell::default(),
    };
    let (reads, writes) = (memory.reads(), memory.writes());
    let report = run(&intuit, &Store::new(records(2)));
    Cost {
        report,
        reads: memory.reads() - reads,
        writes: memory.writes() - writes,
        calls: intuit.simulator.borrow().traffic().len(),
        calls_at_once: intuit.max_running.get(),
        duration: timer.now().duration_since(start),
    }
}

impl Crowd {
    /// Adds the hints of the firms that have nothing else.
    async fn save_hints(&self, records: &impl Records, now: Timestamp) -> Result<(), StoreError> {
        let mut indexes = BTreeMap::<u8, DueIndex>::new();
        for shard in 0..=u8::MAX {
            let saved = records.load(&shard.to_string()).await?;
            indexes.insert(shard, saved.unwrap_or_default());
        }
        for number in 0..self.hinted {
            let firm: FirmId = format!("firm_hinted_{number:019}").parse().unwrap();
            let index = indexes.get_mut(&DueIndex::shard_of(&firm)).unwrap();
            for job in [ScheduledJob::Connection, ScheduledJob::Work] {
                index.reschedule(&firm, job, Some(now + SignedDuration::from_hours(1)));
            }
        }
        for shard in 0..=u8::MAX {
            let is_used = !indexes[&shard].firms.is_empty();
            let group = indexes.get_mut(&(shard % GROUPS)).unwrap();
            let _ = is_used && group.note_in_use(shard);
        }
        for (shard, index) in indexes {
            records.save(&shard.to_string(), &index).await?;
        }
        Ok(())
    }
}

fn run(intuit: &DistantIntuit<'_>, store: &Store<SealedRecords<MemoryStore>>) -> DueReport {
    let app = App {
        oauth_origin: "https://oauth.platform.intuit.com".into(),
        client_id: ClientId::new("app".into()),
        client_secret: ClientSecret::new("app-secret-of-the-simulator".into()),
    };
    let auth = AuthServices {
        http: intuit,
        store,
        app: &app,
    };
    let endpoints = Endpoints {
        revoke_origin: "https://developer.api.intuit.com",
        receiver: None,
    };
    let timer = intuit.timer;
    let mut entropy = Entropy::new([3; 32]);
    let run = refresh_due(&auth, &endpoints, &mut entropy, || timer.now());
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
    let all = TestSize {
        usual: 2_000,
        full: 10_000,
    };
    let (due, firms) = (100, usize::try_from(all.get()).unwrap());
    let alone = run_for(ConnectedFirms { firms: due, due }, LATENCY);
    let crowded = run_for(ConnectedFirms { firms, due }, LATENCY);
    assert_eq!(alone.report, all_refreshed(due));
    // Of 256 shards those in use are read. A shard with due firms is claimed (swap, read back) and corrected (read, swap, read back).
    // A due connection is read, claimed (read, swap, read back) and saved (read, swap, read back). Then the activity of its
    // firm is read for notifications. The mark of an erasure and the firm's expired sign-ins are read once each.
    assert!(alone.reads <= 256 + due * 12, "{alone:?}");
    assert!(alone.writes <= due * 4, "{alone:?}");
    // The others use the rest of the shards, and cost nothing else.
    assert!(crowded.reads <= alone.reads + 256, "{crowded:?}");
    let reads = alone.reads;
    assert_eq!(Cost { reads, ..crowded }, alone);
}

/// The store of the test takes no value above 64 KB.
#[test]
fn hundred_thousand_firms_cost_as_much_as_a_thousand() {
    let connected = ConnectedFirms {
        firms: 1_000,
        due: 100,
    };
    let crowd = |hinted| run_for_crowd(&Crowd { connected, hinted }, LATENCY);
    let (few, many) = (crowd(0), crowd(99_000));
    assert_eq!(few.report, all_refreshed(100));
    // A thousand firms leave a few of the 256 shards empty.
    let empty = many.reads - few.reads;
    assert!(empty < 10, "{empty}");
    let reads = few.reads;
    assert_eq!(Cost { reads, ..many }, few);
}

/// Returns a number of firms that are due together.
fn many() -> usize {
    let many = TestSize {
        usual: 300,
        full: 1_000,
    };
    usize::try_from(many.get()).unwrap()
}

#[test]
fn many_refreshes_run_ten_at_once() {
    let due = many();
    let cost = run_for(ConnectedFirms { firms: due, due }, LATENCY);
    assert_eq!(cost.report, all_refreshed(due));
    assert_eq!((cost.calls, cost.calls_at_once), (due, 10));
    let floor = LATENCY * i32::try_from(due / cost.calls_at_once).unwrap();
    assert!(
        cost.duration <= floor * 5 / 4,
        "{} of {floor}",
        cost.duration
    );
}

#[test]
fn refresh_run_against_slow_intuit_ends_in_time() {
    let due = many();
    for seconds in [4, 9, 12, 18] {
        let slow = SignedDuration::from_secs(seconds);
        let cost = run_for(ConnectedFirms { firms: due, due }, slow);
        assert!(cost.duration <= SignedDuration::from_secs(25), "{cost:?}");
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
