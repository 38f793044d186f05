//! What can happen next.

use crate::record::Token;

/// One step of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// An instance begins a refresh, by a time that is so many ticks old: reads the record and decides.
    Begin(u8, i8),
    /// An instance touches the store; `true`: a read gives the value before the latest.
    Store(u8, bool),
    /// Intuit takes an instance's request; `true`: it gives the same value again if it may.
    Take(u8, bool),
    /// An instance gets its answer.
    Answer(u8),
    /// An instance waits in vain; Intuit may have taken the request, or may take it later.
    Lose(u8),
    /// An instance is told that its request did not leave.
    Unsent(u8),
    /// An instance is done with using its new access token.
    Used(u8),
    /// An instance dies with all that it knew.
    Crash(u8),
    /// Intuit takes a request that nobody waits for.
    Late(Token),
    /// A request that nobody waits for goes nowhere.
    Vanish(Token),
    /// As much time passes as one call may take.
    Tick,
    /// Somebody else writes the record for another reason.
    Touch,
    /// A person disconnects.
    Disconnect,
    /// A person ends the connection inside QuickBooks.
    EndInQuickBooks,
    /// A person connects.
    Reconnect,
    /// The token that was left for it is revoked.
    Revoke,
}
