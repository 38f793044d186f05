//! The result of a callback, as the redirect of the browser names it.

// Top first: a module uses only modules below it.
mod cause;
mod message;

mod failure;

pub use crate::callback::result::failure::ConnectFailure;

/// The result of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackResult {
    /// The firm is connected for the first time.
    Connected,
    /// The firm is connected to its company again.
    Reconnected,
    /// The person declined at Intuit.
    Denied,
    /// The sign-in failed. No connection was changed.
    Failed(ConnectFailure),
}
