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

/// Several changes in one call. The request id and each item's own make a repetition harmless.
#[derive(Clone, Copy)]
pub struct IdempotentBatch<'a> {
    /// The changes.
    pub items: &'a [BatchItem<Write>],
    /// Intuit's `requestid`.
    pub request_id: &'a str,
}
