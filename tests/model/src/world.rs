//! The whole world at one moment.

use crate::intuit::Intuit;
use crate::record::{Record, Token, Turn, Verb};
use crate::setting::Setting;
use std::hash::{Hash, Hasher};

/// Instances that may refresh the same connection.
pub const INSTANCES: usize = 3;

/// Where an instance is in its refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// In no refresh.
    Idle,
    /// Lost a swap and is about to read anew.
    Read(Verb),
    /// Has read and decided; `true` while nobody wrote since.
    Swap(Verb, bool),
    /// Was told that its swap went well and is about to read back. How many wrote since, unless its
    /// write did not happen or too many did.
    Check(Verb, Option<u8>),
    /// Its request is on the way, or already taken.
    Call(Call),
    /// Uses the new access token before it saves: only in a deviation.
    Use,
    /// Was refused and is about to read what the record says now.
    Reread,
}

/// A request to the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Call {
    /// Not sent yet, or on the way. `true` once it took as long as a call may.
    Out(bool),
    /// Taken by Intuit, which gives this token or refuses; the answer is on its way back.
    Back(bool, Option<Token>),
}

/// One instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instance {
    /// Where it is.
    pub step: Step,
    /// What it remembers.
    pub turn: Turn,
}

/// What a person has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Person {
    /// Nothing since the consent.
    Away,
    /// Disconnected.
    Gone,
    /// Ended the connection inside QuickBooks, of which nobody tells us.
    Ended,
    /// Connected again.
    Back,
}

/// What shows in no record any more, and except for the last must not have happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Mark {
    /// A grant was replaced by one of the same or an older generation.
    Regressed,
    /// The token before was sent although no refresh was open.
    SpentForNothing,
    /// A token was sent by an instance that had read that its grant is gone or replaced.
    SentInVain,
    /// A grant that stands was noted as lapsed.
    Slandered,
    /// A refused token was kept as the token before.
    KeptRefused,
    /// A fresh grant was saved under an old verdict.
    Hidden,
    /// The token before was accepted.
    Rescued,
}

/// What is left of the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Left {
    /// Refreshes.
    pub starts: u8,
    /// Crashes.
    pub crashes: u8,
    /// Lost answers.
    pub lost: u8,
    /// Calls that do not leave.
    pub unsent: u8,
    /// Writes of others.
    pub touches: u8,
}

/// Everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// The connection record.
    pub record: Record,
    /// What it was before the latest write, where a read may still give that.
    pub older: Option<Record>,
    /// The instances.
    pub instances: [Instance; INSTANCES],
    /// Intuit.
    pub intuit: Intuit,
    /// Requests that nobody waits for, by their tokens; 0 for none, sorted.
    pub flight: [Token; 4],
    /// What the person did.
    pub person: Person,
    /// What may still happen.
    pub left: Left,
    /// What has happened, as bits of [`Mark`].
    pub marks: u8,
}

impl Instance {
    pub(crate) const IDLE: Self = Self {
        step: Step::Idle,
        turn: Turn {
            age: 0,
            generation: 0,
            tokens: (0, None),
            interrupted: false,
            sent: 0,
            sending: 0,
            answer: 0,
        },
    };

    /// Whether it may still send or save a token by the right of its claim.
    pub fn owns(&self) -> bool {
        matches!(
            self.step,
            Step::Call(_)
                | Step::Use
                | Step::Reread
                | Step::Read(Verb::Save)
                | Step::Swap(Verb::Save, _)
                | Step::Check(Verb::Save, _)
        )
    }

    /// Whether Intuit may be given a token by it.
    pub fn sends(&self) -> bool {
        matches!(self.step, Step::Call(_))
    }
}

impl World {
    /// A fresh connection, and nobody at it.
    pub fn new(setting: &Setting) -> Self {
        let bounds = setting.bounds;
        Self {
            record: Record::connected(1, 1),
            older: None,
            instances: [Instance::IDLE; INSTANCES],
            intuit: Intuit::default(),
            flight: [0; 4],
            person: Person::Away,
            left: Left {
                starts: bounds.starts,
                crashes: bounds.crashes,
                lost: bounds.lost,
                unsent: bounds.unsent,
                touches: bounds.touches,
            },
            marks: 0,
        }
    }

    /// Whether it has happened.
    pub fn is_marked(&self, mark: Mark) -> bool {
        self.marks & 1 << mark as u8 != 0
    }

    pub(crate) fn mark(&mut self, mark: Mark, happened: bool) {
        self.marks |= u8::from(happened) << mark as u8;
    }

    /// Crashes and lost answers so far, and calls that did not leave.
    pub fn faults(&self, setting: &Setting) -> (u8, u8) {
        let (bounds, left) = (setting.bounds, self.left);
        let lost = (bounds.crashes - left.crashes) + (bounds.lost - left.lost);
        (lost, bounds.unsent - left.unsent)
    }

    /// Whether no refresh is under way, nor any request.
    pub fn is_quiet(&self) -> bool {
        let idle = |instance: &Instance| instance.step == Step::Idle;
        self.instances.iter().all(idle) && self.flight == [0; 4]
    }
}

/// Instances are alike: worlds that differ only in which instance is where count as one.
impl Hash for World {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let owner = |record: Record| record.claim.and_then(|claim| claim.owner);
        let owners = (owner(self.record), self.older.and_then(owner));
        let mut instances = [(Instance::IDLE, false, false); INSTANCES];
        for (who, place) in instances.iter_mut().enumerate() {
            let is = |owner: Option<u8>| owner.is_some_and(|owner| usize::from(owner) == who);
            *place = (self.instances[who], is(owners.0), is(owners.1));
        }
        instances.sort_unstable();
        let records = (
            self.record.anonymous(),
            self.older.map(|older| older.anonymous()),
        );
        (instances, records, self.intuit, self.flight).hash(state);
        (self.person, self.left, self.marks).hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Claim;
    use crate::setting::{Backend, Bounds, Rotation};
    use std::hash::{BuildHasher, RandomState};

    fn world(caller: usize, owner: u8) -> World {
        let bounds = Bounds {
            starts: 3,
            crashes: 0,
            lost: 0,
            unsent: 0,
            touches: 0,
            person: false,
            late: false,
        };
        let mut world = World::new(&Setting::new(Backend::Sqlite, Rotation::Strict, bounds));
        world.instances[caller].step = Step::Call(Call::Out(false));
        world.record.claim = Some(Claim {
            owner: Some(owner),
            left: 3,
        });
        world
    }

    #[test]
    fn worlds_that_differ_only_in_which_instance_is_where_are_one() {
        let hasher = RandomState::new();
        let hash = |caller, owner| hasher.hash_one(world(caller, owner));
        assert_eq!(hash(0, 0), hash(2, 2));
        assert_ne!(hash(0, 0), hash(0, 1));
    }
}
