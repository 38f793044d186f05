//! The steps that the world can take.

use crate::intuit::NewToken;
use crate::record::{InstanceId, Token};
use crate::world::Reading;

/// A step of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// An instance begins a refresh: it reads the record and decides, by a time that is `age` ticks old.
    Begin { id: InstanceId, age: i8 },
    /// An instance reads or writes the record.
    Store { id: InstanceId, reading: Reading },
    /// Intuit carries out an instance's request.
    Take { id: InstanceId, answer: NewToken },
    /// An instance receives its answer.
    Answer(InstanceId),
    /// An instance never receives its answer. Intuit may have carried out the request, or may do so later.
    Lose(InstanceId),
    /// An instance learns that its request was not sent.
    Unsent(InstanceId),
    /// An instance has finished using its new access token.
    Used(InstanceId),
    /// An instance crashes and loses its memory.
    Crash(InstanceId),
    /// Intuit carries out an abandoned request.
    Late(Token),
    /// An abandoned request is lost.
    Vanish(Token),
    /// Time passes, as much as the longest call takes.
    Tick,
    /// Another part of the application writes the record and changes neither grant nor claim.
    Touch,
    /// A person disconnects the company.
    Disconnect,
    /// A person ends the connection inside QuickBooks.
    EndInQuickBooks,
    /// A person connects the company again.
    Reconnect,
    /// The token of a pending revocation is revoked.
    Revoke,
}
