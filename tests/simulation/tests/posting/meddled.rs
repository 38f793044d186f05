//! What is promised where people edit the company: their versions stand unless somebody decided otherwise, nothing is there twice,
//! only what they touched waits for them, and all else is right to the cent.

use crate::billing_facts::Effect;
use crate::books::records;
use crate::given::{COMPANIES, FIRMS, firm_id};
use crate::story::Play;
use mapping::PostedObject;
use simulator::{Actor, Change, Operation, Simulator};
use std::collections::BTreeSet;
use store::document::DocumentRecord;
use store::document::decision::DecisionKind;
use store::document::status::DocumentStatus;
use store::queue::entry::EntryState;

/// Of one firm.
pub async fn check(play: &Play, which: usize) -> Result<(), String> {
    let firm = firm_id(FIRMS[which]);
    let desk = play.stage.records().queue(&firm).await.unwrap_or_default();
    let intuit = play.stage.intuit.borrow();
    let records = records(&play.stage, which);
    let company = Company {
        play,
        which,
        intuit: &intuit,
    };
    for record in &records {
        company.nothing_is_overwritten(record)?;
        company.nothing_is_there_twice(record)?;
        company.it_is_right(record)?;
    }
    let touched: Vec<_> = records
        .iter()
        .filter(|record| company.is_touched(record))
        .collect();
    for waiting in &desk.entries {
        let record = records
            .iter()
            .find(|record| record.reference == waiting.document);
        let itself = record.is_some_and(|record| company.is_touched(record));
        // What builds on something that was touched may not fit any more.
        let of_a_touched = touched.iter().any(|touched| {
            let number = |id: &str| id.split('_').nth(1).map(str::to_owned);
            number(touched.reference.id.as_ref()) == number(waiting.document.id.as_ref())
        });
        let fits = match waiting.state {
            // Whether or not the payment was removed since: that is for a person to say.
            EntryState::Conflict => itself || record.is_some_and(|record| company.was_paid(record)),
            EntryState::Pending { .. } | EntryState::Uncertain(_) => false,
            EntryState::Held(_) | EntryState::Failed => of_a_touched,
        };
        if !fits {
            return Err(format!(
                "{} waits although nobody touched it: {:?}",
                waiting.document, waiting.state
            ));
        }
    }
    Ok(())
}

struct Company<'a> {
    play: &'a Play,
    which: usize,
    intuit: &'a Simulator,
}

impl Company<'_> {
    /// What was done to an object, QuickBooks' own doing apart.
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

    /// After a person's change RIVET changes an object only if somebody decided about it since.
    fn nothing_is_overwritten(&self, record: &DocumentRecord) -> Result<(), String> {
        let name = self.name(record);
        let decisions = self.play.decisions.borrow();
        for posted in &record.posted {
            let changes = self.changes(posted);
            for pair in changes.windows(2) {
                let (person, rivet) = (pair[0], pair[1]);
                if person.by != Actor::Person || rivet.by != Actor::Api {
                    continue;
                }
                let decided = decisions.iter().any(|(about, act, at)| {
                    *about == name
                        && *act != DecisionKind::Ignore
                        && *at >= person.changed_at
                        && *at <= rivet.changed_at
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

    fn nothing_is_there_twice(&self, record: &DocumentRecord) -> Result<(), String> {
        let mut places = BTreeSet::new();
        for posted in record.active_objects() {
            if !places.insert(format!("{:?}", posted.slot)) {
                return Err(format!("{} has two of {:?}", record.reference, posted.slot));
            }
        }
        Ok(())
    }

    /// RIVET met a payment that somebody had applied by hand.
    fn was_paid(&self, record: &DocumentRecord) -> bool {
        let met = matches!(&record.status, DocumentStatus::Conflict(reason) if reason.code == "payments_applied");
        let paid = self.play.paid.borrow();
        let by_hand = |id: &str| {
            let mut paid = paid.iter();
            paid.any(|(of, _, to)| *of == self.which && to == id)
        };
        met && record.posted.iter().any(|posted| by_hand(&posted.id))
    }

    fn is_touched(&self, record: &DocumentRecord) -> bool {
        let paid = self.play.paid.borrow();
        record.posted.iter().any(|posted| {
            let changed = self.changes(posted);
            // One that was taken off again leaves nothing behind.
            let applied = |(of, payment, to): &(usize, String, String)| {
                *of == self.which && !payment.is_empty() && *to == posted.id
            };
            changed.iter().any(|change| change.by == Actor::Person) || paid.iter().any(applied)
        })
    }

    /// What is finished, and whose objects RIVET wrote last, does to the books what its document says.
    fn it_is_right(&self, record: &DocumentRecord) -> Result<(), String> {
        let name = self.name(record);
        let decisions = self.play.decisions.borrow();
        let kept = decisions
            .iter()
            .any(|(about, act, _)| *about == name && *act != DecisionKind::KeepRivet);
        let of_a_person = record.posted.iter().any(|posted| {
            let last = self.changes(posted).last().copied();
            last.is_some_and(|last| {
                let gone = matches!(last.operation, Operation::Delete | Operation::Void);
                last.by == Actor::Person && (posted.is_active || !gone)
            })
        });
        if kept
            || of_a_person
            || !matches!(
                record.status,
                DocumentStatus::Posted | DocumentStatus::Voided
            )
        {
            return Ok(());
        }
        let wanted = self.play.facts.documents.get(&name);
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
