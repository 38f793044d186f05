//! The reason codes on which RIVET's behaviour depends.

/// The reason codes on which RIVET's behaviour depends. A reason may have any other code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasonCode {
    /// A person decided that RIVET ignores the document.
    IgnoredByUser,
    /// Payments are applied to an object that RIVET would change.
    PaymentsApplied,
    /// An object was changed in QuickBooks after RIVET posted it.
    ChangedInQuickbooks,
    /// QuickBooks made something else of a write than RIVET sent.
    PostedDifferently,
    /// QuickBooks refuses each look-up of what RIVET sent.
    LookupRefused,
}

impl ReasonCode {
    /// Returns the code as it is stored and answered.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IgnoredByUser => "ignored_by_user",
            Self::PaymentsApplied => "payments_applied",
            Self::ChangedInQuickbooks => "changed_in_quickbooks",
            Self::PostedDifferently => "posted_differently",
            Self::LookupRefused => "lookup_refused",
        }
    }
}
