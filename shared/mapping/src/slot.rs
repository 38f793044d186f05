//! Places of transactions.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The place of a transaction among those of its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The invoice or credit memo of a pay application.
    Sale,
    /// Its retainage entry.
    Retainage,
    /// A payment.
    Payment,
    /// A release's entry or invoice.
    Release,
    /// The entry that reverses a retainage entry.
    RetainageReversal,
    /// The entry that reverses a release's.
    ReleaseReversal,
}

impl Slot {
    /// A short name that stays the same.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Retainage => "retainage",
            Self::Payment => "payment",
            Self::Release => "release",
            Self::RetainageReversal => "retainage-reversal",
            Self::ReleaseReversal => "release-reversal",
        }
    }

    /// Whether the entry here reverses another.
    pub(crate) fn is_reversal(self) -> bool {
        matches!(self, Self::RetainageReversal | Self::ReleaseReversal)
    }

    /// Where the entry goes that reverses the one here. Only the places of entries have one of their own.
    pub(crate) fn reversal(self) -> Self {
        match self {
            Self::Release | Self::ReleaseReversal => Self::ReleaseReversal,
            Self::Sale | Self::Retainage | Self::Payment | Self::RetainageReversal => {
                Self::RetainageReversal
            }
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

    #[test]
    fn the_name_of_a_place_never_changes_because_it_is_stored() {
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
    }
}
