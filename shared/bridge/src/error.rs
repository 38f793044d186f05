//! The reasons why a use case fails. A caller acts differently on each variant.

use ports::records::StoreError;
use store::connection::ConnectionStatus;

/// The failure of a use case.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The store failed. Nothing is half done: the caller may send the same request again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The use case needs a connected company, and the firm has none.
    #[error("no company is connected")]
    NotConnected(ConnectionStatus),
    /// QuickBooks gave no usable answer. Nothing was changed.
    #[error("QuickBooks is not available: {0}")]
    QuickBooks(String),
    /// QuickBooks asks to wait for this many seconds.
    #[error("QuickBooks asks for fewer requests")]
    Throttled(u32),
    /// The firm asked for lists of QuickBooks too often. Holds the seconds to wait.
    #[error("too many requests for lists of QuickBooks")]
    TooManyRequests(u32),
    /// A field of the request is not valid.
    #[error("{field}: {problem}")]
    Field {
        /// The path of the field.
        field: String,
        /// The problem, as the rest of a sentence that begins with the field.
        problem: String,
    },
    /// The settings have changed since the caller read them.
    #[error("the settings were changed meanwhile")]
    Stale,
    /// The firm has no such document.
    #[error("no such document")]
    UnknownDocument,
    /// The decision is about a conflict, and the document is in none.
    #[error("the document is not in conflict")]
    NotInConflict,
    /// The conflict has changed since the caller read it.
    #[error("the conflict changed")]
    ConflictChanged,
    /// The state of the document allows no decision. The sentence says why.
    #[error("{0}")]
    NotDecidable(&'static str),
}
