//! One write to QuickBooks.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::digest;
use crate::ids::Ids;
use crate::posting::Posting;
use crate::slot::Slot;
use crate::target::Target;

/// One write to QuickBooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Makes a transaction.
    Create {
        /// The place that it takes.
        slot: Slot,
        /// What it is.
        posting: Posting,
    },
    /// Changes one in place. Its number stays as it is: it may have been given another than we asked for.
    Update {
        /// Its place.
        slot: Slot,
        /// Which one.
        target: Target,
        /// What it becomes.
        posting: Posting,
    },
    /// Voids an invoice or a payment.
    Void {
        /// Its place.
        slot: Slot,
        /// Which one.
        target: Target,
    },
    /// Sets a credit memo to zero, which QuickBooks cannot void.
    Zero {
        /// Its place.
        slot: Slot,
        /// Which one.
        target: Target,
        /// What it becomes.
        posting: Posting,
        /// The ids that it was made with.
        ids: Ids,
    },
    /// Makes the opposite of a journal entry, which is neither voided nor deleted.
    Reverse {
        /// The place that the opposite takes.
        slot: Slot,
        /// QuickBooks id of the entry reversed.
        of: String,
        /// The opposite.
        posting: Posting,
        /// The ids that the entry was made with: the opposite must meet the same customer and class, whatever they are matched with
        /// by now.
        ids: Ids,
    },
}

impl Step {
    /// The place in the document that it is about.
    #[must_use]
    pub fn slot(&self) -> Slot {
        match self {
            Self::Create { slot, .. }
            | Self::Update { slot, .. }
            | Self::Void { slot, .. }
            | Self::Zero { slot, .. }
            | Self::Reverse { slot, .. } => *slot,
        }
    }

    /// The earliest day on which the books change.
    #[must_use]
    pub fn date(&self) -> Date {
        let after = self.posting().map(Posting::date);
        let before = self.target().map(|target| target.date);
        after.into_iter().chain(before).min().unwrap_or_default()
    }

    /// What is to be posted; a void posts nothing.
    #[must_use]
    pub fn posting(&self) -> Option<&Posting> {
        match self {
            Self::Create { posting, .. }
            | Self::Update { posting, .. }
            | Self::Zero { posting, .. }
            | Self::Reverse { posting, .. } => Some(posting),
            Self::Void { .. } => None,
        }
    }

    /// Gives what is to be made another number, if its own is somebody else's.
    pub fn renumber(&mut self, number: &str) {
        if let Self::Create { posting, .. } | Self::Reverse { posting, .. } = self {
            posting.renumber(Some(number));
        }
    }

    /// What is there already and is to be changed, as we last saw it.
    #[must_use]
    pub fn target(&self) -> Option<&Target> {
        match self {
            Self::Update { target, .. } | Self::Void { target, .. } | Self::Zero { target, .. } => {
                Some(target)
            }
            Self::Create { .. } | Self::Reverse { .. } => None,
        }
    }

    /// Names the version of its target that stands now, where that is another without being changed.
    pub fn retarget(&mut self, id: &str, sync_token: &str) {
        if let Self::Update { target, .. } | Self::Void { target, .. } | Self::Zero { target, .. } =
            self
            && target.id == id
        {
            sync_token.clone_into(&mut target.sync_token);
        }
    }

    /// The ids that it brings with it, where it takes something back.
    pub(crate) fn ids(&self) -> Option<&Ids> {
        match self {
            Self::Zero { ids, .. } | Self::Reverse { ids, .. } => Some(ids),
            Self::Create { .. } | Self::Update { .. } | Self::Void { .. } => None,
        }
    }

    /// Fingerprint of all that is sent, in hex. As the note in each posting names document and revision, no two steps of
    /// a company share one unless they are the same step.
    #[must_use]
    pub fn hash(&self) -> String {
        digest::of("rivet step 1", self)
    }
}
