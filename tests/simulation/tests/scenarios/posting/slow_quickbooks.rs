//! A QuickBooks that answers slowly: a scheduled run still ends in time, and posts nothing twice.

use crate::posting::final_state;
use crate::posting::given::{FIRMS, firm_id};
use crate::posting::quiet::{Quiet, deliver, given, quiet_deployment};
use crate::posting::scenario::Run;
use bridge::accept_event::Outcome;
use bridge::sync::{SyncReport, sync_due};
use bytes::Bytes;
use connection::services::Services;
use jiff::SignedDuration;
use ports::http::{CallTimeout, Http, HttpError};
use simulation::deployment::{Deployment, InstanceServices};
use std::cell::RefCell;
use store::queue::lease::LeaseRelease;

/// A network with given latencies, one for each call. The last latency holds for all later calls.
struct SlowNetwork<'a> {
    deployment: &'a Deployment,
    latencies: RefCell<Vec<SignedDuration>>,
}

impl SlowNetwork<'_> {
    fn latency(&self) -> SignedDuration {
        let mut latencies = self.latencies.borrow_mut();
        match latencies.len() {
            1 => latencies[0],
            _ => latencies.remove(0),
        }
    }
}

impl Http for SlowNetwork<'_> {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, HttpError> {
        let latency = self.latency();
        let timeout = request.extensions().get::<CallTimeout>().copied();
        let timeout = timeout.unwrap_or(CallTimeout::USUAL).0;
        let world = &self.deployment.world;
        world.sleep(latency.min(timeout)).await;
        self.deployment.intuit.borrow_mut().set_now(world.now());
        let reply = self.deployment.intuit.borrow_mut().handle(request);
        let answer = reply.answer().filter(|_| latency <= timeout);
        answer.ok_or_else(|| HttpError::Unknown("the answer took too long".into()))
    }

    async fn pause(&self, span: SignedDuration) {
        self.deployment.world.sleep(span).await;
    }
}

/// A scheduled run that has ended.
struct EndedRun {
    took: SignedDuration,
    report: SyncReport,
}

/// Runs the schedule with these latencies, in seconds.
async fn run_schedule(deployment: &Deployment, latencies: &[i64]) -> EndedRun {
    let started_at = deployment.world.now();
    let InstanceServices { store, app, .. } = deployment.services();
    let latencies = latencies.iter().copied().map(SignedDuration::from_secs);
    let slow = Services {
        http: SlowNetwork {
            deployment,
            latencies: RefCell::new(latencies.collect()),
        },
        store,
        app,
        api_origin: "https://quickbooks.api.intuit.com".into(),
        notifies_documents: false,
    };
    let report = sync_due(&slow, &mut deployment.entropy(), || deployment.world.now()).await;
    EndedRun {
        took: deployment.world.now().duration_since(started_at),
        report: report.unwrap(),
    }
}

#[test]
fn run_ends_in_time_with_slow_quickbooks() {
    let steady = (1..=20).map(|latency| vec![latency]);
    let sudden = (1..=12).map(|quick| [vec![1; quick], vec![20]].concat());
    let late = (1..=6).map(|quick| [vec![3; quick], vec![20]].concat());
    for latencies in steady.chain(sudden).chain(late) {
        let Quiet {
            deployment,
            billing,
        } = quiet_deployment();
        let world = deployment.world.clone();
        let story = async move {
            let now = deployment.world.now();
            let until = now + SignedDuration::from_secs(60);
            let before = LeaseRelease {
                call_not_before: Some(until),
                ..LeaseRelease::new("a worker before", now)
            };
            for firm in FIRMS {
                let store = deployment.services().store;
                store
                    .complete_and_release(&firm_id(firm), &[], before)
                    .await
                    .unwrap();
            }
            for event in &billing.events {
                let outcome = deliver(&deployment, event).await;
                assert!(matches!(outcome, Outcome::Queued | Outcome::Duplicate));
            }
            deployment.world.sleep(SignedDuration::from_secs(60)).await;
            let EndedRun { took, report } = run_schedule(&deployment, &latencies).await;
            let longest = SignedDuration::from_secs(25);
            assert!(took <= longest, "{latencies:?}: {took}, {report:?}");
            let run = Run::new(deployment, given(), billing);
            final_state::settle(&run).await;
            final_state::check(&run).await;
        };
        world.run(story).unwrap();
    }
}
