//! Postings where nothing goes wrong but what a test says.

use crate::billing_facts::{self, Event};
use crate::given::{FIRMS, Given, Ways, beginning, firm_id};
use billing::Incoming;
use bridge::accept::{Outcome, accept};
use bridge::agenda::{Agenda, Chore};
use bridge::desk::Desk;
use bridge::ports::Records;
use jiff::{SignedDuration, Timestamp};
use simulation::Conditions;
use simulation::deployment::Deployment;
use simulation::memory::BackEnd;
use simulation::world::World;

/// Both firms connected and set up, and the events of a billing.
fn calm() -> (Deployment, Vec<Event>) {
    let given = Given {
        ways: Ways {
            by_line: false,
            classes: false,
            strict: false,
        },
        back_end: BackEnd::DynamoDb,
        memory: None,
        idle: SignedDuration::ZERO,
        conditions: Conditions::calm(),
    };
    let world = World::new(1, given.conditions, beginning());
    let facts = billing_facts::draw(&mut fastrand::Rng::with_seed(1));
    (given.deploy(&world), facts.events)
}

async fn deliver(stage: &Deployment, event: &Event) -> Outcome {
    let Ok(Incoming::Known(event)) = billing::parse(event.body.as_bytes()) else {
        panic!("not an event: {}", event.body);
    };
    let (books, mut entropy) = (stage.books(), stage.entropy());
    let accepted = accept(&books, event, &mut entropy, || stage.world.now()).await;
    accepted.unwrap().outcome
}

async fn desk(stage: &Deployment) -> Desk {
    stage.records().desk(&firm_id(FIRMS[0])).await.unwrap()
}

/// When the schedule looks at the firm's desk.
async fn hinted(stage: &Deployment) -> Option<Timestamp> {
    let firm = firm_id(FIRMS[0]);
    let shard = Agenda::shard_of(&firm).to_string();
    let agenda: Option<Agenda> = stage.raw().load(&shard).await.unwrap();
    let due = |second| {
        let at = Timestamp::from_second(second).unwrap();
        let due = agenda.as_ref()?.due(Chore::Work, at);
        due.contains(&firm).then_some(at)
    };
    let now = stage.world.now().as_second();
    (now..now + 600).find_map(due)
}

#[test]
fn an_event_that_comes_while_the_company_is_left_alone_waits_for_the_schedule() {
    let (stage, events) = calm();
    let world = stage.world.clone();
    let story = async move {
        let (firm, now) = (firm_id(FIRMS[0]), stage.world.now());
        let until = now + SignedDuration::from_secs(60);
        let left = stage.books().store;
        left.leave(&firm, &[], ("a worker before", Some(until), now))
            .await
            .unwrap();
        stage.intuit.borrow_mut().clear_traffic();
        assert_eq!(deliver(&stage, &events[0]).await, Outcome::Queued);
        assert_eq!(stage.intuit.borrow().traffic().len(), 0);
        assert_eq!(hinted(&stage).await, Some(until));
        assert_eq!(desk(&stage).await.worker, None);
        // The same again is known, and nothing is to be done earlier either.
        assert_eq!(deliver(&stage, &events[0]).await, Outcome::Duplicate);
        assert_eq!(stage.intuit.borrow().traffic().len(), 0);
        stage.world.sleep(until.duration_since(now)).await;
        assert_eq!(deliver(&stage, &events[0]).await, Outcome::Posted);
    };
    world.run(story).unwrap();
}
