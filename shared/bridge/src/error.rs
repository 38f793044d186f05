//! Why a use case could not do what was asked. Each variant is something that a caller acts on differently.

use ports::records::StoreError;
use store::connection::ConnectionStatus;

/// A use case's failure.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The records failed; nothing is half done, the same request may be sent again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It needs a connected company and there is none that can be used.
    #[error("no company is connected")]
    NotConnected(ConnectionStatus),
    /// QuickBooks did not do it. Nothing was changed here.
    #[error("QuickBooks is not available: {0}")]
    QuickBooks(String),
    /// QuickBooks asks to come back after this many seconds.
    #[error("QuickBooks asks for fewer requests")]
    Throttled(u32),
    /// A field of the request does not fit.
    #[error("{field}: {problem}")]
    Field {
        /// Path of the field.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The settings changed since the caller read them.
    #[error("the settings were changed meanwhile")]
    Stale,
    /// No such document.
    #[error("no such document")]
    UnknownDocument,
    /// The decision is about a conflict, and the document is in none.
    #[error("the document is not in conflict")]
    NotInConflict,
    /// The conflict was noted anew since the caller read it.
    #[error("the conflict changed")]
    ConflictChanged,
    /// The document is in no state to be decided about; the sentence says why.
    #[error("{0}")]
    NotDecidable(&'static str),
}
