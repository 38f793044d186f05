//! Posts independent documents to QuickBooks in one call.
//!
//! QuickBooks carries out the items of a batch in any order and undoes none. A batch therefore holds only new documents that do not build
//! on one another. A document that was started, changed, voided or decided is processed alone.

pub mod send;

use crate::context::WorkerContext;
use crate::document::{self, DraftResult};
use crate::matching::{self, Targets};
use crate::outcome::ProcessedItem;
use crate::planned::PlannedDocument;
use crate::work_item::WorkItem;
use billing::DocumentKind;
use jiff::Timestamp;
use mapping::{Posting, PostingPlan};
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::queue::entry::QueueEntry;

/// The most lines that the transactions of a batch may have. The limit keeps the batch log small and the call fast.
const LINES: usize = 120;

/// A document with its plan, in a batch.
pub struct PlannedItem {
    item: WorkItem,
    planned: PlannedDocument,
    targets: Targets,
}

/// Documents that are to be sent in one call.
pub struct Batch {
    items: Vec<PlannedItem>,
    /// The number of transactions that still fit.
    free_transactions: usize,
    /// The number of lines that still fit.
    free_lines: usize,
}

/// The place of a document after the planning of a batch.
pub enum Placement {
    /// The document is in the batch.
    Added,
    /// The document waits for the next batch.
    NextBatch(Box<QueueEntry>),
    /// The document needed no batch and is processed.
    Processed(Box<ProcessedItem>),
}

/// The result of a batch.
#[derive(Default)]
pub struct BatchResult {
    /// The documents that were processed.
    pub processed: Vec<ProcessedItem>,
    /// The documents that were not processed, because the calls ended.
    pub unprocessed: Vec<QueueEntry>,
}

impl Batch {
    /// Returns an empty batch that holds at most the given number of transactions.
    pub fn new(transactions: usize) -> Self {
        Self {
            items: Vec::new(),
            free_transactions: transactions,
            free_lines: LINES,
        }
    }

    /// Returns whether the batch holds no document.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Returns whether a document fits into the batch and builds on none of its documents, nor they on it.
    fn can_take(&self, plan: &PostingPlan) -> bool {
        let fits =
            plan.postings.len() <= self.free_transactions && line_count(plan) <= self.free_lines;
        let is_independent = |other: &PlannedItem| !builds_on(plan, &other.planned.plan);
        (self.is_empty() || fits) && self.items.iter().all(is_independent)
    }

    fn add(&mut self, item: PlannedItem) {
        let plan = &item.planned.plan;
        self.free_transactions = self.free_transactions.saturating_sub(plan.postings.len());
        self.free_lines = self.free_lines.saturating_sub(line_count(plan));
        self.items.push(item);
    }
}

/// Returns whether one of two documents builds on the other: a payment on the paid document, what gives retainage back on the retainage of
/// its project.
fn builds_on(plan: &PostingPlan, other: &PostingPlan) -> bool {
    let pays = |one: &PostingPlan, other: &PostingPlan| one.targets().contains(&other.document);
    let gives_back = |plan: &PostingPlan| {
        let mut postings = plan.postings.iter();
        postings.any(|planned| planned.posting.releases_retainage())
    };
    let releases = |plan: &PostingPlan| {
        plan.document.kind == DocumentKind::RetainageRelease || gives_back(plan)
    };
    let shares = plan.project.is_some() && plan.project == other.project;
    pays(plan, other) || pays(other, plan) || (shares && (releases(plan) || releases(other)))
}

fn line_count(plan: &PostingPlan) -> usize {
    let lines = |posting: &Posting| match posting {
        Posting::Invoice(sale) | Posting::CreditMemo(sale) => sale.lines.len(),
        Posting::JournalEntry(journal) => journal.lines.len(),
        Posting::Payment(receipt) => receipt.applied.len(),
    };
    let postings = plan.postings.iter();
    postings.map(|planned| lines(&planned.posting)).sum()
}

