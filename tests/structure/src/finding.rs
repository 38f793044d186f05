//! A place in a source file and what was found there.

use std::fmt::{Display, Formatter, Result};

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Path below the root of the repository.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
}

impl Display for Place {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(formatter, "{}:{}", self.file, self.line)
    }
}

/// A miss of a mark or a breach of a rule, and its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The place.
    pub place: Place,
    /// A description of one line.
    pub text: String,
}

impl Finding {
    /// Returns a finding at a line of a file.
    pub fn new(file: &str, line: usize, text: impl Into<String>) -> Self {
        Self {
            place: Place {
                file: file.into(),
                line,
            },
            text: text.into(),
        }
    }
}

impl Display for Finding {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(formatter, "{}: {}", self.place, self.text)
    }
}
