//! What is told in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use super::world::Step;

#[derive(Default)]
pub(super) struct Tally {
    pub kills: usize,
    /// Connections that worked without a person.
    pub healed: usize,
    /// Firms that were told to reconnect.
    pub reconnected: usize,
    /// Firms that were told to connect.
    pub connected: usize,
    pub violations: Vec<String>,
    /// How long each scene takes undisturbed.
    pub spans: Vec<Duration>,
    landings: BTreeMap<String, usize>,
    under_way: BTreeMap<Option<Step>, usize>,
}

impl Tally {
    /// One more kill, in the middle of these.
    pub fn killed(&mut self, under_way: &BTreeSet<Step>) {
        self.kills += 1;
        for step in under_way {
            *self.under_way.entry(Some(*step)).or_default() += 1;
        }
        if under_way.is_empty() {
            *self.under_way.entry(None).or_default() += 1;
        }
    }

    /// A browser was told this before the host died.
    pub fn landed(&mut self, told: String) {
        *self.landings.entry(told).or_default() += 1;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let during = |step| self.under_way.get(&step).copied().unwrap_or_default();
        let spans: Vec<_> = self
            .spans
            .iter()
            .map(|span| format!("{:.2} s", span.as_secs_f64()))
            .collect();
        writeln!(
            f,
            "  {} kills, each within {}",
            self.kills,
            spans.join(" or ")
        )?;
        writeln!(
            f,
            "  under way: a departure {}, a landing {}, a refresh {}, nothing {}",
            during(Some(Step::Departure)),
            during(Some(Step::Landing)),
            during(Some(Step::Refresh)),
            during(None),
        )?;
        for (told, times) in &self.landings {
            writeln!(f, "  browsers told {told}: {times}")?;
        }
        writeln!(
            f,
            "  afterwards: {} connections healed, {} firms told to reconnect, {} told to connect; each did so in one go",
            self.healed, self.reconnected, self.connected
        )
    }
}
