//! Postings where nothing goes wrong but what a test says.

use crate::billing_facts::{self, Billing, Event};
use crate::given::{FIRMS, Given, Ways, beginning, firm_id};
use billing::ParsedEvent;
use bridge::accept_event::{Outcome, accept};
use jiff::{SignedDuration, Timestamp};
use ports::records::Records;
use simulation::Conditions;
use simulation::deployment::Deployment;
use simulation::memory::BackEnd;
use simulation::world::World;
use store::Claimant;
use store::queue::lease::LeaseRelease;
use store::queue::lease::LeaseResult;
use store::queue::{Queue, WORK_LEASE};
use store::schedule::{DueIndex, ScheduledJob};

pub fn given() -> Given {
    Given {
        ways: Ways {
            by_line: false,
            classes: false,
            strict: false,
        },
        back_end: BackEnd::DynamoDb,
        memory: None,
        idle: SignedDuration::ZERO,
        shelf: 1,
        troubles: 0,
        holds: false,
        people: false,
        backlog: false,
        few: false,
        conditions: Conditions::calm(),
    }
}

/// Both firms connected and set up, and a billing.
pub fn calm() -> (Deployment, Billing) {
    let world = World::new(1, Conditions::calm(), beginning());
    let facts = billing_facts::draw(&mut fastrand::Rng::with_seed(1), given());
    (given().deploy(&world), facts)
}

pub async fn deliver(stage: &Deployment, event: &Event) -> Outcome {
    let Ok(ParsedEvent::Known(event)) = billing::parse(event.body.as_bytes()) else {
        panic!("not an event: {}", event.body);
    };
    let (books, mut entropy) = (stage.books(), stage.entropy());
    let accepted = accept(&books, event, &mut entropy, || stage.world.now()).await;
    accepted.unwrap().outcome
}

async fn desk(stage: &Deployment) -> Queue {
    stage.records().queue(&firm_id(FIRMS[0])).await.unwrap()
}

/// When the schedule looks at the firm's desk.
async fn hinted(stage: &Deployment) -> Option<Timestamp> {
    let firm = firm_id(FIRMS[0]);
    let shard = DueIndex::shard_of(&firm).to_string();
    let agenda: Option<DueIndex> = stage.raw().load(&shard).await.unwrap();
    let due = |second| {
        let at = Timestamp::from_second(second).unwrap();
        let due = agenda.as_ref()?.due(ScheduledJob::Work, at);
        due.contains(&firm).then_some(at)
    };
    let now = stage.world.now().as_second();
    (now..now + 600).find_map(due)
}

#[test]
fn event_during_company_pause_waits_for_schedule() {
    let (stage, facts) = calm();
    let world = stage.world.clone();
    let story = async move {
        let (firm, now) = (firm_id(FIRMS[0]), stage.world.now());
        let until = now + SignedDuration::from_secs(60);
        let left = stage.books().store;
        left.complete_and_release(
            &firm,
            &[],
            LeaseRelease {
                call_not_before: Some(until),
                ..LeaseRelease::new("a worker before", now)
            },
        )
        .await
        .unwrap();
        stage.intuit.borrow_mut().clear_traffic();
        assert_eq!(deliver(&stage, &facts.events[0]).await, Outcome::Queued);
        assert_eq!(stage.intuit.borrow().traffic().len(), 0);
        assert_eq!(hinted(&stage).await, Some(until));
        assert_eq!(desk(&stage).await.lease, None);
        // The same again is known, and nothing is to be done earlier either.
        assert_eq!(deliver(&stage, &facts.events[0]).await, Outcome::Duplicate);
        assert_eq!(stage.intuit.borrow().traffic().len(), 0);
        stage.world.sleep(until.duration_since(now)).await;
        assert_eq!(deliver(&stage, &facts.events[0]).await, Outcome::Posted);
    };
    world.run(story).unwrap();
}

/// Who sits down, how long after the one before, and whether the one before them left.
async fn sits_down(stage: &Deployment, owner: &str, after: SignedDuration) -> Option<bool> {
    stage.world.sleep(after).await;
    let (firm, now) = (firm_id(FIRMS[0]), stage.world.now());
    match stage
        .records()
        .acquire_lease(&firm, Claimant { owner, now })
        .await
        .unwrap()
    {
        LeaseResult::Ours(desk) => Some(desk.has_expired_lease()),
        LeaseResult::Taken(_) => None,
    }
}

async fn leaves(stage: &Deployment, owner: &str) {
    let (firm, now) = (firm_id(FIRMS[0]), stage.world.now());
    let left = stage.records();
    left.complete_and_release(&firm, &[], LeaseRelease::new(owner, now))
        .await
        .unwrap();
}

#[test]
fn unreleased_lease_marks_takeover_until_release() {
    let (stage, facts) = calm();
    let world = stage.world.clone();
    let story = async move {
        let none = SignedDuration::ZERO;
        assert_eq!(sits_down(&stage, "a", none).await, Some(false));
        assert_eq!(sits_down(&stage, "b", none).await, None);
        // A dies, B takes over and dies too.
        assert_eq!(sits_down(&stage, "b", WORK_LEASE).await, Some(true));
        assert_eq!(sits_down(&stage, "c", WORK_LEASE).await, Some(true));
        // A lives after all; its leaving is not C's.
        leaves(&stage, "a").await;
        assert_eq!(sits_down(&stage, "c", none).await, Some(true));
        leaves(&stage, "c").await;
        assert_eq!(sits_down(&stage, "d", none).await, Some(false));
        // An event that finds the seat like that knows it as well, and leaves it in order.
        stage.world.sleep(WORK_LEASE).await;
        assert_eq!(deliver(&stage, &facts.events[0]).await, Outcome::Posted);
        assert_eq!(sits_down(&stage, "e", none).await, Some(false));
        // Whoever is late to leave has left.
        stage.world.sleep(WORK_LEASE).await;
        leaves(&stage, "e").await;
        assert_eq!(sits_down(&stage, "f", none).await, Some(false));
    };
    world.run(story).unwrap();
}
