//! The result of a callback, as the redirect of the browser names it.

// Top first: a module uses only modules below it.
mod cause;
mod message;

mod failure;

pub use crate::callback::result::failure::ConnectFailure;

/// The result of a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallbackResult {
    /// The company is new to the firm. The person who asked for the link may confirm with this one-time value.
    Unconfirmed(String),
    /// The firm is connected to its company again.
    Reconnected,
    /// The person declined at Intuit.
    Denied,
    /// The sign-in failed. No connection was changed.
    Failed(ConnectFailure),
}
