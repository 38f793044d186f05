//! How often the host was killed, and in the middle of what.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::world::Step;

#[derive(Default)]
pub(super) struct Kills {
    pub total: usize,
    under_way: BTreeMap<Option<Step>, usize>,
}

impl Kills {
    /// One more, in the middle of these.
    pub fn count(&mut self, under_way: &BTreeSet<Step>) {
        self.total += 1;
        for step in under_way {
            *self.under_way.entry(Some(*step)).or_default() += 1;
        }
        if under_way.is_empty() {
            *self.under_way.entry(None).or_default() += 1;
        }
    }
}

impl fmt::Display for Kills {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |(step, times): (&Option<Step>, &usize)| {
            let step = match step {
                Some(Step::Departure) => "a departure",
                Some(Step::Landing) => "a landing",
                Some(Step::Refresh) => "a refresh",
                Some(Step::Sync) => "a sync",
                Some(Step::Event) => "an event",
                None => "nothing",
            };
            format!("{step} {times}")
        };
        let told: Vec<_> = self.under_way.iter().map(told).collect();
        write!(f, "under way: {}", told.join(", "))
    }
}
