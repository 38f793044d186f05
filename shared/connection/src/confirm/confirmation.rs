//! A confirmation and its answer.

use crate::confirm::refusal::ConfirmRefusal;
use billing::session::Session;

/// A person's confirmation of a new company.
pub struct Confirmation<'a> {
    /// The one-time value.
    pub value: &'a str,
    /// The session of the person.
    pub session: &'a Session,
}

/// The answer to a confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmResult {
    /// The firm is connected.
    Connected,
    /// The firm is not connected. The grant is given back to Intuit, unless the person may try again.
    Refused(ConfirmRefusal),
}

impl From<ConfirmRefusal> for ConfirmResult {
    fn from(refusal: ConfirmRefusal) -> Self {
        Self::Refused(refusal)
    }
}
