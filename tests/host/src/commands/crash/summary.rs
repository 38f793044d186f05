//! The summary that `crash` prints about connections.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::kills::KillCounts;

/// The counts of one run.
#[derive(Default)]
pub(super) struct Summary {
    pub kills: KillCounts,
    /// Firms whose connection worked without a person.
    pub still_connected: usize,
    /// Firms whose status asked for a reconnect.
    pub had_to_reconnect: usize,
    /// Firms whose status asked for a connect.
    pub had_to_connect: usize,
    pub violations: Vec<String>,
    /// The time that each workload takes without a kill.
    pub durations: Vec<Duration>,
    outcomes: BTreeMap<String, usize>,
}

impl Summary {
    /// Counts a sign-in that ended with this outcome before the host was killed.
    pub fn add_outcome(&mut self, outcome: String) {
        *self.outcomes.entry(outcome).or_default() += 1;
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let durations: Vec<_> = self
            .durations
            .iter()
            .map(|duration| format!("{:.2} s", duration.as_secs_f64()))
            .collect();
        let durations = durations.join(" or ");
        writeln!(
            f,
            "  {} kills, each at a random moment within {durations}",
            self.kills.total
        )?;
        writeln!(f, "  {}", self.kills)?;
        for (outcome, times) in &self.outcomes {
            writeln!(f, "  sign-ins that ended with {outcome}: {times}")?;
        }
        writeln!(
            f,
            "  at the checks: {} connections worked, {} firms had to reconnect, {} had to connect",
            self.still_connected, self.had_to_reconnect, self.had_to_connect
        )
    }
}
