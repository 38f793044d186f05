//! What stands in QuickBooks for a document.

use quickbooks::entity::TxnType;
use serde::{Deserialize, Serialize};

use crate::ids::Ids;
use crate::posting::{JournalRole, Posting, Side};
use crate::slot::Slot;
use crate::steps::{Step, Target};

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
    /// The number that it really has.
    pub number: Option<String>,
    /// What we last made of it.
    pub posting: Posting,
    /// The ids that it was last written with, so that it can be taken back exactly.
    pub ids: Ids,
    /// Whether it counts in the books for itself: not voided, set to zero, reversed or a reversal.
    pub live: bool,
}

/// What QuickBooks answered to a step that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stands {
    /// Id of the transaction made or changed.
    pub id: String,
    /// Its version now.
    pub sync_token: String,
    /// The number that it has now.
    pub number: Option<String>,
    /// The ids that the step was rendered with.
    pub ids: Ids,
}

impl Posted {
    /// Notes in `all` of a document's transactions that `step` was carried out. Doing so twice changes nothing more.
    pub fn apply(all: &mut Vec<Self>, step: &Step, stands: Stands) {
        let live = matches!(step, Step::Create { .. } | Step::Update { .. });
        match step {
            Step::Create { slot, posting } | Step::Update { slot, posting, .. } => {
                keep(all, Self::new(*slot, posting, (stands, live)));
            }
            Step::Zero {
                slot, posting, ids, ..
            } => {
                keep(
                    all,
                    Self::new(
                        *slot,
                        posting,
                        (
                            Stands {
                                ids: ids.clone(),
                                ..stands
                            },
                            live,
                        ),
                    ),
                );
            }
            Step::Reverse {
                slot,
                of,
                posting,
                ids,
            } => {
                all.iter_mut()
                    .filter(|posted| posted.is(TxnType::JournalEntry, of))
                    .for_each(|posted| posted.live = false);
                keep(
                    all,
                    Self::new(
                        *slot,
                        posting,
                        (
                            Stands {
                                ids: ids.clone(),
                                ..stands
                            },
                            live,
                        ),
                    ),
                );
            }
            Step::Void { target, .. } => {
                for posted in all
                    .iter_mut()
                    .filter(|posted| posted.is(target.kind, &target.id))
                {
                    posted.sync_token.clone_from(&stands.sync_token);
                    posted.live = false;
                }
            }
        }
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

    fn new(slot: Slot, posting: &Posting, (stands, live): (Stands, bool)) -> Self {
        Self {
            slot,
            kind: posting.txn_type(),
            id: stands.id,
            sync_token: stands.sync_token,
            number: stands.number,
            posting: posting.clone(),
            ids: stands.ids,
            live,
        }
    }

    fn is(&self, kind: TxnType, id: &str) -> bool {
        self.kind == kind && self.id == id
    }
}

/// Replaces what is known of a transaction, or adds it.
fn keep(all: &mut Vec<Posted>, now: Posted) {
    match all.iter_mut().find(|posted| posted.is(now.kind, &now.id)) {
        Some(posted) => *posted = now,
        None => all.push(now),
    }
}
