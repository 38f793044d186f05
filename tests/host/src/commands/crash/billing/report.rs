//! What is told in the end.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::run::Run;
use crate::calls::Calls;
use crate::demo::site::Site as _;

impl Run {
    /// What was done, and what was in the way.
    pub fn summary(&self) -> String {
        let mut told = String::new();
        // Writing to a text does not fail.
        let _ = self.write(&mut told);
        told
    }

    fn write(&self, told: &mut String) -> std::fmt::Result {
        let state = self.deliveries.state();
        let answers = listed(
            state
                .answers
                .iter()
                .map(|(answer, times)| (answer.as_str(), *times)),
        );
        writeln!(
            told,
            "  {} events answered, sent {} times: {answers}",
            state.answered, state.sent
        )?;
        writeln!(told, "  {} kills, {}", self.kills.total, self.kills)?;
        writeln!(
            told,
            "  {} more starts because everybody waited for the clock",
            self.waits
        )?;
        let met: usize = self.faults.iter().map(|(_, met)| met).sum();
        writeln!(
            told,
            "  {met} calls went wrong: {}",
            listed(self.faults.iter().copied())
        )?;
        let simulator = self.world.simulator();
        let calls = Calls::of(simulator.traffic());
        let over = simulator
            .traffic()
            .iter()
            .filter(|seen| seen.status == Some(429))
            .count();
        writeln!(told, "  QuickBooks: {calls}; {over} answered 429")?;
        let mut documents = BTreeMap::<&str, usize>::new();
        for (kind, ..) in self.expected.iter().flat_map(|firm| &firm.documents) {
            *documents.entry(kind).or_default() += 1;
        }
        let documents = listed(documents.into_iter());
        let exact = match self.violations.is_empty() {
            true => "every one stands once, and every balance is right to the cent",
            false => "NOT all of them stand as they should",
        };
        if !self.retried.is_empty() {
            let retried = self.retried.iter();
            let retried = listed(retried.map(|(why, times)| (why.as_str(), *times)));
            writeln!(told, "  the office asked again for: {retried}")?;
        }
        let companies = self.expected.len();
        writeln!(told, "  {companies} companies, {documents}: {exact}")
    }
}

fn listed<'a>(counts: impl Iterator<Item = (&'a str, usize)>) -> String {
    let counts: Vec<_> = counts
        .map(|(what, count)| format!("{what} {count}"))
        .collect();
    counts.join(", ")
}
