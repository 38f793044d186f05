//! Any sequence of verbs on a desk with shelves answers and ends as on one that keeps everything in its record.

use crate::given::{Records, arrival, at, document, finished, firm, plain, store, void, waiting};
use billing::SubscriptionPlan;
use bridge::views::activity;
use bridge::views::activity::PageRequest;
use fastrand::Rng;
use futures::executor::block_on;
use jiff::Timestamp;
use simulation::memory::{BackEnd, Memory};
use std::convert::Infallible;
use store::Claimant;
use store::Store;
use store::document::decision::{Decision, DecisionKind};
use store::queue::completion::WorkResult;
use store::queue::entry::{EntryState, QueueEntry};
use store::queue::lease::LeaseRelease;
use store::queue::lease::{EnqueueResult, LeaseResult, NewEntry};
use store::reason::hold::HoldReason;

/// What is done next, the same on both desks.
enum Verb {
    Arrive(Box<NewEntry>),
    SitDown,
    Leave(Vec<WorkResult>, Option<Timestamp>),
    Release(HoldReason),
    AskFor(Option<usize>),
    Decide(usize, Decision),
}

struct Story {
    chance: Rng,
    now: i64,
    /// The latest revision that arrived of each document.
    arrived: Vec<u32>,
}

impl Story {
    fn next(&mut self, there: &[QueueEntry]) -> Verb {
        self.now += self.chance.i64(0..20);
        match self.chance.u8(..16) {
            0..=7 => Verb::Arrive(Box::new(self.arrival())),
            8 | 9 => Verb::SitDown,
            10..=12 => {
                let until = self.chance.i64(-20..40);
                let until = self.chance.bool().then(|| at(self.now + until));
                Verb::Leave(self.finished(there), until)
            }
            13 => Verb::Release(self.hold()),
            14 => {
                let one = self.chance.usize(..=self.arrived.len());
                Verb::AskFor(self.chance.bool().then_some(one))
            }
            _ => {
                let one = self.chance.usize(..=self.arrived.len());
                Verb::Decide(one, self.decision())
            }
        }
    }

    fn arrival(&mut self) -> NewEntry {
        let plan = [
            SubscriptionPlan::Pro,
            SubscriptionPlan::Pro,
            SubscriptionPlan::Pro,
            SubscriptionPlan::Starter,
        ][self.chance.usize(..4)];
        let seen = at(self.now - self.chance.i64(0..30));
        let mark = self.mark();
        let old = self.chance.usize(..=self.arrived.len());
        if self.chance.bool() || old == self.arrived.len() {
            self.arrived.push(1);
            let new = waiting(self.arrived.len() - 1, 1, mark);
            return arrival(new, (plan, seen), true);
        }
        let newest = &mut self.arrived[old];
        *newest += u32::from(self.chance.bool());
        let revision = self.chance.u32(1..=*newest);
        let again = if self.chance.u8(..4) == 0 {
            QueueEntry {
                void: Some(void(revision)),
                ..waiting(old, 0, mark)
            }
        } else {
            waiting(old, revision, mark)
        };
        arrival(again, (plan, seen), false)
    }

    fn hold(&mut self) -> HoldReason {
        match self.chance.u8(..4) {
            0 => HoldReason::Paused,
            1 => HoldReason::PlanNotEligible,
            2 => HoldReason::PaymentsApplied,
            _ => HoldReason::WaitingFor(document(self.chance.usize(..=self.arrived.len()))),
        }
    }

    fn mark(&mut self) -> EntryState {
        match self.chance.u8(..8) {
            0..=2 => EntryState::PENDING,
            _ => EntryState::Held(self.hold()),
        }
    }

    fn finished(&mut self, there: &[QueueEntry]) -> Vec<WorkResult> {
        let mut done = Vec::new();
        for waiting in there {
            if self.chance.u8(..3) > 0 {
                continue;
            }
            let later = at(self.now + self.chance.i64(0..60));
            let mark = match self.chance.u8(..8) {
                0 => Some(EntryState::Uncertain(later)),
                1 => Some(EntryState::Failed),
                2 => Some(EntryState::Conflict),
                3 => Some(EntryState::Held(self.hold())),
                _ => None,
            };
            let mut one = finished(waiting, mark, at(self.now));
            // Sometimes something newer has come since the worker looked.
            one.revision -= u32::from(one.revision > 1 && self.chance.u8(..4) == 0);
            done.push(one);
        }
        done
    }

