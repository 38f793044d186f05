//! What stands in QuickBooks for a document.

use quickbooks::Kind;
use quickbooks::entity::{Standing, TxnType};
use serde::{Deserialize, Serialize};

use crate::ids::Ids;
use crate::posting::{JournalRole, Posting, Side};
use crate::slot::Slot;
use crate::target::Target;

/// The mark of what is gone.
const GONE: &str = "gone";

/// A transaction that we made for a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// Its place among those of the document.
    pub slot: Slot,
    /// What it is in QuickBooks.
    pub kind: TxnType,
    /// Its QuickBooks id.
    pub id: String,
    /// Its version when we last wrote it.
    pub sync_token: String,
    /// When it got that version, in seconds, as QuickBooks says.
    #[serde(default)]
    pub written_at: i64,
    /// The number that it really has.
    pub number: Option<String>,
    /// What we last made of it.
    pub posting: Posting,
    /// The ids that it was last written with, so that it can be taken back exactly.
    pub ids: Ids,
    /// Whether it counts in the books for itself: not voided, set to zero, reversed or a reversal.
    pub live: bool,
    /// In what else it was another in QuickBooks when a person decided to take it as it stands there, by field: the rest is in what
    /// we know of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
}

impl Posted {
    /// It is gone, which is known and right so.
    pub fn lose(&mut self) {
        self.live = false;
        self.kept = vec![GONE.to_owned()];
    }

    /// Whether it is known and right that it is gone.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.kept.iter().any(|mark| mark == GONE)
    }

    /// Something that counted no more counts again, since somebody touched it: it stands in nobody's place, and is to be taken back.
    pub fn wake(&mut self) {
        self.live = true;
        self.slot = self.slot.reversal();
    }

    /// Whether a payment can be applied to it: an invoice, or an entry that debits Accounts Receivable.
    #[must_use]
    pub fn is_receivable(&self) -> bool {
        match &self.posting {
            Posting::Invoice(_) => true,
            Posting::JournalEntry(journal) => journal
                .lines
                .iter()
                .any(|line| line.role == JournalRole::Receivable && line.side == Side::Debit),
            Posting::CreditMemo(_) | Posting::Payment(_) => false,
        }
    }

    pub(crate) fn target(&self) -> Target {
        Target {
            kind: self.kind,
            id: self.id.clone(),
            sync_token: self.sync_token.clone(),
            date: self.posting.date(),
        }
    }

    /// Notes under which version it stands.
    pub fn take_version(&mut self, found: &Standing) {
        self.sync_token.clone_from(&found.sync_token);
        if let Some(at) = found.updated_at {
            self.written_at = at.as_second();
        }
    }

    /// Whether it is the object of that kind and id.
    #[must_use]
    pub fn is_object(&self, kind: Kind, id: &str) -> bool {
        self.kind.kind() == Some(kind) && self.id == id
    }

    /// Whether it is the transaction of that kind and id.
    #[must_use]
    pub fn is(&self, kind: TxnType, id: &str) -> bool {
        self.kind == kind && self.id == id
    }
}
