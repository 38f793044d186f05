//! Checks at the end of a run what each firm knows, by the change log of its company: it has each object as RIVET last wrote it, and as
//! it is now.
//!
//! 1. A document is in conflict if an object differs in a conflicting field, is void or is deleted, and only then.
//! 2. The paid amount of each document is known.
//! 3. Each difference is notified once: there is an edit between two notifications, and none without an edit.
//! 4. The ledger effect of each document without edits is correct to the cent.
//! 5. No transaction that RIVET did not create is read by its id, except payments.

mod document;

use self::document::Document;
use crate::change_detection::change_log::LoggedChange;
use crate::change_detection::records::{self, DetectedAs, Line};
use crate::change_detection::scenario::Run;
use crate::change_detection::transaction::Transaction;
use crate::posting::billing_events::Effect;
use billing::DocumentRef;
use jiff::SignedDuration;
use mapping::PostedObject;
use rust_decimal::Decimal;
use simulation::firms::{COMPANIES, FIRMS};
use simulator::{Actor, Operation, Simulator};
use std::collections::BTreeMap;
use store::document::conflict::FieldDiff;
use store::document::status::DocumentStatus;
use store::document::{Attempt, AttemptOutcome, DocumentRecord};
use store::queue::Queue;
use store::queue::entry::{EntryState, QueueEntry};

/// A worker reports an object within this time after it read it: the lease is no longer. A query may show the object as it was before, by the
/// lag of the index.
const NOTIFY_WITHIN: SignedDuration = SignedDuration::from_secs(60);

pub async fn check(run: &Run) {
    for (which, firm) in FIRMS.iter().enumerate() {
        let (queue, lines) = (
            run.deployment.queue(firm).await,
            records::lines(run, firm).await,
        );
        let intuit = run.deployment.intuit.borrow();
        let company = Company::new(run, which, (&intuit, &lines));
        let found = company.check_reads();
        let found = found.and_then(|()| company.check_item_notices());
        let found = found.and_then(|()| company.check_documents(&queue));
        if let Err(what) = found {
            run.deployment.world.fail(format!("{firm}: {what}"));
        }
    }
}

struct Company<'a> {
    run: &'a Run,
    which: usize,
    intuit: &'a Simulator,
    lines: &'a [Line],
    changes: Vec<LoggedChange>,
    /// The entries that were merged away, and the entries that remain.
    merged: BTreeMap<String, String>,
}

impl<'a> Company<'a> {
    fn new(run: &'a Run, which: usize, (intuit, lines): (&'a Simulator, &'a [Line])) -> Self {
        let changes = run.change_log.changes(which);
        let merged = changes.iter().filter_map(|logged| {
            let gone = logged.change.deleted_id.clone()?;
            Some((gone, logged.change.id.clone()))
        });
        Self {
            run,
            which,
            intuit,
            lines,
            merged: merged.collect(),
            changes,
        }
    }

    fn check_documents(&self, queue: &Queue) -> Result<(), String> {
        for record in records::records(&self.run.deployment, self.which) {
            let name = record.reference.to_string();
            let document = Document {
                company: self,
                record: &record,
            };
            let entry = queue.entry_for(&record.reference);
            let checked = document.check_conflict(entry);
            let checked = checked.and_then(|()| document.check_paid());
            let checked = checked.and_then(|()| document.check_notified_once());
            let checked = checked.and_then(|()| document.check_ledger_effect());
            checked.map_err(|what| format!("{name} {what}"))?;
        }
        Ok(())
    }

    fn check_reads(&self) -> Result<(), String> {
        let theirs = self.changes.iter().filter(|logged| {
            let change = &logged.change;
            let own = matches!(change.entity, "Invoice" | "CreditMemo" | "JournalEntry");
            own && change.operation == Operation::Create && change.by != Actor::Api
        });
        let reads = self.run.change_log.reads();
        for logged in theirs {
            let (kind, id) = (logged.change.entity, &logged.change.id);
            let is_asked = reads.iter().any(|reads| {
                reads.realm == COMPANIES[self.which]
                    && reads.kind.eq_ignore_ascii_case(kind)
                    && reads.id == *id
            });
            if is_asked {
                return Err(format!("{kind} {id} is read, which is somebody else's"));
            }
        }
        Ok(())
    }

    /// Checks that no change of an item was invented or told twice: an item or the account of an item was edited for each notice.
    fn check_item_notices(&self) -> Result<(), String> {
        let is_notice = |line: &&Line| line.kind == DetectedAs::ItemChanged;
        let notices: Vec<_> = self.lines.iter().filter(is_notice).collect();
        let is_edit = |logged: &&LoggedChange| {
            matches!(logged.change.entity, "Item" | "Account") && !logged.is_ours()
        };
        let edits = self.changes.iter().filter(is_edit).count();
        if notices.len() <= edits {
            return Ok(());
        }
        Err(format!(
            "has too many notices for {edits} edits: {notices:?}"
        ))
    }

