//! A mark and its result.

use crate::finding::Finding;

/// The result of comparing a mark with its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The value is within the target.
    Met,
    /// The value is not within the target.
    Missed,
    /// There is no target: the value is for information.
    Information,
}

/// A measured mark.
#[derive(Clone, Debug)]
pub struct Mark {
    /// The word by which the command line names it.
    pub key: &'static str,
    /// The name of the measure.
    pub name: &'static str,
    /// The measured value.
    pub value: String,
    /// The target of the value; empty for information.
    pub target: &'static str,
    /// The result of the comparison.
    pub state: State,
    /// The places that keep the mark from its target.
    pub misses: Vec<Finding>,
}

impl Mark {
    /// Returns a mark with a target, to be measured.
    pub(super) fn with_target(key: &'static str, name: &'static str, target: &'static str) -> Self {
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
    pub(super) fn information(key: &'static str, name: &'static str) -> Self {
        Self {
            state: State::Information,
            ..Self::with_target(key, name, "")
        }
    }

    /// Sets the value; the mark is missed unless `is_met`.
    pub(super) fn measured(self, value: impl Into<String>, is_met: bool) -> Self {
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

    /// Sets the places that miss the mark.
    pub(super) fn at(self, misses: Vec<Finding>) -> Self {
        Self { misses, ..self }
    }

    /// Sets places of which there must be none; the value is their number.
    pub(super) fn none_of(self, misses: Vec<Finding>) -> Self {
        let is_met = misses.is_empty();
        self.measured(misses.len().to_string(), is_met).at(misses)
    }
}
