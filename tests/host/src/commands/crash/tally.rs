//! What is told in the end.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::kills::Kills;

#[derive(Default)]
pub(super) struct Tally {
    pub kills: Kills,
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
}

impl Tally {
    /// A browser was told this before the host died.
    pub fn landed(&mut self, told: String) {
        *self.landings.entry(told).or_default() += 1;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spans: Vec<_> = self
            .spans
            .iter()
            .map(|span| format!("{:.2} s", span.as_secs_f64()))
            .collect();
        let spans = spans.join(" or ");
        writeln!(f, "  {} kills, each within {spans}", self.kills.total)?;
        writeln!(f, "  {}", self.kills)?;
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
