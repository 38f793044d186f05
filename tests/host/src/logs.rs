//! Where the output of components and the host's own remarks go.

use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

/// One line of output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The component that wrote it, or that the remark is about.
    pub component: String,
    /// Without the line break.
    pub text: String,
}

/// A sink for lines. Clones are the same sink.
#[derive(Clone, Debug, Default)]
pub struct Logs(Option<Arc<Mutex<Vec<Line>>>>);

impl Logs {
    /// Lines go to standard error, each after the name of its component.
    #[must_use]
    pub fn terminal() -> Self {
        Self(None)
    }

    /// Lines are kept and can be read with [`Logs::lines`].
    #[must_use]
    pub fn kept() -> Self {
        Self(Some(Arc::default()))
    }

    /// The lines so far. Empty if they go to the terminal.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        self.0
            .as_ref()
            .map(|kept| kept.lock().unwrap_or_else(PoisonError::into_inner).clone())
            .unwrap_or_default()
    }

    /// Whether any line so far contains `text`.
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
            // A closed standard error must not stop the host.
            None => drop(writeln!(std::io::stderr(), "[{component}] {text}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_lines_can_be_searched_through_any_clone() {
        let logs = Logs::kept();
        let same = logs.clone();
        logs.write("status", "refused: no such firm");
        assert!(same.contain("no such firm"));
        assert!(!logs.contain("another"));
        assert_eq!(logs.lines()[0].component, "status");
    }
}
