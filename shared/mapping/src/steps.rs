//! From what stands in QuickBooks to what should: the steps between.

use jiff::civil::Date;
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::digest;
use crate::ids::Ids;
use crate::money::cents;
use crate::naming::{self, DESCRIPTION, clipped};
use crate::plan::{Plan, Planned};
use crate::posting::{Journal, JournalLine, Posting, Sale, SaleLine};
use crate::slot::Slot;
use crate::stands::Posted;

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

/// A transaction in QuickBooks as we last saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// What it is.
    pub kind: TxnType,
    /// Its QuickBooks id.
    pub id: String,
    /// The version that the change is made to.
    pub sync_token: String,
    /// The day that it posts on now.
    pub date: Date,
}

/// The steps from what stands to `desired`, in the order in which they are to be taken. None if it stands already.
///
/// What is of the right type is changed in place. Where the type changed, or nothing is wanted any more, the old one is
/// neutralised first, so that a stop in between leaves too little in the books rather than something twice. A journal entry
/// is reversed under its own date, so that its month ends up as if it had never been.
#[must_use]
pub fn steps(existing: &[Posted], desired: &Plan) -> Vec<Step> {
    let live = || existing.iter().filter(|posted| posted.live);
    let wanted = |posted: &Posted| {
        desired
            .postings
            .iter()
            .any(|planned| stands_for(posted, planned))
    };
    let obsolete = live()
        .filter(|posted| !wanted(posted))
        .map(|posted| neutralise(posted, posted.posting.date()));
    let current = desired.postings.iter().filter_map(|planned| {
        establish(live().find(|posted| stands_for(posted, planned)), planned)
    });
    obsolete.chain(current).collect()
}

/// The steps after which nothing of what stands counts any more; entries are reversed on the day `on`.
#[must_use]
pub fn void_steps(existing: &[Posted], on: Date) -> Vec<Step> {
    existing
        .iter()
        .filter(|posted| posted.live)
        .map(|posted| neutralise(posted, on))
        .collect()
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

    /// Fingerprint of all that is sent, in hex. As the note in each posting names document and revision, no two steps of
    /// a company share one unless they are the same step.
    #[must_use]
    pub fn hash(&self) -> String {
        digest::of("rivet step 1", self)
    }
}

fn stands_for(posted: &Posted, planned: &Planned) -> bool {
    posted.slot == planned.slot && posted.kind == planned.posting.txn_type()
}

fn establish(standing: Option<&Posted>, planned: &Planned) -> Option<Step> {
    let (slot, posting) = (planned.slot, planned.posting.clone());
    match standing {
        None => Some(Step::Create { slot, posting }),
        Some(posted) if posted.posting == posting => None,
        Some(posted) => Some(Step::Update {
            slot,
            target: posted.target(),
            posting,
        }),
    }
}

fn neutralise(posted: &Posted, on: Date) -> Step {
    let (slot, target) = (posted.slot, posted.target());
    match &posted.posting {
        Posting::Invoice(_) | Posting::Payment(_) => Step::Void { slot, target },
        Posting::CreditMemo(sale) => Step::Zero {
            slot,
            target,
            posting: Posting::CreditMemo(emptied(sale)),
            ids: posted.ids.clone(),
        },
        Posting::JournalEntry(journal) => Step::Reverse {
            slot: slot.reversal(),
            of: posted.id.clone(),
            posting: Posting::JournalEntry(opposite(journal, on)),
            ids: posted.ids.clone(),
        },
    }
}

/// A form needs a line, so one of zero stays.
fn emptied(sale: &Sale) -> Sale {
    let line = |line: &SaleLine| SaleLine {
        account: line.account.clone(),
        description: "Voided".to_owned(),
        amount: cents(Decimal::ZERO),
    };
    Sale {
        note: format!("{} voided", sale.note),
        lines: sale.lines.iter().take(1).map(line).collect(),
        ..sale.clone()
    }
}

fn opposite(journal: &Journal, on: Date) -> Journal {
    let turned = |line: &JournalLine| JournalLine {
        side: line.side.opposite(),
        description: clipped(&format!("Reversal · {}", line.description), DESCRIPTION),
        ..line.clone()
    };
    Journal {
        number: journal.number.as_deref().map(naming::reversal_number),
        date: on,
        note: format!("{} reversed", journal.note),
        lines: journal.lines.iter().map(turned).collect(),
        ..journal.clone()
    }
}
