//! The requests to a company.

use crate::client::api::idempotent::{IdempotentBatch, IdempotentWrite};
use jiff::Timestamp;
use quickbooks::batch::BatchItem;
use quickbooks::{Kind, Query};
use store::rate_limiter::CallKind;

/// A request to a company.
#[derive(Clone, Copy)]
pub enum ApiRequest<'a> {
    /// Reads the name and edition of the company.
    CompanyInfo,
    /// Reads the company's preferences.
    Preferences,
    /// Reads one object.
    Read {
        /// The kind of the object.
        kind: Kind,
        /// The id of the object.
        id: &'a str,
    },
    /// Reads the objects that a query finds.
    Query(&'a Query),
    /// Reads the changed objects of some kinds since a time.
    Changes {
        /// The kinds.
        kinds: &'a [Kind],
        /// The time since which changes are read.
        since: Timestamp,
    },
    /// Makes a change.
    Write(IdempotentWrite<'a>),
    /// Makes several changes.
    Writes(IdempotentBatch<'a>),
    /// Reads the objects that several queries find. A read has no request id.
    Queries(&'a [BatchItem<Query>]),
}

impl ApiRequest<'_> {
    /// Returns the kind of call, because a batch has a limit of its own.
    pub fn call_kind(self) -> CallKind {
        match self {
            Self::Writes(_) | Self::Queries(_) => CallKind::Batch,
            Self::Write(_)
            | Self::CompanyInfo
            | Self::Preferences
            | Self::Read { .. }
            | Self::Query(_)
            | Self::Changes { .. } => CallKind::Single,
        }
    }

    /// Returns the number of reads that Intuit may count for the request.
    pub fn reads(self) -> u32 {
        match self {
            Self::Write(_) | Self::Writes(_) => 0,
            Self::Queries(items) => u32::try_from(items.len()).unwrap_or(u32::MAX),
            Self::CompanyInfo
            | Self::Preferences
            | Self::Read { .. }
            | Self::Query(_)
            | Self::Changes { .. } => 1,
        }
    }

    /// Returns whether QuickBooks may carry out only a part of the request.
    pub fn has_several_writes(self) -> bool {
        matches!(self, Self::Writes(_))
    }
}
