//! The log of an app: the output of its components, and the host's own lines about them.

use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

/// A line of output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The component that wrote the line, or that the host's line is about.
    pub component: String,
    /// The line without its line break.
    pub text: String,
}

/// A sink for lines. Clones share one sink.
#[derive(Clone, Debug, Default)]
pub struct Logs(Option<Arc<Mutex<Vec<Line>>>>);

impl Logs {
    /// Returns a sink that writes each line to standard error, after the name of its component.
    #[must_use]
    pub fn terminal() -> Self {
        Self(None)
    }

    /// Returns a sink that keeps its lines in memory, to be read with [`Logs::lines`].
    #[must_use]
    pub fn in_memory() -> Self {
        Self(Some(Arc::default()))
    }

    /// Returns the lines so far. A sink for the terminal returns none.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        self.0
            .as_ref()
            .map(|kept| kept.lock().unwrap_or_else(PoisonError::into_inner).clone())
            .unwrap_or_default()
    }

    /// Returns whether a line contains `text`.
    #[must_use]
    pub fn contain(&self, text: &str) -> bool {
        self.lines().iter().any(|line| line.text.contains(text))
    }

    pub(crate) fn write(&self, component: &str, text: &str) {
        match &self.0 {
            Some(kept) => kept
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(Line {
                    component: component.to_owned(),
                    text: text.to_owned(),
                }),
            // If standard error is closed, the host goes on.
            None => drop(writeln!(std::io::stderr(), "[{component}] {text}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_lines_are_found_through_clones() {
        let logs = Logs::in_memory();
        let same = logs.clone();
        logs.write("status", "refused: no such firm");
        assert!(same.contain("no such firm"));
        assert!(!logs.contain("another"));
        assert_eq!(logs.lines()[0].component, "status");
    }
}
