//! A round: documents that stand for themselves go to QuickBooks in one call.
//!
//! Items of a batch are carried out in any order and none is undone, so a round holds only documents that are simply to be posted
//! and do not build on one another. What was begun, changed, voided or decided goes by itself.

pub mod send;

use crate::context::WorkerContext;
use crate::document::outcome::ProcessedItem;
use crate::document::{DraftResult, WorkItem};
use crate::matching::Targets;
use billing::{Document, DocumentKind};
use jiff::Timestamp;
use mapping::{Posting, PostingPlan};
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use store::queue::entry::QueueEntry;

/// The most lines that the transactions of a round have: its journal has to stay small, and a heavy batch is a slow one.
const LINES: usize = 120;

/// A document with its plan.
pub struct PlannedItem {
    case: WorkItem,
    document: Document,
    plan: PostingPlan,
    targets: Targets,
}

/// Documents that are to go out together.
pub struct Batch {
    drafts: Vec<PlannedItem>,
    room: usize,
    lines: usize,
}

/// What became of a document that was taken up for a round.
pub enum Placement {
    /// It is in the round.
    In,
    /// It has to wait for the next one.
    Next(Box<QueueEntry>),
    /// It needed no call.
    Done(Box<ProcessedItem>),
}

/// What became of a round.
#[derive(Default)]
pub struct BatchResult {
    /// What was tried.
    pub tried: Vec<ProcessedItem>,
    /// What was not, because the calls ended.
    pub left: Vec<QueueEntry>,
}

