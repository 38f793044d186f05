//! The summary that `crash --billing` prints.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::run::BillingRun;
use crate::demo::deployment::Deployment as _;
use samples::call_counts::CallCounts;

impl BillingRun {
    /// Returns the summary of the run so far.
    pub fn summary(&self) -> String {
        let mut summary = String::new();
        // Writing to a string does not fail.
        let _ = self.write_summary(&mut summary);
        summary
    }

    fn write_summary(&self, summary: &mut String) -> std::fmt::Result {
        let state = self.deliveries.state();
        let answers = state.answers.iter();
        let answers = list(answers.map(|(answer, times)| (answer.as_str(), *times)));
        writeln!(
            summary,
            "  {} events accepted after {} requests: {answers}",
            state.accepted, state.requests
        )?;
        writeln!(summary, "  {} kills; {}", self.kills.total, self.kills)?;
        writeln!(
            summary,
            "  {} more restarts, because all work was due later",
            self.idle_restarts
        )?;
        let total: usize = self.faults.iter().map(|(_, count)| count).sum();
        let faults = list(self.faults.iter().copied());
        writeln!(summary, "  {total} faults of QuickBooks: {faults}")?;
        self.write_calls(summary)?;
        if !self.retried.is_empty() {
            let retried = self.retried.iter();
            let retried = list(retried.map(|(code, times)| (code.as_str(), *times)));
            writeln!(summary, "  retried by the user after: {retried}")?;
        }
        writeln!(summary, "  {}", self.result())
    }

    fn write_calls(&self, summary: &mut String) -> std::fmt::Result {
        let simulator = self.world.simulator();
        let calls = CallCounts::count(simulator.traffic());
        let throttled = simulator
            .traffic()
            .iter()
            .filter(|seen| seen.status == Some(429))
            .count();
        writeln!(summary, "  QuickBooks: {calls}; {throttled} answered 429")
    }

    /// Returns a sentence about the documents and the books.
    pub fn result(&self) -> String {
        let mut documents = BTreeMap::<&str, usize>::new();
        for document in self.expected.iter().flat_map(|firm| &firm.documents) {
            *documents.entry(document.kind).or_default() += 1;
        }
        let documents = list(documents.into_iter());
        let result = match self.violations.is_empty() {
            true => {
                "each is in the books once, every balance is right to the cent, and RIVET ties out"
            }
            false => "NOT all of them are in the books as expected",
        };
        let companies = self.expected.len();
        format!("{companies} companies, {documents}: {result}")
    }
}

fn list<'a>(counts: impl Iterator<Item = (&'a str, usize)>) -> String {
    let counts: Vec<_> = counts
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    counts.join(", ")
}
