//! A QuickBooks that answers slowly: a scheduled run ends in time all the same, and nothing is posted twice for it.

use crate::calm::{calm, deliver, given};
use crate::given::{FIRMS, firm_id};
use crate::rest;
use crate::story::Play;
use bridge::accept_event::Outcome;
use bridge::sync::{SyncReport, sync_due};
use bytes::Bytes;
use connection::services::Services;
use jiff::SignedDuration;
use ports::http::{CallTimeout, Http, HttpError};
use simulation::deployment::{Books, Deployment};
use std::cell::RefCell;
use store::queue::lease::LeaseRelease;

/// The way to an Intuit that takes so long for each answer, one after the other, and the last for all that follow.
struct Slow<'a> {
    stage: &'a Deployment,
    latencies: RefCell<Vec<SignedDuration>>,
}

impl Slow<'_> {
    fn latency(&self) -> SignedDuration {
        let mut latencies = self.latencies.borrow_mut();
        match latencies.len() {
            1 => latencies[0],
            _ => latencies.remove(0),
        }
    }
}

impl Http for Slow<'_> {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, HttpError> {
        let latency = self.latency();
        let patience = request.extensions().get::<CallTimeout>().copied();
        let patience = patience.unwrap_or(CallTimeout::USUAL).0;
        let world = &self.stage.world;
        world.sleep(latency.min(patience)).await;
        self.stage.intuit.borrow_mut().set_now(world.now());
        let reply = self.stage.intuit.borrow_mut().handle(request);
        let answer = reply.answer().filter(|_| latency <= patience);
        answer.ok_or_else(|| HttpError::Unknown("the answer took too long".into()))
    }

    async fn pause(&self, span: SignedDuration) {
        self.stage.world.sleep(span).await;
    }
}

/// How long a run takes, and what it says.
async fn run(stage: &Deployment, latencies: &[i64]) -> (SignedDuration, SyncReport) {
    let began = stage.world.now();
    let Books { store, app, .. } = stage.books();
    let latencies = latencies.iter().copied().map(SignedDuration::from_secs);
    let slow = Services {
        http: Slow {
            stage,
            latencies: RefCell::new(latencies.collect()),
        },
        store,
        app,
        api_origin: "https://quickbooks.api.intuit.com".into(),
        notifies_documents: false,
    };
    let report = sync_due(&slow, &mut stage.entropy(), || stage.world.now()).await;
    (stage.world.now().duration_since(began), report.unwrap())
}

#[test]
fn run_ends_in_time_with_slow_quickbooks() {
    let steady = (1..=20).map(|latency| vec![latency]);
    let sudden = (1..=12).map(|quick| [vec![1; quick], vec![20]].concat());
    let late = (1..=6).map(|quick| [vec![3; quick], vec![20]].concat());
    for latencies in steady.chain(sudden).chain(late) {
        let (stage, facts) = calm();
        let world = stage.world.clone();
        let story = async move {
            let now = stage.world.now();
            let until = now + SignedDuration::from_secs(60);
            let before = LeaseRelease {
                call_not_before: Some(until),
                ..LeaseRelease::new("a worker before", now)
            };
            for firm in FIRMS {
                let store = stage.books().store;
                store
                    .complete_and_release(&firm_id(firm), &[], before)
                    .await
                    .unwrap();
            }
            for event in &facts.events {
                let outcome = deliver(&stage, event).await;
                assert!(matches!(outcome, Outcome::Queued | Outcome::Duplicate));
            }
            stage.world.sleep(SignedDuration::from_secs(60)).await;
            let (took, report) = run(&stage, &latencies).await;
            let longest = SignedDuration::from_secs(25);
            assert!(took <= longest, "{latencies:?}: {took}, {report:?}");
            let play = Play::new(stage, given(), facts);
            rest::come_to(&play).await;
            rest::check(&play).await;
        };
        world.run(story).unwrap();
    }
}
