//! The connections through which a client calls its company.

/// The connections through which a client calls the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Callable {
    /// Only connections that work.
    Usable,
    /// Also connections that may have been mended at Intuit.
    Mendable,
}
