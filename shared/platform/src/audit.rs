//! Audit lines: who did what to a firm's settings, documents or data, and when. They are part of the log.

use jiff::Timestamp;
use serde::Serialize;

/// An act of a person or of the operator that took effect.
#[derive(Clone, Debug, Serialize)]
pub struct Audit {
    /// The act, such as `settings_replaced`.
    act: &'static str,
    /// The person's id, or `operator`.
    by: String,
    /// The time of the request.
    at: Timestamp,
    /// The change, without any secret.
    what: String,
}

impl Audit {
    /// Records an act of a person of a firm.
    pub fn new(act: &'static str, by: &str, at: Timestamp) -> Self {
        Self {
            act,
            by: by.to_owned(),
            at,
            what: String::new(),
        }
    }

    /// Records an act of the operator.
    pub fn of_operator(act: &'static str, at: Timestamp) -> Self {
        Self::new(act, "operator", at)
    }

    /// Says what changed. The text is cut after 1000 characters.
    #[must_use]
    pub fn what(self, what: &str) -> Self {
        let what = what.chars().take(1000).collect();
        Self { what, ..self }
    }
}
