//! Applies random sequences of operations to a queue with pages and to a queue without: both must answer and end alike.

use crate::queue::given::{
    Records, at, document, firm, new_entry, queue_entry, result_for, store, void, without_pages,
};
use billing::SubscriptionPlan;
use bridge::views::activity;
use bridge::views::activity::PageRequest;
use fastrand::Rng;
use futures::executor::block_on;
use jiff::Timestamp;
use simulation::memory_store::{BackEnd, MemoryStore};
use simulation::requests::claimant;
use simulation::seeds::TestSize;
use std::convert::Infallible;
use store::document::decision::{Decision, DecisionKind};
use store::queue::PlanStatus;
use store::queue::completion::WorkResult;
use store::queue::entry::{EntryState, QueueEntry};
use store::queue::lease::{EnqueueResult, LeaseRelease, LeaseResult, NewEntry};
use store::reason::hold::HoldReason;
use store::{Claimant, Store};

/// An operation, applied to both queues.
enum Operation {
    Enqueue(Box<NewEntry>),
    AcquireLease,
    Complete(Vec<WorkResult>, Option<Timestamp>),
    ReleaseHolds(HoldReason),
    Request(Option<usize>),
    Decide(usize, Decision),
}

struct Generator {
    chance: Rng,
    now: i64,
    /// The latest revision of each document that was enqueued.
    arrived: Vec<u32>,
}

impl Generator {
    fn next(&mut self, there: &[QueueEntry]) -> Operation {
        self.now += self.chance.i64(0..20);
        match self.chance.u8(..16) {
            0..=7 => Operation::Enqueue(Box::new(self.new_entry())),
            8 | 9 => Operation::AcquireLease,
            10..=12 => {
                let until = self.chance.i64(-20..40);
                let until = self.chance.bool().then(|| at(self.now + until));
                Operation::Complete(self.result_for(there), until)
            }
            13 => Operation::ReleaseHolds(self.hold()),
            14 => {
                let one = self.chance.usize(..=self.arrived.len());
                Operation::Request(self.chance.bool().then_some(one))
            }
            _ => {
                let one = self.chance.usize(..=self.arrived.len());
                Operation::Decide(one, self.decision())
            }
        }
    }

    fn new_entry(&mut self) -> NewEntry {
        let plan = [
            SubscriptionPlan::Pro,
            SubscriptionPlan::Pro,
            SubscriptionPlan::Pro,
            SubscriptionPlan::Starter,
        ][self.chance.usize(..4)];
        let plan = PlanStatus {
            plan,
            at: at(self.now - self.chance.i64(0..30)),
        };
        let state = self.state();
        let old = self.chance.usize(..=self.arrived.len());
        if self.chance.bool() || old == self.arrived.len() {
            self.arrived.push(1);
            let new = queue_entry(self.arrived.len() - 1, 1, state);
            return new_entry(new, plan, true);
        }
        let newest = &mut self.arrived[old];
        *newest += u32::from(self.chance.bool());
        let revision = self.chance.u32(1..=*newest);
        let again = if self.chance.u8(..4) == 0 {
            QueueEntry {
                void: Some(void(revision)),
                ..queue_entry(old, 0, state)
            }
        } else {
            queue_entry(old, revision, state)
        };
        new_entry(again, plan, false)
    }

    fn hold(&mut self) -> HoldReason {
        match self.chance.u8(..4) {
            0 => HoldReason::Paused,
            1 => HoldReason::PlanNotEligible,
            2 => HoldReason::PaymentsApplied,
            _ => HoldReason::WaitingFor(document(self.chance.usize(..=self.arrived.len()))),
        }
    }

    fn state(&mut self) -> EntryState {
        match self.chance.u8(..8) {
            0..=2 => EntryState::PENDING,
            _ => EntryState::Held(self.hold()),
        }
    }

