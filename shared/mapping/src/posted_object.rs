//! The transactions that stand in QuickBooks for a document.

// Top first: a module uses only modules below it.
mod adopt;
mod answer;
pub(crate) mod as_posted;
pub(crate) mod difference;
pub(crate) mod apply;

use quickbooks::Kind;
use quickbooks::entity::{ObjectSnapshot, TxnType};
use serde::{Deserialize, Serialize};

use crate::ids::Ids;
use crate::parties::BilledSide;
use crate::posting::{JournalRole, Posting, Side};
use crate::slot::Slot;
use crate::target::Target;

/// The accepted difference of a deleted transaction. Records store the text.
const DELETED: &str = "gone";

/// The accepted difference of a void transaction that reversed another or was reversed. Records store the text.
const VOID: &str = "void";

/// A transaction that RIVET posted for a document, as RIVET last wrote it or accepted it.
///
/// The document's record keeps it as long as the document. Steps and differences are computed from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostedObject {
    /// The slot of the transaction in its document.
    pub slot: Slot,
    /// The transaction type in QuickBooks.
    pub kind: TxnType,
    /// The QuickBooks id.
    pub id: String,
    /// The version (Intuit: `SyncToken`) that RIVET last wrote or accepted.
    pub sync_token: String,
    /// The instant at which QuickBooks made that version, in seconds since the Unix epoch; 0 if unknown.
    #[serde(default)]
    pub written_at: i64,
    /// The document number in QuickBooks, which may differ from the planned one.
    pub number: Option<String>,
    /// The content that RIVET last wrote or accepted.
    pub posting: Posting,
    /// The QuickBooks ids that the content was written with, so that the transaction can be reversed exactly.
    pub ids: Ids,
    /// True if the transaction counts in the books for itself: it is neither voided, set to zero or reversed, nor a reversal.
    #[serde(rename = "live")]
    pub is_active: bool,
    /// True if another transaction of the document reverses this one, which stays as it was written.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_reversed: bool,
    /// The differences that a person accepted, each as its field and the text found in QuickBooks. They are not reported again.
    #[serde(rename = "kept", default, skip_serializing_if = "Vec::is_empty")]
    pub accepted_differences: Vec<String>,
    /// The cosmetic differences that QuickBooks made when it carried out RIVET's write, in the same form. They are not reported either.
    #[serde(rename = "taken", default, skip_serializing_if = "Vec::is_empty")]
    pub taken_over_differences: Vec<String>,
    /// True if QuickBooks made something else of the write than was sent, so that the books differ from the document.
    #[serde(
        rename = "differs",
        default,
        skip_serializing_if = "std::ops::Not::not"
    )]
    pub is_posted_differently: bool,
    /// The customer for whom RIVET posted the transaction, if a person moved it to a job or project of the same customer since. The ids
    /// name the present customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<String>,
}

impl PostedObject {
    /// Marks the transaction as deleted in QuickBooks and inactive. The deletion is then no difference any more.
    pub fn mark_deleted(&mut self) {
        self.is_active = false;
        self.is_posted_differently = false;
        self.accepted_differences = vec![DELETED.to_owned()];
    }

    /// Follows a move to a customer of the same family: the parent, a job or a project. The books of the family say the same.
    pub fn move_in_family(&mut self, customer: &str) {
        let original = self
            .moved_from
            .take()
            .unwrap_or_else(|| self.ids.customer.clone());
        customer.clone_into(&mut self.ids.customer);
        self.moved_from = Some(original).filter(|original| original != customer);
    }

    /// Returns the job that RIVET posted the transaction for. `None` if it was posted for the customer itself.
    #[must_use]
    pub fn job(&self) -> Option<&str> {
        self.ids.parent.as_ref()?;
        Some(self.moved_from.as_deref().unwrap_or(&self.ids.customer))
    }

    /// Returns the job that the transaction names now. `None` if it names the customer that it was posted for, and no job.
    #[must_use]
    pub fn present_job(&self) -> Option<&str> {
        let is_of_job = self.ids.parent.as_ref() != Some(&self.ids.customer)
            && (self.ids.parent.is_some() || self.moved_from.is_some());
        is_of_job.then_some(self.ids.customer.as_str())
    }

    /// Returns the side of the customer that RIVET posted the transaction for.
    #[must_use]
    pub fn billed_side(&self) -> BilledSide {
        match self.job() {
            Some(_) => BilledSide::Job,
            None => BilledSide::Customer,
        }
    }

    /// Returns whether the transaction is marked as deleted in QuickBooks.
    #[must_use]
    pub fn is_marked_deleted(&self) -> bool {
        self.accepted_differences
            .iter()
            .any(|difference| difference == DELETED)
    }

    /// Returns whether the transaction is marked as voided in QuickBooks although it has to cancel another one out.
    #[must_use]
    pub fn is_marked_void(&self) -> bool {
        let mut accepted = self.accepted_differences.iter();
        accepted.any(|difference| difference == VOID)
    }

    /// Returns whether the transaction must stand in QuickBooks although it does not count for itself: it is reversed, or reverses or
    /// applies another one.
    #[must_use]
    pub fn cancels_out(&self) -> bool {
        let is_pair = self.is_reversed || self.slot.is_reversal() || self.slot.is_application();
        !self.is_active && (is_pair || self.kind == TxnType::JournalEntry)
    }

    /// Returns whether the transaction stays in the books beside one of another type that cancels it out. Entries that cancel each other
    /// out are of one type, and together count for nothing.
    #[must_use]
    pub fn counts_in_pair(&self) -> bool {
        self.cancels_out()
            && (self.kind != TxnType::JournalEntry || self.slot == Slot::PaymentReversal)
    }

    /// Returns whether the transaction is the entry of a payment that came back. The customer owes its amount again.
    #[must_use]
    pub fn is_returned_payment(&self) -> bool {
        self.slot == Slot::PaymentReversal
            && self.kind == TxnType::JournalEntry
            && !self.is_active
            && !self.is_marked_deleted()
    }

    /// Returns whether a payment can be applied to the transaction: it is an invoice, or an entry that debits Accounts Receivable.
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

    /// Returns the transaction's id, version and day, for a step that changes it.
    pub(crate) fn target(&self) -> Target {
        Target {
            kind: self.kind,
            id: self.id.clone(),
            sync_token: self.sync_token.clone(),
            date: self.posting.date(),
        }
    }

    /// Sets the version, and its instant if QuickBooks named one, to those of the found object.
    pub fn set_version(&mut self, found: &ObjectSnapshot) {
        self.sync_token.clone_from(&found.sync_token);
        if let Some(at) = found.updated_at {
            self.written_at = at.as_second();
        }
    }

    /// Returns whether RIVET wrote a later version than the found one. The queries of QuickBooks lag behind its writes.
    #[must_use]
    pub fn is_newer_than(&self, found: &ObjectSnapshot) -> bool {
        let version = |token: &str| token.parse::<u64>().ok();
        match (version(&self.sync_token), version(&found.sync_token)) {
            (Some(ours), Some(theirs)) => ours > theirs,
            _ => false,
        }
    }

    /// Returns whether the transaction is the QuickBooks object of that kind and id.
    #[must_use]
    pub fn is_object(&self, kind: Kind, id: &str) -> bool {
        self.kind.kind() == Some(kind) && self.id == id
    }

    /// Returns whether the transaction has that type and id.
    #[must_use]
    pub fn is_transaction(&self, kind: TxnType, id: &str) -> bool {
        self.kind == kind && self.id == id
    }
}
