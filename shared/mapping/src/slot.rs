//! The slots that a document has for its transactions.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The part that one transaction plays for its document. A document has at most one active transaction in each slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The invoice or credit memo of a pay application.
    Sale,
    /// The retainage journal entry of a pay application.
    Retainage,
    /// The payment of a payment document.
    Payment,
    /// The payment for one of several jobs, counted from 1, where QuickBooks takes no payment of the customer for its jobs.
    PaymentOfJob(u8),
    /// The journal entry or invoice of a retainage release.
    Release,
    /// The journal entry that reverses a retainage entry.
    RetainageReversal,
    /// The journal entry that reverses a release's entry.
    ReleaseReversal,
}

impl Slot {
    /// Returns the slot's stable name, in kebab case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Retainage => "retainage",
            Self::Payment => "payment",
            Self::PaymentOfJob(_) => "payment-of-job",
            Self::Release => "release",
            Self::RetainageReversal => "retainage-reversal",
            Self::ReleaseReversal => "release-reversal",
        }
    }

    /// Returns whether the slot holds a reversing entry.
    pub(crate) fn is_reversal(self) -> bool {
        matches!(self, Self::RetainageReversal | Self::ReleaseReversal)
    }

    /// Returns the slot of the entry that reverses an entry in this slot. Only slots of journal entries have one of their own.
    pub(crate) fn reversal(self) -> Self {
        match self {
            Self::Release | Self::ReleaseReversal => Self::ReleaseReversal,
            Self::Sale
            | Self::Retainage
            | Self::Payment
            | Self::PaymentOfJob(_)
            | Self::RetainageReversal => Self::RetainageReversal,
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Records store it.
    #[test]
    fn slot_name_is_stable() {
        let slots = [
            (Slot::Sale, "\"sale\""),
            (Slot::Retainage, "\"retainage\""),
            (Slot::Payment, "\"payment\""),
            (Slot::Release, "\"release\""),
            (Slot::RetainageReversal, "\"retainage_reversal\""),
            (Slot::ReleaseReversal, "\"release_reversal\""),
        ];
        for (slot, stored) in slots {
            assert_eq!(serde_json::to_string(&slot).unwrap(), stored);
            assert_eq!(format!("\"{slot}\"").replace('-', "_"), stored);
        }
        let of_job = serde_json::to_string(&Slot::PaymentOfJob(2)).unwrap();
        assert_eq!(of_job, r#"{"payment_of_job":2}"#);
    }
}
