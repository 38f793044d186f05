//! A round: documents that stand for themselves go to QuickBooks in one call.
//!
//! Items of a batch are carried out in any order and none is undone, so a round holds only documents that are simply to be posted
//! and do not build on one another. What was begun, changed, voided or decided goes by itself.

pub mod send;

use crate::context::Office;
use crate::document::outcome::Tried;
use crate::document::{Case, Drafted};
use crate::matching::Targets;
use billing::{Document, Kind};
use jiff::Timestamp;
use mapping::{Plan, Posting};
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use store::queue::entry::Waiting;

/// The most lines that the transactions of a round have: its journal has to stay small, and a heavy batch is a slow one.
const LINES: usize = 120;

/// A document with its plan.
pub struct Draft {
    case: Case,
    document: Document,
    plan: Plan,
    targets: Targets,
}

/// Documents that are to go out together.
pub struct Round {
    drafts: Vec<Draft>,
    room: usize,
    lines: usize,
}

/// What became of a document that was taken up for a round.
pub enum Placed {
    /// It is in the round.
    In,
    /// It has to wait for the next one.
    Next(Box<Waiting>),
    /// It needed no call.
    Done(Box<Tried>),
}

/// What became of a round.
#[derive(Default)]
pub struct Posted {
    /// What was tried.
    pub tried: Vec<Tried>,
    /// What was not, because the calls ended.
    pub left: Vec<Waiting>,
}

impl Round {
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
    fn takes(&self, plan: &Plan) -> bool {
        let fits = plan.postings.len() <= self.room && lines(plan) <= self.lines;
        (self.is_empty() || fits)
            && self
                .drafts
                .iter()
                .all(|there| !builds_on(plan, &there.plan))
    }

    fn add(&mut self, draft: Draft) {
        self.room = self.room.saturating_sub(draft.plan.postings.len());
        self.lines = self.lines.saturating_sub(lines(&draft.plan));
        self.drafts.push(draft);
    }
}

/// A payment builds on what it pays for, and a release on what its project holds.
fn builds_on(plan: &Plan, other: &Plan) -> bool {
    let pays = |one: &Plan, other: &Plan| one.targets().contains(&other.document);
    let releases = |plan: &Plan| plan.document.kind == Kind::RetainageRelease;
    let shares = plan.project.is_some() && plan.project == other.project;
    pays(plan, other) || pays(other, plan) || (shares && (releases(plan) || releases(other)))
}

fn lines(plan: &Plan) -> usize {
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
    office: &mut Office<'_, H, R>,
    round: &mut Round,
    mut case: Case,
    now: Timestamp,
) -> Result<Placed, StoreError> {
    let outcome = match crate::document::draft(office, &mut case.record, &case.waiting).await {
        Ok(Drafted::Planned(_, plan)) if !round.takes(&plan) => {
            return Ok(Placed::Next(Box::new(case.waiting)));
        }
        Ok(Drafted::Planned(document, plan)) => match crate::matching::targets(office, &plan).await
        {
            Ok(targets) => {
                round.add(Draft {
                    case,
                    document,
                    plan,
                    targets,
                });
                return Ok(Placed::In);
            }
            Err(halt) => Err(halt),
        },
        Ok(Drafted::Empty(document)) => {
            crate::document::revision::empty(
                office,
                &mut case.record,
                (&case.waiting, &document),
                now,
            )
            .await
        }
        Ok(Drafted::Settled(state)) => Ok(state),
        Err(halt) => Err(halt),
    };
    let tried = crate::document::settle(office, case, outcome, now).await?;
    Ok(Placed::Done(Box::new(tried)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use billing::DocumentRef;
    use mapping::{Planned, Receipt, Share, Slot};
    use rust_decimal::Decimal;
    use store::document::DocumentRecord;

    fn reference(kind: Kind, id: &str) -> DocumentRef {
        DocumentRef {
            kind,
            id: id.parse().unwrap(),
        }
    }

    /// A plan of a document for a project.
    fn plan(kind: Kind, id: &str, project: Option<&str>) -> Plan {
        Plan {
            document: reference(kind, id),
            revision: 1,
            number: None,
            customer: "cus".parse().unwrap(),
            project: project.map(|project| project.parse().unwrap()),
            classed: false,
            currency: None,
            postings: Vec::new(),
        }
    }

    /// A payment with a line for each pay app.
    fn payment(id: &str, pay_apps: &[&str]) -> Plan {
        let share = |id: &&str| Share {
            document: reference(Kind::PayApp, id),
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
        Plan {
            postings: vec![Planned { slot, posting }],
            ..plan(Kind::Payment, id, None)
        }
    }

    fn round(room: usize, plans: &[Plan]) -> Round {
        let mut round = Round::new(room);
        for plan in plans {
            let waiting = Waiting::new(plan.document.clone(), Default::default());
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
            round.add(Draft {
                case: Case::of(waiting, record),
                document: Document::Project(billing::ProjectCreated { project, customer }),
                plan: plan.clone(),
                targets: Targets::new(),
            });
        }
        round
    }

    #[test]
    fn documents_that_stand_for_themselves_go_together() {
        let there = [plan(Kind::PayApp, "a", Some("one")), payment("p", &["x"])];
        let round = round(30, &there);
        assert!(round.takes(&plan(Kind::PayApp, "b", Some("one"))));
        assert!(round.takes(&plan(Kind::RetainageRelease, "r", Some("two"))));
        assert!(round.takes(&payment("q", &["x", "y"])));
    }

    #[test]
    fn a_payment_does_not_go_with_what_it_pays_nor_a_release_with_what_its_project_holds() {
        let pay_app = plan(Kind::PayApp, "a", Some("one"));
        let release = plan(Kind::RetainageRelease, "r", Some("one"));
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
    fn a_round_ends_where_its_transactions_or_their_lines_are_too_many() {
        let few: Vec<Plan> = ["a", "b"].map(|id| payment(id, &["x"])).to_vec();
        assert!(round(3, &few).takes(&payment("c", &["x"])));
        assert!(!round(2, &few).takes(&payment("c", &["x"])));
        let long: Vec<&str> = vec!["x"; LINES];
        assert!(!round(30, &few).takes(&payment("c", &long)));
        assert!(round(0, &[]).takes(&payment("c", &[long, vec!["y"]].concat())));
    }
}