    fn result_for(&mut self, there: &[QueueEntry]) -> Vec<WorkResult> {
        let mut done = Vec::new();
        for entry in there {
            if self.chance.u8(..3) > 0 {
                continue;
            }
            let later = at(self.now + self.chance.i64(0..60));
            let state = match self.chance.u8(..8) {
                0 => Some(EntryState::Uncertain(later)),
                1 => Some(EntryState::Failed),
                2 => Some(EntryState::Conflict),
                3 => Some(EntryState::Held(self.hold())),
                _ => None,
            };
            let mut one = result_for(entry, state, at(self.now));
            // Sometimes a newer revision has arrived since the worker loaded the queue.
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

/// Applies an operation and returns its result as text.
async fn apply(store: &Store<Records>, operation: &Operation, claimant: Claimant<'_>) -> String {
    let (firm, now) = (firm(), claimant.now);
    match operation {
        Operation::Enqueue(entry) => {
            let arrived = store.enqueue(&firm, entry, claimant).await.unwrap();
            match arrived {
                EnqueueResult::Ours(queue) => format!("ours {:?}", without_pages(*queue)),
                other => format!("{other:?}"),
            }
        }
        Operation::AcquireLease => match store.acquire_lease(&firm, claimant).await.unwrap() {
            LeaseResult::Ours(queue) => format!("ours {:?}", without_pages(*queue)),
            LeaseResult::Taken(queue) => format!("taken {:?}", without_pages(*queue)),
        },
        Operation::Complete(finished, until) => {
            let left = store
                .complete_and_release(
                    &firm,
                    finished,
                    LeaseRelease {
                        call_not_before: *until,
                        ..LeaseRelease::new(claimant.owner, now)
                    },
                )
                .await;
            format!("{:?}", without_pages(left.unwrap()))
        }
        Operation::ReleaseHolds(released) => {
            let released = store.release_holds(&firm, |hold| hold == released).await;
            format!("{:?}", without_pages(released.unwrap()))
        }
        Operation::Request(which) => {
            let named = which.map(|which| vec![document(which)]);
            let by = "usr_18".parse().unwrap();
            let asked = store
                .request_documents(&firm, named.as_deref(), &by, now)
                .await;
            format!("{:?}", without_pages(asked.unwrap()))
        }
        Operation::Decide(which, decision) => {
            let decide =
                |there: Option<&QueueEntry>| Ok::<_, Infallible>(there.map(|_| decision.clone()));
            let decided = store
                .record_decision(&firm, &document(*which), decide)
                .await;
            format!("{decided:?}")
        }
    }
}

/// Returns all activity entries, newest first.
async fn activity_entries(store: &Store<Records>) -> String {
    let page = PageRequest {
        limit: 100,
        ..PageRequest::default()
    };
    let list = activity(store, &firm(), &page).await.unwrap();
    format!("{list:?}")
}

fn run_seed(seed: u64) -> usize {
    let mut generator = Generator {
        chance: Rng::with_seed(seed),
        now: 0,
        arrived: Vec::new(),
    };
    let back_end = BackEnd::ALL[generator.chance.usize(..4)];
    let page_capacity = generator.chance.usize(1..=5);
    let memories = [MemoryStore::new(back_end), MemoryStore::new(back_end)];
    let short = store(&memories[0], page_capacity, 1);
    let long = store(&memories[1], 10_000, 1);
    let mut most = 0;
    for step in 0..60 {
        let there = block_on(long.queue(&firm())).unwrap();
        let operation = generator.next(&there.entries);
        let owner = ["a", "b"][generator.chance.usize(..2)];
        let by = claimant(owner, at(generator.now));
        let expected = block_on(apply(&long, &operation, by));
        let found = block_on(apply(&short, &operation, by));
        assert_eq!(found, expected, "step {step} of seed {seed}");
        let queues = [&long, &short].map(|store| block_on(store.queue(&firm())).unwrap());
        let [expected, found] = queues.map(without_pages);
        assert_eq!(found, expected, "after step {step} of seed {seed}");
        if step % 10 == 9 {
            assert_eq!(
                block_on(activity_entries(&short)),
                block_on(activity_entries(&long)),
                "{seed}"
            );
        }
        most = most.max(page_count(&memories[0]));
    }
    assert_eq!(page_count(&memories[1]), 0);
    most
}

fn page_count(memory: &MemoryStore) -> usize {
    let content = memory.content();
    let page_count = content.keys().filter(|key| key.contains(":queue-page:"));
    page_count.count()
}

#[test]
fn paged_queue_behaves_like_unpaged_queue() {
    let seeds = TestSize {
        usual: 10,
        full: 200,
    };
    let most = (0..seeds.get()).map(run_seed).max();
    assert!(most >= Some(10), "{most:?} overflow pages at most");
}
