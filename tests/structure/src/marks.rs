//! The marks of the design: what is measured, and what it must be.

mod circles;
mod comments;
mod context;
mod documentation;
mod signatures;
mod sizes;
mod spread;
mod test_names;
mod unwraps;

use crate::finding::Finding;
use crate::functions::functions;
use crate::repository::Repository;
use anyhow::Result;

/// Whether a mark is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The value is within the target.
    Met,
    /// The value is not within the target.
    Missed,
    /// There is no target: the value is for information.
    Information,
}

/// One measured mark.
#[derive(Clone, Debug)]
pub struct Mark {
    /// The word by which the command line names it.
    pub key: &'static str,
    /// What is measured.
    pub name: &'static str,
    /// The measured value.
    pub value: String,
    /// What the value must be; empty for information.
    pub target: &'static str,
    /// Whether it is.
    pub state: State,
    /// The places that keep it from being met.
    pub misses: Vec<Finding>,
}

impl Mark {
    /// Returns a mark that is met if `is_met` says so.
    fn with_target(key: &'static str, name: &'static str, target: &'static str) -> Self {
        Self {
            key,
            name,
            value: String::new(),
            target,
            state: State::Met,
            misses: Vec::new(),
        }
    }

    /// Returns a mark without a target.
    fn information(key: &'static str, name: &'static str) -> Self {
        Self {
            state: State::Information,
            ..Self::with_target(key, name, "")
        }
    }

    /// Returns it with its value, and missed unless `is_met`.
    fn measured(self, value: impl Into<String>, is_met: bool) -> Self {
        let state = match self.state {
            State::Information => State::Information,
            _ if is_met => State::Met,
            _ => State::Missed,
        };
        Self {
            value: value.into(),
            state,
            ..self
        }
    }

    /// Returns it with the places that miss it.
    fn at(self, misses: Vec<Finding>) -> Self {
        Self { misses, ..self }
    }

    /// Returns it with places of which there must be none: their number is its value.
    fn none_of(self, misses: Vec<Finding>) -> Self {
        let is_met = misses.is_empty();
        self.measured(misses.len().to_string(), is_met).at(misses)
    }
}

/// Measures a repository.
///
/// # Errors
/// A file is no Rust.
pub fn marks(repository: &Repository) -> Result<Vec<Mark>> {
    let functions = functions(repository);
    let mut marks = Vec::new();
    marks.extend(circles::marks(repository));
    marks.extend(sizes::marks(repository));
    marks.extend(signatures::marks(&functions));
    marks.extend(context::mark(repository));
    marks.push(comments::mark(repository)?);
    marks.push(test_names::mark(repository)?);
    marks.push(documentation::mark(repository));
    marks.push(unwraps::mark(repository));
    Ok(marks)
}
