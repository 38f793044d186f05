//! The finding of one check, in words for a person who keeps books.

use serde::Serialize;
use store::reason::page;

/// The state of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// The company was looked at and is as RIVET needs it.
    Pass,
    /// A person should know of it and decide.
    Warn,
    /// Bills wait, are refused or are posted wrong until it is mended.
    Fail,
}

/// The finding of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) state: CheckState,
    pub(super) title: String,
    pub(super) detail: String,
    pub(super) action: Option<String>,
    pub(super) link: Option<String>,
}

impl Finding {
    /// Returns a finding that needs nothing. The title says what was found, the detail why it matters.
    pub(super) fn pass(title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            state: CheckState::Pass,
            title: title.into(),
            detail: detail.into(),
            action: None,
            link: None,
        }
    }

    /// Returns a finding that a person should know of.
    pub(super) fn warn(title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            state: CheckState::Warn,
            ..Self::pass(title, detail)
        }
    }

    /// Returns a finding that must be mended.
    pub(super) fn fail(title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            state: CheckState::Fail,
            ..Self::pass(title, detail)
        }
    }

    /// Returns the finding of a check whose values QuickBooks did not answer. `what` ends the sentence "QuickBooks did not say …".
    pub(super) fn unread(what: &str) -> Self {
        let title = format!("Could not be read: QuickBooks did not say {what}.");
        let detail = "Nothing is known about it, good or bad, until QuickBooks answers.";
        Self::warn(title, detail).action("Open the check-up again in a few minutes.")
    }

    /// Adds what a person has to do.
    pub(super) fn action(mut self, text: impl Into<String>) -> Self {
        self.action = Some(text.into());
        self
    }

    /// Adds the page of QuickBooks that it is about.
    pub(super) fn on(mut self, place: &str) -> Self {
        self.link = Some(page(place));
        self
    }
}
