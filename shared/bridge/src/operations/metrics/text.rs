//! The figures as text (OpenMetrics 1.0).

use crate::operations::metrics::figures::Metrics;
use std::fmt::{Display, Write as _};

/// The text of families of metrics.
struct Text(String);

impl Text {
    /// Begins a family. A name of a counter has no `_total` here.
    fn family(&mut self, kind: &str, name: &str, help: &str) {
        let _ = writeln!(self.0, "# TYPE rivet_books_{name} {kind}");
        let _ = writeln!(self.0, "# HELP rivet_books_{name} {help}");
    }

    fn sample(&mut self, name: &str, labels: &str, value: impl Display) {
        let _ = writeln!(self.0, "rivet_books_{name}{labels} {value}");
    }

    /// Adds a gauge without labels.
    fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.family("gauge", name, help);
        self.sample(name, "", value);
    }
}

impl Metrics {
    /// Returns the text, which ends with `# EOF`. Labels are codes of ours, so none needs escaping.
    pub fn text(&self) -> String {
        let mut text = Text(String::new());
        self.write_firms(&mut text);
        self.write_documents(&mut text);
        self.write_runs(&mut text);
        text.0.push_str("# EOF\n");
        text.0
    }

    fn write_firms(&self, text: &mut Text) {
        text.gauge("firms", "Firms with records.", self.firms);
        let jobs = [("connection", self.connection), ("work", self.work)];
        let name = "firms_due";
        text.family(
            "gauge",
            name,
            "Firms that a scheduled run should have visited by now.",
        );
        for (job, overdue) in jobs {
            text.sample(name, &format!("{{job=\"{job}\"}}"), overdue.firms);
        }
        let name = "oldest_due_seconds";
        text.family(
            "gauge",
            name,
            "Time for which the longest waiting firm waits for its run.",
        );
        for (job, overdue) in jobs {
            text.sample(name, &format!("{{job=\"{job}\"}}"), overdue.oldest_seconds);
        }
    }

    fn write_documents(&self, text: &mut Text) {
        let help = "Firms whose queues were read for the figures of documents.";
        text.gauge("firms_counted", help, self.firms_counted);
        text.family("gauge", "documents", "Unfinished documents by state.");
        let counts = self.counts;
        for (state, count) in [
            ("pending", counts.pending),
            ("held", counts.held),
            ("failed", counts.failed),
            ("uncertain", counts.uncertain),
        ] {
            text.sample("documents", &format!("{{state=\"{state}\"}}"), count);
        }
        let name = "documents_held";
        text.family("gauge", name, "Held documents by the code of their reason.");
        for (reason, count) in &self.held {
            text.sample(name, &format!("{{reason=\"{reason}\"}}"), count);
        }
        let age = self
            .uncertain_since
            .map(|since| self.at.as_second() - since.as_second());
        let help = "Time for which the outcome of the oldest document in doubt is unknown.";
        text.gauge(
            "oldest_uncertain_seconds",
            help,
            age.unwrap_or_default().max(0),
        );
        let help = "Deliveries of Intuit that nobody could read yet.";
        text.gauge("dead_letters", help, self.dead_letters);
    }

    fn write_runs(&self, text: &mut Text) {
        text.family("counter", "refreshes", "Token refreshes of scheduled runs.");
        let counters = self.counters;
        for (outcome, count) in [
            ("refreshed", counters.refreshed),
            ("needs_reauthorization", counters.needs_reauthorization),
            ("failed", counters.failed),
        ] {
            text.sample(
                "refreshes_total",
                &format!("{{outcome=\"{outcome}\"}}"),
                count,
            );
        }
        text.family(
            "counter",
            "store_retries",
            "Swaps of scheduled runs that other writers won.",
        );
        text.sample("store_retries_total", "", counters.lost_swaps);
        let help = "Metered reads of this month over all companies.";
        text.gauge("quickbooks_reads", help, self.reads);
        let help = "Reads that RIVET allows itself in a month.";
        text.gauge("quickbooks_reads_limit", help, self.reads_limit);
    }
}
