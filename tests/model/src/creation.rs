//! The creation of a record, on every store.
//!
//! Claims live in records that exist, because on some stores both of two swaps on an absent key succeed. So a
//! record is created first, by the creator that has the turn. The first to count in a minute has the turn, if
//! no turn is noted in the minute before or after.
//!
//! ```text
//! get ─ exists ────────────────────────────────────────────────────────────────────────▶ change
//!  └ absent ▶ count ─ first ▶ note turn ▶ check before ▶ check after ▶ swap ▶ get ─ exists ▶ change
//!               │                              └── noted ──┴▶ withdraw ▶┐      └ absent ▶ busy
//!               └─ not the first ───────────────────────────────────────▶ get
//! ```
//!
//! The property: a creation never overwrites a change. The assumption: a creator ends before the minute after
//! the next begins, because no request lives as long.

mod step;

use stateright::{Model, Property};
use step::Step;

/// The behaviour of a store where a record is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbsentKey {
    /// SQLite: two concurrent swaps both succeed, and the later one stays. The counters are exact.
    BothWin,
    /// Redis, DynamoDB: the later of two swaps writes nothing, whatever the store reports. The counters are exact.
    FirstWins,
    /// As `FirstWins`, but two increments may return the same number: Cosmos DB.
    FirstWinsMiscounting,
}

/// The rule of the creation that a configuration leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingRule {
    /// All rules apply.
    Nothing,
    /// Creators do not count, so each is the first.
    Count,
    /// Creators do not check the minutes before and after.
    Neighbours,
    /// A creator may be slower than two minutes.
    Deadline,
}

/// A configuration of the creation.
#[derive(Clone, Debug)]
pub struct CreationModel {
    /// The behaviour of the store.
    pub absent_key: AbsentKey,
    /// The number of attempts in the whole run.
    pub attempts: u8,
    /// The number of creators that may crash.
    pub crashes: u8,
    /// The rule that is left out.
    pub missing: MissingRule,
}

const CREATORS: usize = 3;

/// The greatest number of minutes in a run.
const MINUTES: usize = 4;

/// The state of the store and of the creators.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Creation {
    /// The record, as the number of changes that it contains.
    record: Option<u8>,
    /// The number of changes that were made.
    changes: u8,
    minute: usize,
    /// The counter of each minute. Numbers above 2 make no difference.
    counts: [u8; MINUTES],
    /// The minutes whose turn is noted.
    turns: [bool; MINUTES],
    /// The steps of the creators, sorted because creators are alike.
    steps: [Step; CREATORS],
    attempts: u8,
    crashes: u8,
}

/// A step of the creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A creator takes its next step.
    Step(usize),
    /// A creator crashes.
    Crash(usize),
    /// The next minute begins.
    Minute,
}

/// No change is lost.
pub const NO_CHANGE_IS_LOST: &str = "a change is never overwritten by a creation";
/// Reached: two creators change the record.
pub const IS_CHANGED: &str = "the record is created and changed by two";
/// Reached: a creator crashed in its turn, and another creates the record two minutes later.
pub const IS_TAKEN_OVER: &str = "another creates after a creator died";

impl Model for CreationModel {
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
        for (creator, step) in creation.steps.into_iter().enumerate() {
            if step != Step::Idle || creation.attempts > 0 {
                actions.push(Action::Step(creator));
            }
            if step != Step::Idle && creation.crashes > 0 {
                actions.push(Action::Crash(creator));
            }
        }
        let in_time = |step: &Step| {
            step.began_at()
                .is_none_or(|minute| minute + 1 > creation.minute)
        };
        let can_pass = self.missing == MissingRule::Deadline || creation.steps.iter().all(in_time);
        if creation.minute + 1 < MINUTES && can_pass {
            actions.push(Action::Minute);
        }
    }

    fn next_state(&self, creation: &Creation, action: Action) -> Option<Creation> {
        let mut next = creation.clone();
        match action {
            Action::Step(creator) => {
                next.steps[creator] = next.take_step(self, creation.steps[creator]);
            }
            Action::Crash(creator) => {
                next.crashes -= 1;
                next.steps[creator] = Step::Idle;
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
    /// Takes a step of a creator and returns the next one.
    fn take_step(&mut self, model: &CreationModel, step: Step) -> Step {
        match step {
            Step::Idle => {
                self.attempts -= 1;
                self.by_record(Step::Change(self.minute), Step::Count(self.minute))
            }
            Step::Count(minute) if model.missing == MissingRule::Count => Step::Note(minute),
            Step::Count(minute) if model.absent_key == AbsentKey::FirstWinsMiscounting => {
                Step::Counted(minute, self.counts[minute])
            }
            Step::Count(minute) => self.count(minute, self.counts[minute]),
            Step::Counted(minute, read) => self.count(minute, read),
            Step::Note(minute) => {
                self.turns[minute] = true;
                match model.missing {
                    MissingRule::Neighbours => Step::Look(minute),
                    _ => Step::CheckBefore(minute),
                }
            }
            Step::CheckBefore(minute) => match minute > 0 && self.turns[minute - 1] {
                true => Step::Withdraw(minute),
                false => Step::CheckAfter(minute),
            },
            Step::CheckAfter(minute) => match self.turns.get(minute + 1) {
                Some(true) => Step::Withdraw(minute),
                _ => Step::Look(minute),
            },
            Step::Withdraw(minute) => {
                self.turns[minute] = false;
                Step::Reread(minute)
            }
            Step::Look(minute) => self.by_record(Step::Reread(minute), Step::Swap(minute)),
            Step::Swap(minute) => {
                if self.record.is_none() || model.absent_key == AbsentKey::BothWin {
                    self.record = Some(0);
                }
                Step::Reread(minute)
            }
            Step::Reread(minute) => self.by_record(Step::Change(minute), Step::Idle),
            Step::Change(_) => {
                self.record = self.record.map(|changes| changes + 1);
                self.changes += 1;
                Step::Idle
            }
        }
    }

    /// Returns one step if the record exists, the other if it is absent.
    fn by_record(&self, existing: Step, absent: Step) -> Step {
        match self.record {
            Some(_) => existing,
            None => absent,
        }
    }

    /// Writes the counter of a minute and returns the next step of the creator that had read it.
    fn count(&mut self, minute: usize, read: u8) -> Step {
        self.counts[minute] = (read + 1).min(2);
        match read {
            0 => Step::Note(minute),
            _ => Step::Reread(minute),
        }
    }
}
