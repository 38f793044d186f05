//! Postings without faults, except those that a test injects itself.

use crate::posting::billing_events::{self, Billing, Event};
use crate::posting::given::{BookMethods, Customs, FIRMS, Given, JobUse, firm_id, start_time};
use billing::ParsedEvent;
use bridge::accept_event::{Outcome, accept};
use jiff::{SignedDuration, Timestamp};
use ports::records::Records;
use simulation::Conditions;
use simulation::behaviour::Behaviour;
use simulation::deployment::Deployment;
use simulation::memory_store::BackEnd;
use simulation::requests::claimant;
use simulation::world::World;
use store::queue::lease::{LeaseRelease, LeaseResult};
use store::queue::{Queue, WORK_LEASE};
use store::schedule::{DueIndex, ScheduledJob};

pub fn given() -> Given {
    Given {
        methods: BookMethods {
            has_retainage_lines: false,
            is_billed_on_release: false,
            has_classes: false,
            has_opening: false,
            jobs: JobUse::None,
            has_strict_rotation: false,
        },
        back_end: BackEnd::DynamoDb,
        behaviour: Behaviour::as_published(),
        customs: Customs::default(),
        idle_for: SignedDuration::ZERO,
        page_capacity: 1,
        fault_answers_left: 0,
        has_firm_actions: false,
        has_manual_edits: false,
        has_typed_documents: false,
        has_long_outage: false,
        has_backlog: false,
        is_restored: false,
        is_small: false,
        conditions: Conditions::without_faults(),
    }
}

/// A deployment without faults, and the billing of its firms.
pub struct Quiet {
    pub deployment: Deployment,
    pub billing: Billing,
}

/// Connects and sets up both firms, and draws a billing.
pub fn quiet_deployment() -> Quiet {
    let world = World::new(1, Conditions::without_faults(), start_time());
    Quiet {
        billing: billing_events::draw(&mut fastrand::Rng::with_seed(1), given()),
        deployment: given().deploy(&world),
    }
}

pub async fn deliver(deployment: &Deployment, event: &Event) -> Outcome {
    let Ok(ParsedEvent::Known(event)) = billing::parse(event.body.as_bytes()) else {
        panic!("not an event: {}", event.body);
    };
    let (services, mut entropy) = (deployment.services(), deployment.entropy());
    let accepted = accept(&services, event, &mut entropy, || deployment.world.now()).await;
    accepted.unwrap().outcome
}

async fn queue(deployment: &Deployment) -> Queue {
    deployment
        .direct_store()
        .queue(&firm_id(FIRMS[0]))
        .await
        .unwrap()
}

/// Returns when the schedule looks at the queue of the first firm.
async fn next_hint(deployment: &Deployment) -> Option<Timestamp> {
    let firm = firm_id(FIRMS[0]);
    let shard = DueIndex::shard_of(&firm).to_string();
    let due_index: Option<DueIndex> = deployment.direct_records().load(&shard).await.unwrap();
    let due = |second| {
        let at = Timestamp::from_second(second).unwrap();
        let due = due_index.as_ref()?.due(ScheduledJob::Work, at);
        due.contains(&firm).then_some(at)
    };
    let now = deployment.world.now().as_second();
    (now..now + 600).find_map(due)
}

#[test]
fn event_during_company_pause_waits_for_schedule() {
    let Quiet {
        deployment,
        billing,
    } = quiet_deployment();
    let world = deployment.world.clone();
    let story = async move {
        let (firm, now) = (firm_id(FIRMS[0]), deployment.world.now());
        let until = now + SignedDuration::from_secs(60);
        let left = deployment.services().store;
        let before = LeaseRelease {
            call_not_before: Some(until),
            ..LeaseRelease::new("a worker before", now)
        };
        left.complete_and_release(&firm, &[], before).await.unwrap();
        deployment.intuit.borrow_mut().clear_traffic();
        assert_eq!(
            deliver(&deployment, &billing.events[0]).await,
            Outcome::Queued
        );
        assert_eq!(deployment.intuit.borrow().traffic().len(), 0);
        assert_eq!(next_hint(&deployment).await, Some(until));
        assert_eq!(queue(&deployment).await.lease, None);
        // A repeated event is known, and does not start work earlier.
        assert_eq!(
            deliver(&deployment, &billing.events[0]).await,
            Outcome::Duplicate
        );
        assert_eq!(deployment.intuit.borrow().traffic().len(), 0);
        deployment.world.sleep(until.duration_since(now)).await;
        assert_eq!(
            deliver(&deployment, &billing.events[0]).await,
            Outcome::Posted
        );
    };
    world.run(story).unwrap();
}

/// Acquires the lease after a pause. Returns whether the lease before expired unreleased, or nothing if another owner holds the lease.
async fn acquire_lease_after(
    deployment: &Deployment,
    owner: &str,
    after: SignedDuration,
) -> Option<bool> {
    deployment.world.sleep(after).await;
    let (firm, now) = (firm_id(FIRMS[0]), deployment.world.now());
    match deployment
        .direct_store()
        .acquire_lease(&firm, claimant(owner, now))
        .await
        .unwrap()
    {
        LeaseResult::Ours(queue) => Some(queue.has_expired_lease()),
        LeaseResult::Taken(_) => None,
    }
}

async fn release_lease(deployment: &Deployment, owner: &str) {
    let (firm, now) = (firm_id(FIRMS[0]), deployment.world.now());
    let left = deployment.direct_store();
    left.complete_and_release(&firm, &[], LeaseRelease::new(owner, now))
        .await
        .unwrap();
}

#[test]
fn unreleased_lease_marks_takeover_until_release() {
    let Quiet {
        deployment,
        billing,
    } = quiet_deployment();
    let world = deployment.world.clone();
    let story = async move {
        let none = SignedDuration::ZERO;
        assert_eq!(
            acquire_lease_after(&deployment, "a", none).await,
            Some(false)
        );
        assert_eq!(acquire_lease_after(&deployment, "b", none).await, None);
        // A crashes, B takes over and crashes too.
        assert_eq!(
            acquire_lease_after(&deployment, "b", WORK_LEASE).await,
            Some(true)
        );
        assert_eq!(
            acquire_lease_after(&deployment, "c", WORK_LEASE).await,
            Some(true)
        );
        // A was only slow. Its release does not end the lease of C.
        release_lease(&deployment, "a").await;
        assert_eq!(
            acquire_lease_after(&deployment, "c", none).await,
            Some(true)
        );
        release_lease(&deployment, "c").await;
        assert_eq!(
            acquire_lease_after(&deployment, "d", none).await,
            Some(false)
        );
        // An event that takes over an expired lease releases it.
        deployment.world.sleep(WORK_LEASE).await;
        assert_eq!(
            deliver(&deployment, &billing.events[0]).await,
            Outcome::Posted
        );
        assert_eq!(
            acquire_lease_after(&deployment, "e", none).await,
            Some(false)
        );
        // A late release is a release.
        deployment.world.sleep(WORK_LEASE).await;
        release_lease(&deployment, "e").await;
        assert_eq!(
            acquire_lease_after(&deployment, "f", none).await,
            Some(false)
        );
    };
    world.run(story).unwrap();
}
