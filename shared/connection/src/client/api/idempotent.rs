//! Changes that are safe to repeat.

use quickbooks::batch::BatchItem;
use quickbooks::request::Write;

/// A change, with the id that makes a repetition harmless.
#[derive(Clone, Copy)]
pub struct IdempotentWrite<'a> {
    /// The change.
    pub write: &'a Write,
    /// Intuit's `requestid`.
    pub request_id: &'a str,
}

/// Several changes and queries in one call. The request id and each item's own make a repetition harmless.
#[derive(Clone, Copy)]
pub struct IdempotentBatch<'a> {
    /// The changes and queries.
    pub items: &'a [BatchItem],
    /// Intuit's `requestid`.
    pub request_id: &'a str,
}
