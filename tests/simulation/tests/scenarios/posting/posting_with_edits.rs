//! Checks a run in which people edit the company. Their versions stay unless a person decided otherwise, no object exists twice, only
//! edited documents wait for a person, and the ledger effect of all other documents is correct to the cent.

use crate::posting::billing_events::Effect;
use crate::posting::given::{COMPANIES, FIRMS, firm_id};
use crate::posting::ledger_checks::records;
use crate::posting::scenario::{ManualPayment, Run};
use mapping::PostedObject;
use serde_json::Value;
use simulator::{Actor, Change, Operation, Simulator};
use std::collections::BTreeSet;
use store::document::DocumentRecord;
use store::document::decision::DecisionKind;
use store::document::status::DocumentStatus;
use store::queue::Queue;
use store::queue::entry::EntryState;
use store::reason::found_transaction::FoundTransaction;
use store::reason::hold::HoldReason;

/// Checks one firm.
pub async fn check(run: &Run, which: usize) -> Result<(), String> {
    let firm = firm_id(FIRMS[which]);
    let queue = run
        .deployment
        .direct_store()
        .queue(&firm)
        .await
        .unwrap_or_default();
    let intuit = run.deployment.intuit.borrow();
    let records = records(&run.deployment, which);
    let company = Company {
        run,
        which,
        intuit: &intuit,
    };
    for record in &records {
        company.check_edits_kept(record)?;
        company.check_exists(record)?;
        company.check_slots_unique(record)?;
        company.check_ledger_effect(record)?;
    }
    company.check_nothing_beside()?;
    let edited: Vec<_> = records
        .iter()
        .filter(|record| company.is_edited(record))
        .collect();
    for entry in &queue.entries {
        let record = records
            .iter()
            .find(|record| record.reference == entry.document);
        let itself = record.is_some_and(|record| company.is_edited(record));
        // A document that depends on an edited document may not fit any more.
        let is_related_to_edit = edited.iter().any(|edited| {
            let number = |id: &str| id.split('_').nth(1).map(str::to_owned);
            number(edited.reference.id.as_ref()) == number(entry.document.id.as_ref())
        });
        let fits = match entry.state {
            // The payment may have been removed since. A person still decides.
            EntryState::Conflict => {
                itself
                    || record.is_some_and(|record| {
                        company.is_paid_by_hand(record)
                            || company.is_loosened(record)
                            || company.is_applied_otherwise(record)
                            || company.is_altered(record)
                            || company.is_paid_by_credit(record)
                    })
            }
            EntryState::Pending { .. } | EntryState::Uncertain(_) => false,
            EntryState::Held(ref hold) => is_related_to_edit || company.is_true(hold, &queue),
            EntryState::Failed => is_related_to_edit,
        };
        if !fits {
            let reason = record.and_then(|record| record.status.reason());
            return Err(format!(
                "{} waits although nobody touched it: {:?}, {reason:?}",
                entry.document, entry.state
            ));
        }
    }
    Ok(())
}

struct Company<'a> {
    run: &'a Run,
    which: usize,
    intuit: &'a Simulator,
}

