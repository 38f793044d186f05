//! How a record comes to be: `records::create`, on every store.
//!
//! Claims live in records that exist, because on some stores both of two swaps on an absent key win. So a
//! record is created first, by whoever has the turn: the first to count in a minute, if nobody has noted a turn
//! in the minute before or after.
//!
//! ```text
//! get ─ there ──────────────────────────────────────────────────────────────────▶ change
//!  └ absent ▶ count ─ first ▶ note the turn ▶ look before ▶ look after ▶ swap if absent ▶ get ─ there ▶ change
//!               │                                └─ noted ──┴▶ take the turn back ▶┐        └ absent ▶ busy
//!               └─ not the first ───────────────────────────────────────────────▶ get
//! ```
//!
//! What must hold: a change is never overwritten by a creation. What it stands on: a creator is done before the
//! minute after the next begins, since no request lives as long.

mod step;

use stateright::{Model, Property};
use step::Step;

/// What a store does when a record is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// Both of two swaps win, the later one stands: SQLite. Its counters count.
    BothWin,
    /// The later swap writes nothing, whatever is reported: Redis, DynamoDB. Their counters count.
    FirstWins,
    /// As the second, but two may draw the same number: Cosmos DB.
    FirstWinsMiscounting,
}

/// What a creation may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Nothing.
    Nothing,
    /// Nobody counts: everybody is the first.
    Count,
    /// Nobody looks at the minutes around.
    Neighbours,
    /// A creator may be slower than two minutes.
    Pace,
}

/// A configuration.
#[derive(Clone, Debug)]
pub struct Creating {
    /// The store.
    pub absent: Absent,
    /// Attempts in all.
    pub attempts: u8,
    /// Creators that may die.
    pub crashes: u8,
    /// What is missing.
    pub lack: Lack,
}

const CREATORS: usize = 3;

/// Minutes that pass at most.
const MINUTES: usize = 4;

/// The store and the creators.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Creation {
    /// The record, as the number of changes that it has seen.
    record: Option<u8>,
    /// How many changes were made.
    changes: u8,
    minute: usize,
    /// The counters of the minutes; beyond 2 it does not matter.
    counts: [u8; MINUTES],
    /// The turns that are noted.
    turns: [bool; MINUTES],
    /// Creators are alike, so they are kept in order.
    steps: [Step; CREATORS],
    attempts: u8,
    crashes: u8,
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A creator takes its next step.
    Step(usize),
    /// A creator dies.
    Crash(usize),
    /// The next minute begins.
    Minute,
}

/// No change is lost.
pub const NO_CHANGE_IS_LOST: &str = "a change is never overwritten by a creation";
/// Reached: two changes.
pub const IS_CHANGED: &str = "the record is created and changed by two";
/// Reached: a creator died in its turn, and another creates two minutes later.
pub const IS_TAKEN_OVER: &str = "another creates after a creator died";

impl Model for Creating {
    type State = Creation;
    type Action = Action;

    fn init_states(&self) -> Vec<Creation> {
        vec![Creation {
            record: None,
            changes: 0,
            minute: 0,
            counts: [0; MINUTES],
            turns: [false; MINUTES],
            steps: [Step::Idle; CREATORS],
            attempts: self.attempts,
            crashes: self.crashes,
        }]
    }

    fn actions(&self, creation: &Creation, actions: &mut Vec<Action>) {
        for (who, step) in creation.steps.into_iter().enumerate() {
            if step != Step::Idle || creation.attempts > 0 {
                actions.push(Action::Step(who));
            }
            if step != Step::Idle && creation.crashes > 0 {
                actions.push(Action::Crash(who));
            }
        }
        let done = |step: &Step| step.began().is_none_or(|began| began + 1 > creation.minute);
        let paced = self.lack == Lack::Pace || creation.steps.iter().all(done);
        if creation.minute + 1 < MINUTES && paced {
            actions.push(Action::Minute);
        }
    }

    fn next_state(&self, creation: &Creation, action: Action) -> Option<Creation> {
        let mut next = creation.clone();
        match action {
            Action::Step(who) => next.steps[who] = next.step(self, creation.steps[who]),
            Action::Crash(who) => {
                next.crashes -= 1;
                next.steps[who] = Step::Idle;
            }
            Action::Minute => next.minute += 1,
        }
        next.steps.sort_unstable();
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(NO_CHANGE_IS_LOST, |_, creation: &Creation| {
                creation.record.unwrap_or_default() == creation.changes
            }),
            Property::sometimes(IS_CHANGED, |_, creation: &Creation| {
                creation.record == Some(2)
            }),
            Property::sometimes(IS_TAKEN_OVER, |_, creation: &Creation| {
                creation.record.is_some() && creation.turns[0] && creation.turns[2]
            }),
        ]
    }
}

impl Creation {
    fn step(&mut self, model: &Creating, step: Step) -> Step {
        match step {
            Step::Idle => {
                self.attempts -= 1;
                self.found(Step::Change(self.minute), Step::Count(self.minute))
            }
            Step::Count(began) if model.lack == Lack::Count => Step::Note(began),
            Step::Count(began) if model.absent == Absent::FirstWinsMiscounting => {
                Step::Counted(began, self.counts[began])
            }
            Step::Count(began) => self.count(began, self.counts[began]),
            Step::Counted(began, read) => self.count(began, read),
            Step::Note(began) => {
                self.turns[began] = true;
                match model.lack {
                    Lack::Neighbours => Step::Look(began),
                    _ => Step::Before(began),
                }
            }
            Step::Before(began) => match began > 0 && self.turns[began - 1] {
                true => Step::TakeBack(began),
                false => Step::After(began),
            },
            Step::After(began) => match self.turns.get(began + 1) {
                Some(true) => Step::TakeBack(began),
                _ => Step::Look(began),
            },
            Step::TakeBack(began) => {
                self.turns[began] = false;
                Step::Again(began)
            }
            Step::Look(began) => self.found(Step::Again(began), Step::Swap(began)),
            Step::Swap(began) => {
                if self.record.is_none() || model.absent == Absent::BothWin {
                    self.record = Some(0);
                }
                Step::Again(began)
            }
            Step::Again(began) => self.found(Step::Change(began), Step::Idle),
            Step::Change(_) => {
                self.record = self.record.map(|changes| changes + 1);
                self.changes += 1;
                Step::Idle
            }
        }
    }

    fn found(&self, there: Step, absent: Step) -> Step {
        match self.record {
            Some(_) => there,
            None => absent,
        }
    }

    fn count(&mut self, began: usize, read: u8) -> Step {
        self.counts[began] = (read + 1).min(2);
        match read {
            0 => Step::Note(began),
            _ => Step::Again(began),
        }
    }
}