impl Batch {
    /// An empty one, with room for so many transactions.
    pub fn new(room: usize) -> Self {
        Self {
            drafts: Vec::new(),
            room,
            lines: LINES,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.drafts.is_empty()
    }

    /// Whether a document can go out with those that are here: there is room, and neither builds on the other.
    fn takes(&self, plan: &PostingPlan) -> bool {
        let fits = plan.postings.len() <= self.room && lines(plan) <= self.lines;
        (self.is_empty() || fits)
            && self
                .drafts
                .iter()
                .all(|there| !builds_on(plan, &there.plan))
    }

    fn add(&mut self, draft: PlannedItem) {
        self.room = self.room.saturating_sub(draft.plan.postings.len());
        self.lines = self.lines.saturating_sub(lines(&draft.plan));
        self.drafts.push(draft);
    }
}

/// A payment builds on what it pays for, and a release on what its project holds.
fn builds_on(plan: &PostingPlan, other: &PostingPlan) -> bool {
    let pays = |one: &PostingPlan, other: &PostingPlan| one.targets().contains(&other.document);
    let releases = |plan: &PostingPlan| plan.document.kind == DocumentKind::RetainageRelease;
    let shares = plan.project.is_some() && plan.project == other.project;
    pays(plan, other) || pays(other, plan) || (shares && (releases(plan) || releases(other)))
}

fn lines(plan: &PostingPlan) -> usize {
    let of = |posting: &Posting| match posting {
        Posting::Invoice(sale) | Posting::CreditMemo(sale) => sale.lines.len(),
        Posting::JournalEntry(journal) => journal.lines.len(),
        Posting::Payment(receipt) => receipt.applied.len(),
    };
    let postings = plan.postings.iter();
    postings.map(|planned| of(&planned.posting)).sum()
}

/// Finds a place in the round for a document.
pub async fn place<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    round: &mut Batch,
    mut case: WorkItem,
    now: Timestamp,
) -> Result<Placement, StoreError> {
    let outcome = match crate::document::draft(office, &mut case.record, &case.waiting).await {
        Ok(DraftResult::Planned(_, plan)) if !round.takes(&plan) => {
            return Ok(Placement::Next(Box::new(case.waiting)));
        }
        Ok(DraftResult::Planned(document, plan)) => {
            match crate::matching::targets(office, &plan).await {
                Ok(targets) => {
                    round.add(PlannedItem {
                        case,
                        document,
                        plan,
                        targets,
                    });
                    return Ok(Placement::In);
                }
                Err(halt) => Err(halt),
            }
        }
        Ok(DraftResult::Empty(document)) => {
            crate::document::revision::empty(
                office,
                &mut case.record,
                (&case.waiting, &document),
                now,
            )
            .await
        }
        Ok(DraftResult::Settled(state)) => Ok(state),
        Err(halt) => Err(halt),
    };
    let tried = crate::document::settle(office, case, outcome, now).await?;
    Ok(Placement::Done(Box::new(tried)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use billing::DocumentRef;
    use mapping::{PlannedPosting, Receipt, Share, Slot};
    use rust_decimal::Decimal;
    use store::document::DocumentRecord;

    fn reference(kind: DocumentKind, id: &str) -> DocumentRef {
        DocumentRef {
            kind,
            id: id.parse().unwrap(),
        }
    }

    /// A plan of a document for a project.
    fn plan(kind: DocumentKind, id: &str, project: Option<&str>) -> PostingPlan {
        PostingPlan {
            document: reference(kind, id),
            revision: 1,
            number: None,
            customer: "cus".parse().unwrap(),
            project: project.map(|project| project.parse().unwrap()),
            is_classed: false,
            currency: None,
            postings: Vec::new(),
        }
    }

    /// A payment with a line for each pay app.
    fn payment(id: &str, pay_apps: &[&str]) -> PostingPlan {
        let share = |id: &&str| Share {
            document: reference(DocumentKind::PayApp, id),
            amount: Decimal::ONE,
        };
        let posting = Posting::Payment(Receipt {
            customer: "cus".parse().unwrap(),
            date: "2026-03-31".parse().unwrap(),
            currency: None,
            total: Decimal::ONE,
            reference: None,
            deposit: None,
            note: String::new(),
            applied: pay_apps.iter().map(share).collect(),
        });
        let slot = Slot::Payment;
        PostingPlan {
            postings: vec![PlannedPosting { slot, posting }],
            ..plan(DocumentKind::Payment, id, None)
        }
    }

    fn round(room: usize, plans: &[PostingPlan]) -> Batch {
        let mut round = Batch::new(room);
        for plan in plans {
            let waiting = QueueEntry::new(plan.document.clone(), Default::default());
            let record = DocumentRecord::new(plan.document.clone(), Timestamp::UNIX_EPOCH);
            let customer = billing::Customer {
                id: "cus".parse().unwrap(),
                name: "Turner Bay".into(),
                email: None,
                phone: None,
                address: None,
            };
            let project = billing::Project {
                id: "prj".parse().unwrap(),
                number: "1".into(),
                name: "Pier".into(),
            };
            round.add(PlannedItem {
                case: WorkItem::of(waiting, record),
                document: Document::Project(billing::ProjectCreated { project, customer }),
                plan: plan.clone(),
                targets: Targets::new(),
            });
        }
        round
    }

    #[test]
    fn independent_documents_share_a_batch() {
        let there = [
            plan(DocumentKind::PayApp, "a", Some("one")),
            payment("p", &["x"]),
        ];
        let round = round(30, &there);
        assert!(round.takes(&plan(DocumentKind::PayApp, "b", Some("one"))));
        assert!(round.takes(&plan(DocumentKind::RetainageRelease, "r", Some("two"))));
        assert!(round.takes(&payment("q", &["x", "y"])));
    }

    #[test]
    fn dependent_documents_never_share_a_batch() {
        let pay_app = plan(DocumentKind::PayApp, "a", Some("one"));
        let release = plan(DocumentKind::RetainageRelease, "r", Some("one"));
        let payment = payment("p", &["a"]);
        for (one, other) in [
            (&pay_app, &payment),
            (&pay_app, &release),
            (&release, &release),
        ] {
            assert!(!round(30, std::slice::from_ref(one)).takes(other));
            assert!(!round(30, std::slice::from_ref(other)).takes(one));
        }
    }

    #[test]
    fn batch_limits_transactions_and_lines() {
        let few: Vec<PostingPlan> = ["a", "b"].map(|id| payment(id, &["x"])).to_vec();
        assert!(round(3, &few).takes(&payment("c", &["x"])));
        assert!(!round(2, &few).takes(&payment("c", &["x"])));
        let long: Vec<&str> = vec!["x"; LINES];
        assert!(!round(30, &few).takes(&payment("c", &long)));
        assert!(round(0, &[]).takes(&payment("c", &[long, vec!["y"]].concat())));
    }
}
