//! The deliveries of Intuit that nobody could read yet: a list, and another attempt at one of them.

use inbound::webhook_intake::{Replay, replay};
use jiff::Timestamp;
use ports::records::Records;
use serde::Serialize;
use store::Store;
use store::inbox::dead_letters::DeadLetter;

use crate::error::Error;

/// The deliveries that nobody could read yet, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeadLetterList {
    dead_letters: Vec<DeadLetterView>,
}

/// A delivery that nobody could read yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct DeadLetterView {
    /// The id, for another attempt.
    id: String,
    /// The time of arrival.
    received_at: Timestamp,
    /// The fault.
    why: String,
    /// The length of the body in bytes.
    length: usize,
    /// The body as text. Null if it was too long to keep, or is no text.
    body: Option<String>,
    /// The body in base64. Null if it was too long to keep.
    body_base64: Option<String>,
}

/// The result of another attempt at a dead letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReplayReport {
    id: String,
    /// `read`: its changes are in the inboxes, and the dead letter is gone. `unreadable`: it stays.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["read", "unreadable"])))]
    outcome: &'static str,
    /// The fault of a delivery that still cannot be read.
    why: Option<&'static str>,
}

/// Returns the deliveries that nobody could read yet.
///
/// # Errors
/// The record cannot be read.
pub async fn list<R: Records>(store: &Store<R>) -> Result<DeadLetterList, Error> {
    let letters = store.dead_letters().await?.deliveries;
    Ok(DeadLetterList {
        dead_letters: letters.into_iter().map(view).collect(),
    })
}

/// Tries to read a dead letter again. `None` if there is none with this id.
///
/// # Errors
/// A record cannot be read or written. The same request may be made again.
pub async fn replay_one<R: Records>(
    store: &Store<R>,
    id: &str,
    now: Timestamp,
) -> Result<Option<ReplayReport>, Error> {
    let report = |outcome, why| ReplayReport {
        id: id.to_owned(),
        outcome,
        why,
    };
    Ok(match replay(store, id, now).await? {
        Replay::Read => Some(report("read", None)),
        Replay::Unreadable(why) => Some(report("unreadable", Some(why))),
        Replay::NotKept => Some(report("unreadable", Some("its body was too long to keep"))),
        Replay::Unknown => None,
    })
}

fn view(letter: DeadLetter) -> DeadLetterView {
    let bytes = letter.open();
    DeadLetterView {
        id: letter.mark,
        received_at: letter.at,
        why: letter.why,
        length: letter.length,
        body: bytes.and_then(|bytes| String::from_utf8(bytes).ok()),
        body_base64: letter.body,
    }
}
