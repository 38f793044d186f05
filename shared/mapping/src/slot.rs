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
    /// The journal entry or form that reverses a release.
    ReleaseReversal,
    /// The credit memo or invoice that reverses the form of a pay application whose month is closed.
    SaleReversal,
    /// The journal entry of a payment that came back, such as a returned check.
    PaymentReversal,
    /// The payment of 0.00 that applies a pay application's credit memo to its invoice.
    SaleApplication,
    /// The payment of 0.00 that applies a release's credit memo to its invoice.
    ReleaseApplication,
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
            Self::SaleReversal => "sale-reversal",
            Self::PaymentReversal => "payment-reversal",
            Self::SaleApplication => "sale-application",
            Self::ReleaseApplication => "release-application",
        }
    }

    /// Returns whether the slot holds a reversing transaction.
    pub(crate) fn is_reversal(self) -> bool {
        matches!(
            self,
            Self::RetainageReversal
                | Self::ReleaseReversal
                | Self::SaleReversal
                | Self::PaymentReversal
        )
    }

    /// Returns whether the slot holds a payment of 0.00 that applies a reversing form.
    pub(crate) fn is_application(self) -> bool {
        matches!(self, Self::SaleApplication | Self::ReleaseApplication)
    }

    /// Returns the slot of the transaction that reverses one in this slot.
    #[must_use]
    pub fn reversal(self) -> Self {
        match self {
            Self::Sale | Self::SaleReversal => Self::SaleReversal,
            Self::Retainage | Self::RetainageReversal => Self::RetainageReversal,
            Self::Release | Self::ReleaseReversal => Self::ReleaseReversal,
            Self::Payment | Self::PaymentOfJob(_) | Self::PaymentReversal => Self::PaymentReversal,
            Self::SaleApplication | Self::ReleaseApplication => self,
        }
    }

    /// Returns the slot of the payment that applies a reversing form in this slot.
    pub(crate) fn application(self) -> Self {
        match self {
            Self::Release | Self::ReleaseReversal | Self::ReleaseApplication => {
                Self::ReleaseApplication
            }
            _ => Self::SaleApplication,
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
            (Slot::SaleReversal, "\"sale_reversal\""),
            (Slot::PaymentReversal, "\"payment_reversal\""),
            (Slot::SaleApplication, "\"sale_application\""),
            (Slot::ReleaseApplication, "\"release_application\""),
        ];
        for (slot, stored) in slots {
            assert_eq!(serde_json::to_string(&slot).unwrap(), stored);
            assert_eq!(format!("\"{slot}\"").replace('-', "_"), stored);
        }
        let of_job = serde_json::to_string(&Slot::PaymentOfJob(2)).unwrap();
        assert_eq!(of_job, r#"{"payment_of_job":2}"#);
    }
}
