//! What a worker is about to send for several documents at once: one record instead of one for each.
//!
//! It is written before anything is sent, and each document's own record after that. A worker that dies in between leaves its desk
//! without a word, so whoever takes the desk over looks here first.

use crate::document::DocumentRecord;
use crate::ports::Record;
use serde::{Deserialize, Serialize};

/// The postings of one batch, as their documents are to be kept until it is known what became of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Journal(
    /// The documents, each with its saga.
    pub Vec<DocumentRecord>,
);

impl Journal {
    /// Whether `entry` was written after the document's own record `kept`: then what became of it is not known.
    pub(crate) fn is_ahead(entry: &DocumentRecord, kept: Option<&DocumentRecord>) -> bool {
        kept.is_none_or(|kept| kept.round < entry.round)
    }
}

impl Record for Journal {
    const KIND: &'static str = "journal";
}
