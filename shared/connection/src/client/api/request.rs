//! The requests to a company.

use crate::client::api::idempotent::{IdempotentBatch, IdempotentWrite};
use jiff::Timestamp;
use quickbooks::batch::{BatchItem, BatchOperation};
use quickbooks::{Kind, Query};

/// A request to a company.
#[derive(Clone, Copy)]
pub enum ApiRequest<'a> {
    /// Reads the name and edition of the company.
    CompanyInfo,
    /// Reads how the company keeps its books.
    Preferences,
    /// Reads one object.
    Read {
        /// The kind of the object.
        kind: Kind,
        /// The id of the object.
        id: &'a str,
    },
    /// Reads what a query finds.
    Query(&'a Query),
    /// Reads what of these kinds changed since then.
    Changes {
        /// The kinds.
        kinds: &'a [Kind],
        /// The time since which changes are read.
        since: Timestamp,
    },
    /// Makes a change.
    Write(IdempotentWrite<'a>),
    /// Makes several changes and queries.
    Batch(IdempotentBatch<'a>),
}

impl ApiRequest<'_> {
    /// Returns whether it is a batch, which has a limit of its own.
    pub fn is_batch(self) -> bool {
        matches!(self, Self::Batch(_))
    }

    /// Returns how many reads Intuit may count it as.
    pub fn reads(self) -> u32 {
        match self {
            Self::Write(_) => 0,
            Self::Batch(batch) => {
                let is_query =
                    |item: &&BatchItem| matches!(item.operation, BatchOperation::Query(_));
                u32::try_from(batch.items.iter().filter(is_query).count()).unwrap_or(u32::MAX)
            }
            Self::CompanyInfo
            | Self::Preferences
            | Self::Read { .. }
            | Self::Query(_)
            | Self::Changes { .. } => 1,
        }
    }

    /// Returns whether it may be carried out in part.
    pub fn has_several_writes(self) -> bool {
        let is_write = |item: &BatchItem| matches!(item.operation, BatchOperation::Write(_));
        matches!(self, Self::Batch(batch) if batch.items.iter().any(is_write))
    }
}
