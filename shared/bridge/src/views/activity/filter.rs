//! The properties that activity entries on a page have.

use billing::{DocumentKind, Id};
use store::activity::{ActivityEntry, STATES};

use crate::error::Error;

/// The longest text to search for.
const LONGEST: usize = 100;

/// The properties that entries must have, as a request names them.
#[derive(Clone, Debug, Default)]
pub struct ActivityFilter {
    /// The state.
    pub state: Option<String>,
    /// The kind of the document.
    pub kind: Option<String>,
    /// RIVET's id of the project.
    pub project: Option<String>,
    /// A text that the number, customer, project or amount contains.
    pub text: Option<String>,
}

/// The properties that entries must have, checked.
pub(super) struct CheckedFilter<'a> {
    state: Option<&'a str>,
    kind: Option<DocumentKind>,
    project: Option<Id>,
    /// The text in lower case.
    text: Option<String>,
}

impl ActivityFilter {
    /// Returns the checked filter.
    ///
    /// # Errors
    /// [`Error::Field`] if no entry can have a property.
    pub(super) fn checked(&self) -> Result<CheckedFilter<'_>, Error> {
        let state = self.state.as_deref();
        if state.is_some_and(|state| !STATES.contains(&state)) {
            let problem = ["must be one of ", &STATES.join(", ")].concat();
            return Err(invalid("state", problem));
        }
        let kind = self.kind.as_deref().map(str::parse::<DocumentKind>);
        let kind = kind.transpose();
        let project = self.project.as_deref().map(str::parse::<Id>).transpose();
        let text = self.text.as_deref().map(str::trim);
        let text = text.filter(|text| !text.is_empty());
        if text.is_some_and(|text| text.len() > LONGEST) {
            return Err(invalid("q", "must be no longer than 100 bytes"));
        }
        Ok(CheckedFilter {
            state,
            kind: kind.map_err(|unknown| invalid("kind", unknown.to_string()))?,
            project: project.map_err(|_| invalid("project", "must be the id of a project"))?,
            text: text.map(str::to_lowercase),
        })
    }
}

impl CheckedFilter<'_> {
    /// Returns whether an entry has the properties.
    pub(super) fn suits(&self, entry: &ActivityEntry) -> bool {
        let summary = entry.summary.as_ref();
        let project = summary.and_then(|summary| summary.project.as_ref());
        let is_of_project = |id: &Id| project.is_some_and(|project| project.id == *id);
        let has_text = |text: &String| summary.is_some_and(|summary| summary.contains(text));
        self.state.is_none_or(|state| state == entry.state)
            && self.kind.is_none_or(|kind| kind == entry.document.kind)
            && self.project.as_ref().is_none_or(is_of_project)
            && self.text.as_ref().is_none_or(has_text)
    }
}

fn invalid(field: &str, problem: impl Into<String>) -> Error {
    Error::Field {
        field: field.into(),
        problem: problem.into(),
    }
}
