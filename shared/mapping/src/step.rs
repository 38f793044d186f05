//! The steps that write to QuickBooks.

use jiff::civil::Date;
use quickbooks::entity::TxnType;
use serde::{Deserialize, Serialize};

use crate::digest;
use crate::ids::Ids;
use crate::posting::Posting;
use crate::slot::Slot;
use crate::target::Target;

/// A write to QuickBooks.
///
/// A saga records its steps before it sends the first. Request ids are digests of the JSON of a step, so serialized names never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Creates a transaction.
    Create {
        /// The slot of the new transaction.
        slot: Slot,
        /// The new transaction.
        posting: Posting,
    },
    /// Changes a transaction in place. The document number stays, because it may differ from the planned one.
    Update {
        /// The slot of the transaction.
        slot: Slot,
        /// The transaction to change.
        target: Target,
        /// The new content.
        posting: Posting,
    },
    /// Voids an invoice or a payment.
    Void {
        /// The slot of the transaction.
        slot: Slot,
        /// The transaction to change.
        target: Target,
    },
    /// Sets a credit memo to zero, because the API of QuickBooks cannot void one.
    Zero {
        /// The slot of the transaction.
        slot: Slot,
        /// The transaction to change.
        target: Target,
        /// The new content.
        posting: Posting,
        /// The QuickBooks ids that the credit memo was written with.
        ids: Ids,
    },
    /// Creates the opposite of a transaction: of a journal entry, which is neither voided nor deleted, or of a transaction that cannot be
    /// voided, because its month is closed or its money was deposited.
    Reverse {
        /// The slot of the reversing transaction.
        slot: Slot,
        /// QuickBooks id of the reversed transaction.
        of: String,
        /// The type of the reversed transaction.
        #[serde(default = "journal_entry", skip_serializing_if = "is_journal_entry")]
        of_kind: TxnType,
        /// The reversing transaction.
        posting: Posting,
        /// The QuickBooks ids that the reversed transaction was written with. Customer and class must be the same, even if the matches
        /// have changed since.
        ids: Ids,
    },
    /// Creates the payment of 0.00 that applies a credit memo to an invoice of the same document.
    Apply {
        /// The slot of the payment.
        slot: Slot,
        /// The payment.
        posting: Posting,
        /// The QuickBooks ids of the customer, the invoice and the credit memo.
        ids: Ids,
    },
}

fn journal_entry() -> TxnType {
    TxnType::JournalEntry
}

fn is_journal_entry(kind: &TxnType) -> bool {
    *kind == TxnType::JournalEntry
}

impl Step {
    /// Returns the slot of the transaction.
    #[must_use]
    pub fn slot(&self) -> Slot {
        match self {
            Self::Create { slot, .. }
            | Self::Update { slot, .. }
            | Self::Void { slot, .. }
            | Self::Zero { slot, .. }
            | Self::Reverse { slot, .. }
            | Self::Apply { slot, .. } => *slot,
        }
    }

    /// Returns the earliest day on which the books change.
    #[must_use]
    pub fn date(&self) -> Date {
        let after = self.posting().map(Posting::date);
        let before = self.target().map(|target| target.date);
        after.into_iter().chain(before).min().unwrap_or_default()
    }

    /// Returns the content to write. A void has none.
    #[must_use]
    pub fn posting(&self) -> Option<&Posting> {
        match self {
            Self::Create { posting, .. }
            | Self::Update { posting, .. }
            | Self::Zero { posting, .. }
            | Self::Reverse { posting, .. }
            | Self::Apply { posting, .. } => Some(posting),
            Self::Void { .. } => None,
        }
    }

    /// Sets the document number of the transaction to create. Other steps keep the number that QuickBooks has.
    pub fn renumber(&mut self, number: &str) {
        if let Self::Create { posting, .. } | Self::Reverse { posting, .. } = self {
            posting.set_number(Some(number));
        }
    }

    /// Returns the transaction to change, `None` for a step that creates one.
    #[must_use]
    pub fn target(&self) -> Option<&Target> {
        match self {
            Self::Update { target, .. } | Self::Void { target, .. } | Self::Zero { target, .. } => {
                Some(target)
            }
            Self::Create { .. } | Self::Reverse { .. } | Self::Apply { .. } => None,
        }
    }

    /// Sets the version of the target, if the target has that id. QuickBooks makes new versions without changes to the content.
    pub fn retarget(&mut self, id: &str, sync_token: &str) {
        if let Self::Update { target, .. } | Self::Void { target, .. } | Self::Zero { target, .. } =
            self
            && target.id == id
        {
            sync_token.clone_into(&mut target.sync_token);
        }
    }

    /// Returns the QuickBooks ids that a step brings with it because it undoes an earlier one.
    pub(crate) fn ids(&self) -> Option<&Ids> {
        match self {
            Self::Zero { ids, .. } | Self::Reverse { ids, .. } | Self::Apply { ids, .. } => {
                Some(ids)
            }
            Self::Create { .. } | Self::Update { .. } | Self::Void { .. } => None,
        }
    }

    /// Returns a SHA-256 digest, in hex, of everything that the step sends. Each posting's note names document and revision, so two
    /// different steps of a company have different digests.
    #[must_use]
    pub fn hash(&self) -> String {
        digest::of("rivet step 1", self)
    }
}
