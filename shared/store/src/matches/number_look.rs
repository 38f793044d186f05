//! A look at the company by the numbers of a project, with what it found.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The looks that a project keeps. Only numbers that are shortened need more than one.
const LOOKS_KEPT: usize = 8;

/// The numbers that a look keeps at most.
const NUMBERS_KEPT: usize = 64;

/// A look at the company by the numbers of a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NumberLook {
    /// The pattern of the numbers that were asked for.
    pub pattern: String,
    /// The time of the look.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
    /// The numbers found that RIVET did not post. `None` if there were too many to keep.
    pub numbers: Option<Vec<String>>,
}

impl NumberLook {
    /// Returns a look that found these numbers.
    pub fn new(pattern: String, at: Timestamp, numbers: Vec<String>) -> Self {
        let is_short = numbers.len() <= NUMBERS_KEPT;
        Self {
            pattern,
            at,
            numbers: is_short.then_some(numbers),
        }
    }
}

/// Adds a look in place of an earlier one with the same pattern. The oldest looks are dropped.
pub(super) fn add(looks: &mut Vec<NumberLook>, look: NumberLook) {
    looks.retain(|known| known.pattern != look.pattern);
    looks.push(look);
    let excess = looks.len().saturating_sub(LOOKS_KEPT);
    looks.drain(..excess);
}