impl Company<'_> {
    /// Returns the changes of an object, without those that QuickBooks made itself.
    fn changes(&self, posted: &PostedObject) -> Vec<&Change> {
        let kind = format!("{:?}", posted.kind);
        let all = self.intuit.changes(COMPANIES[self.which]).iter();
        all.filter(|change| change.by != Actor::System)
            .filter(|change| change.entity == kind && change.id == posted.id)
            .collect()
    }

    fn name(&self, record: &DocumentRecord) -> String {
        format!("{} {}", FIRMS[self.which], record.reference)
    }

    /// Checks that RIVET overwrote the edit of a person only after a decision.
    fn check_edits_kept(&self, record: &DocumentRecord) -> Result<(), String> {
        let name = self.name(record);
        let decisions = self.run.decisions.borrow();
        for posted in &record.posted {
            let changes = self.changes(posted);
            for pair in changes.windows(2) {
                let (person, rivet) = (pair[0], pair[1]);
                if person.by != Actor::Person || rivet.by != Actor::Api || self.is_empty(person) {
                    continue;
                }
                let decided = decisions.iter().any(|decision| {
                    decision.about == name
                        && decision.kind != DecisionKind::Ignore
                        && decision.decided_at >= person.changed_at
                        && decision.decided_at <= rivet.changed_at
                });
                if !decided {
                    let (kind, id) = (rivet.entity, &rivet.id);
                    return Err(format!(
                        "{kind} {id} of {name} was written over although a person had changed it"
                    ));
                }
            }
        }
        Ok(())
    }

    /// Returns whether QuickBooks had the same after an edit as before.
    fn is_empty(&self, change: &Change) -> bool {
        self.run.empty_edits.borrow().iter().any(|edit| {
            let is_same = (edit.posted.0.as_str(), &edit.posted.1) == (change.entity, &change.id);
            edit.which == self.which && is_same && edit.edited_at == change.changed_at
        })
    }

    /// Checks that RIVET billed nobody for what a person had billed before it.
    fn check_nothing_beside(&self) -> Result<(), String> {
        let realm = COMPANIES[self.which];
        let typed = self.run.typed_first.borrow();
        for typed in typed.iter().filter(|typed| typed.which == self.which) {
            let is_beside = |invoice: &Value| {
                let number = invoice["DocNumber"].as_str().unwrap_or_default();
                number.starts_with(typed.number)
                    && invoice["CustomerRef"]["value"] == *typed.customer
                    && self.is_created_by_rivet(invoice["Id"].as_str().unwrap_or_default())
            };
            if self.intuit.entities(realm, "Invoice").any(is_beside) {
                return Err(format!(
                    "{} is posted beside a person's invoice",
                    typed.number
                ));
            }
        }
        Ok(())
    }

    fn is_created_by_rivet(&self, invoice: &str) -> bool {
        let mut changes = self.intuit.changes(COMPANIES[self.which]).iter();
        changes.any(|change| {
            let created = change.by == Actor::Api && change.operation == Operation::Create;
            created && change.entity == "Invoice" && change.id == invoice
        })
    }

    /// Checks that a document does not count as posted by an invoice that was deleted before RIVET knew of it. If the index still listed the
    /// invoice when RIVET looked it up, only the next scan finds the deletion.
    fn check_exists(&self, record: &DocumentRecord) -> Result<(), String> {
        let deleted = self.run.deleted.borrow();
        let tried_at = record.attempts.last().map(|attempt| attempt.at);
        let is_deleted = |id: &str| {
            let mut deleted = deleted.iter();
            deleted.any(|gone| {
                let was_unlisted = tried_at.is_some_and(|at| at >= gone.unlisted_from);
                was_unlisted && gone.which == self.which && gone.id == id
            })
        };
        let found = record
            .active_objects()
            .find(|posted| is_deleted(&posted.id));
        match found.filter(|_| record.status == DocumentStatus::Posted) {
            Some(posted) => Err(format!(
                "{} counts as posted by deleted {}",
                record.reference, posted.id
            )),
            None => Ok(()),
        }
    }

    /// Checks that no slot of a document has two active objects.
    fn check_slots_unique(&self, record: &DocumentRecord) -> Result<(), String> {
        let mut places = BTreeSet::new();
        for posted in record.active_objects() {
            if !places.insert(format!("{:?}", posted.slot)) {
                return Err(format!("{} has two of {:?}", record.reference, posted.slot));
            }
        }
        Ok(())
    }

    /// Returns whether a person voided or deleted what a payment of RIVET's paid, so that QuickBooks took the payment off it.
    fn is_loosened(&self, record: &DocumentRecord) -> bool {
        let targets = record
            .posted
            .iter()
            .flat_map(|posted| posted.ids.all_targets());
        let all = self.intuit.changes(COMPANIES[self.which]);
        targets.into_iter().any(|(_, (kind, id))| {
            all.iter().any(|change| {
                let is_gone = matches!(change.operation, Operation::Void | Operation::Delete);
                let is_target = change.entity == format!("{kind:?}") && change.id == *id;
                is_target && is_gone && change.by == Actor::Person
            })
        })
    }

    /// Returns whether RIVET found a payment that a person had applied by hand.
    fn is_paid_by_hand(&self, record: &DocumentRecord) -> bool {
        let met = matches!(&record.status, DocumentStatus::Conflict(reason) if reason.code == "payments_applied");
        let paid = self.run.paid.borrow();
        let by_hand = |id: &str| {
            let mut paid = paid.iter();
            paid.any(|payment| payment.which == self.which && payment.applied_to == id)
        };
        met && record.posted.iter().any(|posted| by_hand(&posted.id))
    }

    /// Returns whether QuickBooks may have applied a credit to an object of the document by itself.
    fn is_paid_by_credit(&self, record: &DocumentRecord) -> bool {
        let told = matches!(&record.status, DocumentStatus::Conflict(reason) if reason.code == "payments_applied");
        told && self.run.given.customs.applies_credits
    }

    /// Returns whether a document waits for the reason that the hold states.
    fn is_true(&self, hold: &HoldReason, queue: &Queue) -> bool {
        match hold {
            HoldReason::AlreadyInQuickbooks(found) => {
                !found.is_empty() && found.iter().all(|found| self.is_by_hand(found))
            }
            HoldReason::CopiesInQuickbooks(copies) => {
                copies.iter().any(|copy| self.is_by_hand(copy))
            }
            HoldReason::AlreadyPaid(_) => {
                let paid = self.run.paid.borrow();
                let is_paid = paid.iter().any(|payment| payment.which == self.which);
                is_paid || self.run.given.customs.applies_credits
            }
            HoldReason::PaymentsApplied => self.run.given.customs.applies_credits,
            HoldReason::ItemChanged(_) | HoldReason::ItemInactive => self.run.has_edited_items(),
            HoldReason::WaitingFor(document) => queue.entry_for(document).is_some(),
            // Pay apps that withheld it wait too.
            HoldReason::RetainageExceeded {
                held,
                needed,
                is_taken_back,
            } => held < needed && (*is_taken_back || queue.entries.len() > 1),
            _ => false,
        }
    }

    /// Returns whether a person entered a transaction.
    fn is_by_hand(&self, found: &FoundTransaction) -> bool {
        let kind = format!("{:?}", found.kind);
        let mut changes = self.intuit.changes(COMPANIES[self.which]).iter();
        changes.any(|change| {
            let entered = change.by == Actor::Person && change.operation == Operation::Create;
            entered && change.entity == kind && change.id == found.id
        })
    }

    /// Returns whether QuickBooks made of an object of the document something else than what RIVET sent, and RIVET said so.
    fn is_altered(&self, record: &DocumentRecord) -> bool {
        let altered = self.run.altered.borrow();
        let told = matches!(&record.status, DocumentStatus::Conflict(reason) if reason.code == "posted_differently");
        let mut posted = record.posted.iter();
        told && posted.any(|posted| altered.contains(format!("{:?}", posted.kind).as_str()))
    }

    /// Returns whether QuickBooks applied only a part of a payment, because it accepted more than what was open. It may have applied the rest to
    /// something else by itself since.
    fn is_applied_otherwise(&self, record: &DocumentRecord) -> bool {
        let told = matches!(&record.status, DocumentStatus::Conflict(reason) if reason.code == "posted_differently");
        let mut payments = self.intuit.entities(COMPANIES[self.which], "Payment");
        let all = self.intuit.changes(COMPANIES[self.which]);
        told && payments.any(|payment| {
            let id = &payment["Id"];
            let is_change = |change: &Change| change.entity == "Payment" && *id == *change.id;
            let mut by_itself = all.iter().filter(|change| change.by == Actor::System);
            let is_partly_unapplied = payment["UnappliedAmt"].as_f64() != Some(0.0);
            record.posted.iter().any(|posted| *id == *posted.id)
                && (is_partly_unapplied || by_itself.any(is_change))
        })
    }

    /// Returns whether a person changed or paid an object of the document.
    fn is_edited(&self, record: &DocumentRecord) -> bool {
        let paid = self.run.paid.borrow();
        record.posted.iter().any(|posted| {
            let changed = self.changes(posted);
            // A payment that was removed again leaves nothing behind.
            let applied = |payment: &ManualPayment| {
                payment.which == self.which
                    && !payment.id.is_empty()
                    && payment.applied_to == posted.id
            };
            changed.iter().any(|change| change.by == Actor::Person) || paid.iter().any(applied)
        })
    }

    /// Checks the ledger effect of a finished document whose objects RIVET wrote last.
    fn check_ledger_effect(&self, record: &DocumentRecord) -> Result<(), String> {
        let name = self.name(record);
        let decisions = self.run.decisions.borrow();
        let kept = decisions
            .iter()
            .any(|decision| decision.about == name && decision.kind != DecisionKind::KeepRivet);
        let is_last_written_by_person = record.posted.iter().any(|posted| {
            let last = self.changes(posted).last().copied();
            last.is_some_and(|last| {
                let gone = matches!(last.operation, Operation::Delete | Operation::Void);
                last.by == Actor::Person && (posted.is_active || !gone)
            })
        });
        if kept
            || is_last_written_by_person
            || !matches!(
                record.status,
                DocumentStatus::Posted | DocumentStatus::Voided
            )
        {
            return Ok(());
        }
        let wanted = self.run.billing_events.documents.get(&name);
        let wanted = wanted.copied().unwrap_or_default();
        let found = self.effect(record);
        if wanted == found {
            return Ok(());
        }
        Err(format!("{name} comes to {found:?} instead of {wanted:?}"))
    }

    fn effect(&self, record: &DocumentRecord) -> Effect {
        let realm = COMPANIES[self.which];
        let account = |name: &str| self.intuit.find(realm, "Account", name).unwrap();
        let accounts = [
            account("Accounts Receivable (A/R)"),
            account("Retainage Receivable"),
            account("Contract Revenue"),
            account("Undeposited Funds"),
        ];
        let ledger = self.intuit.ledger(realm);
        let mut effect = Effect::default();
        for posted in &record.posted {
            for line in ledger.lines_of(&format!("{:?}", posted.kind), &posted.id) {
                let place = accounts.iter().position(|id| *id == line.entry.account);
                effect[place.unwrap_or_default()] += line.entry.amount;
            }
        }
        effect
    }
}