    /// Returns the id of an entry after all merges.
    fn merged_id(&self, id: &str) -> String {
        let mut id = id;
        while let Some(into) = self.merged.get(id) {
            id = into;
        }
        id.to_owned()
    }

    fn current(&self, (kind, id): (&str, &str)) -> Option<Transaction> {
        let mut all = self.intuit.entities(COMPANIES[self.which], kind);
        let body = all.find(|body| body["Id"] == *id)?;
        Some(crate::change_detection::transaction::of(kind, body))
    }

    /// Returns an object as RIVET last wrote it.
    fn written(&self, (kind, id): (&str, &str)) -> Option<&Transaction> {
        let mut ours = self.changes.iter().rev();
        let last = ours.find(|logged| logged.is_of(kind, id) && logged.is_ours())?;
        last.transaction.as_ref()
    }

    /// Returns whether nobody can know who gave an object its number: QuickBooks assigns numbers, the answer to the creation was lost on its
    /// way or with its worker, and RIVET knows the number that it found then. The number may be that of QuickBooks.
    fn has_number_of_its_own(
        &self,
        record: &DocumentRecord,
        posted: &PostedObject,
        now: &Transaction,
    ) -> bool {
        let kind = kind_of(posted);
        let mut of_it = self.changes.iter().filter(|it| it.is_of(&kind, &posted.id));
        let created = of_it.clone().find(|logged| logged.is_ours());
        let is_answer_lost = created.is_some_and(|it| self.run.change_log.is_answer_lost(it));
        // A worker that died saved no answer, and a later one posted the document.
        let is_posted = |attempt: &&Attempt| attempt.outcome == AttemptOutcome::Posted;
        let attempt = record.attempts.iter().rev().find(is_posted);
        let is_found = attempt
            .is_some_and(|found| of_it.any(|it| !it.is_ours() && it.change.changed_at < found.at));
        let assigns_numbers = self.run.given.customs.assigns_numbers;
        (assigns_numbers || self.has_switched_preferences())
            && posted.number.as_ref() == Some(&now.number)
            && (is_answer_lost || is_found)
    }

    /// Returns whether a person changed the company's preferences, such as who assigns numbers.
    fn has_switched_preferences(&self) -> bool {
        let mut changes = self.changes.iter();
        changes.any(|logged| logged.change.entity == "Preferences")
    }

    /// Returns the sum of the payments that are applied to an object.
    fn applied(&self, (kind, id): (&str, &str)) -> Decimal {
        let payments = self.intuit.entities(COMPANIES[self.which], "Payment");
        let transactions =
            payments.map(|payment| crate::change_detection::transaction::of("Payment", payment));
        transactions
            .map(|transaction| share(&transaction, (kind, id)))
            .sum()
    }

    /// Returns the sum of RIVET's payments that are applied to an object and came back. Each of them stays applied, and an entry reverses it.
    fn returned(&self, (kind, id): (&str, &str)) -> Decimal {
        let mut returned = records::records(&self.run.deployment, self.which);
        returned.retain(|record| record.posted.iter().any(PostedObject::is_returned_payment));
        let reversed = returned.iter().flat_map(|record| &record.posted);
        let reversed = reversed.filter(|posted| posted.is_reversed);
        let payments = reversed.filter_map(|posted| self.current((&kind_of(posted), &posted.id)));
        payments.map(|payment| share(&payment, (kind, id))).sum()
    }

    fn effect(&self, record: &DocumentRecord) -> Effect {
        let realm = COMPANIES[self.which];
        let accounts = &self.run.accounts[self.which];
        let ledger = self.intuit.ledger(realm);
        let mut effect = Effect::default();
        for posted in &record.posted {
            for line in ledger.lines_of(&kind_of(posted), &posted.id) {
                let mut accounts = accounts.iter();
                if let Some(place) = accounts.position(|id| *id == line.entry.account) {
                    effect[place] += line.entry.amount;
                }
            }
        }
        effect
    }
}

fn share(payment: &Transaction, (kind, id): (&str, &str)) -> Decimal {
    let to_it = payment
        .applied
        .iter()
        .filter(|(to, of, _)| to == kind && of == id);
    to_it.map(|(_, _, amount)| *amount).sum()
}

fn kind_of(posted: &PostedObject) -> String {
    format!("{:?}", posted.kind)
}
