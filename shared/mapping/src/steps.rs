//! From what stands in QuickBooks to what should: the steps between.

use jiff::civil::Date;
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::digest;
use crate::money::cents;
use crate::naming::{self, DESCRIPTION, clipped};
use crate::plan::{Plan, Planned, Slot};
use crate::posting::{Journal, JournalLine, Posting, Sale, SaleLine};

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
    /// Whether it counts in the books for itself: not voided, set to zero, reversed or a reversal.
    pub live: bool,
}

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
    },
    /// Makes the opposite of a journal entry, which is neither voided nor deleted.
    Reverse {
        /// The place that the opposite takes.
        slot: Slot,
        /// QuickBooks id of the entry reversed.
        of: String,
        /// The opposite.
        posting: Posting,
    },
}

/// A transaction in QuickBooks at a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// What it is.
    pub kind: TxnType,
    /// Its QuickBooks id.
    pub id: String,
    /// The version that the change is made to.
    pub sync_token: String,
}

/// What QuickBooks answered to a step that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Id of the transaction made or changed.
    pub id: String,
    /// Its version now.
    pub sync_token: String,
    /// The number that it has now.
    pub number: Option<String>,
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

/// Notes that `step` was carried out. Whoever stores the result need not know what each kind of step means.
pub fn record(existing: &mut Vec<Posted>, step: &Step, done: &Done) {
    let after = |posting: &Posting, slot: Slot, live: bool| Posted {
        slot,
        kind: posting.kind(),
        id: done.id.clone(),
        sync_token: done.sync_token.clone(),
        number: done.number.clone(),
        posting: posting.clone(),
        live,
    };
    match step {
        Step::Create { slot, posting } => existing.push(after(posting, *slot, true)),
        Step::Reverse { slot, of, posting } => {
            existing
                .iter_mut()
                .filter(|posted| posted.is(TxnType::JournalEntry, of))
                .for_each(|posted| posted.live = false);
            existing.push(after(posting, *slot, false));
        }
        Step::Update {
            slot,
            target,
            posting,
        } => replace(existing, target, after(posting, *slot, true)),
        Step::Zero {
            slot,
            target,
            posting,
        } => replace(existing, target, after(posting, *slot, false)),
        Step::Void { target, .. } => {
            for posted in existing
                .iter_mut()
                .filter(|posted| posted.is(target.kind, &target.id))
            {
                posted.sync_token.clone_from(&done.sync_token);
                posted.live = false;
            }
        }
    }
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

    /// Fingerprint of all that is sent, in hex. As the note in each posting names document and revision, no two steps of
    /// a company share one unless they are the same step.
    #[must_use]
    pub fn hash(&self) -> String {
        digest::of("rivet step 1", self)
    }
}

impl Posted {
    fn is(&self, kind: TxnType, id: &str) -> bool {
        self.kind == kind && self.id == id
    }

    fn target(&self) -> Target {
        Target {
            kind: self.kind,
            id: self.id.clone(),
            sync_token: self.sync_token.clone(),
        }
    }
}

fn replace(existing: &mut [Posted], target: &Target, now: Posted) {
    if let Some(posted) = existing
        .iter_mut()
        .find(|posted| posted.is(target.kind, &target.id))
    {
        *posted = now;
    }
}

fn stands_for(posted: &Posted, planned: &Planned) -> bool {
    posted.slot == planned.slot && posted.kind == planned.posting.kind()
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
        },
        Posting::JournalEntry(journal) => Step::Reverse {
            slot: slot.reversal(),
            of: posted.id.clone(),
            posting: Posting::JournalEntry(opposite(journal, posted, on)),
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
        note: format!("Voided · {}", sale.note),
        lines: sale.lines.iter().take(1).map(line).collect(),
        ..sale.clone()
    }
}

fn opposite(journal: &Journal, posted: &Posted, on: Date) -> Journal {
    let turned = |line: &JournalLine| JournalLine {
        side: line.side.opposite(),
        description: clipped(&format!("Reversal · {}", line.description), DESCRIPTION),
        ..line.clone()
    };
    Journal {
        number: journal.number.as_deref().map(naming::reversal_number),
        date: on,
        note: format!("{} · reverses journal entry {}", journal.note, posted.id),
        lines: journal.lines.iter().map(turned).collect(),
        ..journal.clone()
    }
}