    fn decision(&mut self) -> Decision {
        let acts = [
            DecisionKind::KeepRivet,
            DecisionKind::KeepQuickbooks,
            DecisionKind::Ignore,
        ];
        Decision {
            kind: acts[self.chance.usize(..3)],
            objects: Vec::new(),
            decided_by: "usr_17".parse().unwrap(),
            decided_at: at(self.now),
            conflict_seen_at: None,
        }
    }
}

/// Does it, and tells the answer.
async fn carry_out(store: &Store<Records>, verb: &Verb, (owner, now): (&str, Timestamp)) -> String {
    let firm = firm();
    match verb {
        Verb::Arrive(arrival) => {
            let arrived = store
                .enqueue(&firm, arrival, Claimant { owner, now })
                .await
                .unwrap();
            match arrived {
                EnqueueResult::Ours(desk) => format!("ours {:?}", plain(*desk)),
                other => format!("{other:?}"),
            }
        }
        Verb::SitDown => match store
            .acquire_lease(&firm, Claimant { owner, now })
            .await
            .unwrap()
        {
            LeaseResult::Ours(desk) => format!("ours {:?}", plain(*desk)),
            LeaseResult::Taken(desk) => format!("taken {:?}", plain(*desk)),
        },
        Verb::Leave(finished, until) => {
            let left = store
                .complete_and_release(
                    &firm,
                    finished,
                    LeaseRelease {
                        call_not_before: *until,
                        ..LeaseRelease::new(owner, now)
                    },
                )
                .await;
            format!("{:?}", plain(left.unwrap()))
        }
        Verb::Release(cured) => {
            let released = store.release_holds(&firm, |hold| hold == cured).await;
            format!("{:?}", plain(released.unwrap()))
        }
        Verb::AskFor(which) => {
            let named = which.map(|which| vec![document(which)]);
            let by = "usr_18".parse().unwrap();
            let asked = store
                .request_documents(&firm, named.as_deref(), &by, now)
                .await;
            format!("{:?}", plain(asked.unwrap()))
        }
        Verb::Decide(which, decision) => {
            let decide =
                |there: Option<&QueueEntry>| Ok::<_, Infallible>(there.map(|_| decision.clone()));
            let decided = store
                .record_decision(&firm, &document(*which), decide)
                .await;
            format!("{decided:?}")
        }
    }
}

/// All lines, newest first.
async fn lines(store: &Store<Records>) -> String {
    let page = PageRequest {
        limit: 100,
        ..PageRequest::default()
    };
    let list = activity(store, &firm(), &page).await.unwrap();
    format!("{list:?}")
}

fn play(seed: u64) -> usize {
    let mut story = Story {
        chance: Rng::with_seed(seed),
        now: 0,
        arrived: Vec::new(),
    };
    let back_end = BackEnd::ALL[story.chance.usize(..4)];
    let room = story.chance.usize(1..=5);
    let memories = [Memory::new(back_end), Memory::new(back_end)];
    let short = store(&memories[0], room, 1);
    let long = store(&memories[1], 10_000, 1);
    let mut most = 0;
    for step in 0..60 {
        let there = block_on(long.queue(&firm())).unwrap();
        let verb = story.next(&there.entries);
        let owner = ["a", "b"][story.chance.usize(..2)];
        let by = (owner, at(story.now));
        let expected = block_on(carry_out(&long, &verb, by));
        let found = block_on(carry_out(&short, &verb, by));
        assert_eq!(found, expected, "step {step} of seed {seed}");
        let desks = [&long, &short].map(|store| block_on(store.queue(&firm())).unwrap());
        let [expected, found] = desks.map(plain);
        assert_eq!(found, expected, "after step {step} of seed {seed}");
        if step % 10 == 9 {
            assert_eq!(block_on(lines(&short)), block_on(lines(&long)), "{seed}");
        }
        most = most.max(shelves(&memories[0]));
    }
    assert_eq!(shelves(&memories[1]), 0);
    most
}

fn shelves(memory: &Memory) -> usize {
    let content = memory.content();
    let shelves = content.keys().filter(|key| key.contains("/shelf/"));
    shelves.count()
}

#[test]
fn paged_queue_behaves_like_unpaged_queue() {
    let most = (0..200).map(play).max();
    assert!(most >= Some(10), "{most:?} shelves at most");
}