/// Finds a place in the batch for a document.
pub async fn place<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    batch: &mut Batch,
    mut item: WorkItem,
    now: Timestamp,
) -> Result<Placement, StoreError> {
    let outcome = match document::draft(ctx, &mut item).await {
        Ok(DraftResult::Planned(planned)) if !batch.can_take(&planned.plan) => {
            return Ok(Placement::NextBatch(Box::new(item.entry)));
        }
        Ok(DraftResult::Planned(planned)) => match matching::targets(ctx, &planned.plan).await {
            Ok(targets) => {
                batch.add(PlannedItem {
                    item,
                    planned,
                    targets,
                });
                return Ok(Placement::Added);
            }
            Err(error) => Err(error),
        },
        Ok(DraftResult::Empty(empty)) => {
            document::take_back_earlier(ctx, &mut item, &empty, now).await
        }
        Ok(DraftResult::Settled(status)) => Ok(status),
        Err(error) => Err(error),
    };
    let processed = document::save_outcome(ctx, item, outcome, now).await?;
    Ok(Placement::Processed(Box::new(processed)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planned::Billed;
    use billing::{Document, DocumentRef};
    use mapping::{PlannedPosting, Receipt, Share, Slot};
    use rust_decimal::Decimal;
    use store::document::DocumentRecord;

    fn reference(kind: DocumentKind, id: &str) -> DocumentRef {
        DocumentRef {
            kind,
            id: id.parse().unwrap(),
        }
    }

    /// Returns a plan of a document for a project.
    fn plan(kind: DocumentKind, id: &str, project: Option<&str>) -> PostingPlan {
        PostingPlan {
            document: reference(kind, id),
            revision: 1,
            number: None,
            customer: "cus".parse().unwrap(),
            project: project.map(|project| project.parse().unwrap()),
            is_classed: false,
            is_for_job: false,
            currency: None,
            postings: Vec::new(),
        }
    }

    /// Returns a payment with a line for each pay app.
    fn payment(id: &str, pay_apps: &[&str]) -> PostingPlan {
        let share = |id: &&str| Share {
            document: reference(DocumentKind::PayApp, id),
            amount: Decimal::ONE,
            returned: None,
        };
        let posting = Posting::Payment(Receipt {
            customer: "cus".parse().unwrap(),
            job: None,
            date: "2026-03-31".parse().unwrap(),
            currency: None,
            total: Decimal::ONE,
            reference: None,
            deposit: None,
            note: String::new(),
            credits: Vec::new(),
            applied: pay_apps.iter().map(share).collect(),
        });
        let slot = Slot::Payment;
        PostingPlan {
            postings: vec![PlannedPosting { slot, posting }],
            ..plan(DocumentKind::Payment, id, None)
        }
    }

    fn batch_of(transactions: usize, plans: &[PostingPlan]) -> Batch {
        let mut batch = Batch::new(transactions);
        for plan in plans {
            let entry = QueueEntry::new(plan.document.clone(), Default::default());
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
            let document = Document::Project(billing::ProjectCreated { project, customer });
            batch.add(PlannedItem {
                item: WorkItem::new(entry, record),
                planned: PlannedDocument {
                    document,
                    plan: plan.clone(),
                    billed: Billed::AsPlanned,
                    hold_unless_found: None,
                },
                targets: Targets::default(),
            });
        }
        batch
    }

    #[test]
    fn independent_documents_share_a_batch() {
        let plans = [
            plan(DocumentKind::PayApp, "a", Some("one")),
            payment("p", &["x"]),
        ];
        let batch = batch_of(30, &plans);
        assert!(batch.can_take(&plan(DocumentKind::PayApp, "b", Some("one"))));
        assert!(batch.can_take(&plan(DocumentKind::RetainageRelease, "r", Some("two"))));
        assert!(batch.can_take(&payment("q", &["x", "y"])));
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
            assert!(!batch_of(30, std::slice::from_ref(one)).can_take(other));
            assert!(!batch_of(30, std::slice::from_ref(other)).can_take(one));
        }
    }

    #[test]
    fn batch_limits_transactions_and_lines() {
        let few: Vec<PostingPlan> = ["a", "b"].map(|id| payment(id, &["x"])).to_vec();
        assert!(batch_of(3, &few).can_take(&payment("c", &["x"])));
        assert!(!batch_of(2, &few).can_take(&payment("c", &["x"])));
        let long: Vec<&str> = vec!["x"; LINES];
        assert!(!batch_of(30, &few).can_take(&payment("c", &long)));
        assert!(batch_of(0, &[]).can_take(&payment("c", &[long, vec!["y"]].concat())));
    }
}
