//! What a firm must know in the end, from what its company's log says: of each object as RIVET wrote it last, and as it is.
//!
//! 1. What differs in something contested, is void or gone, is in conflict, and nothing else is.
//! 2. What is paid of a document is known.
//! 3. A difference is told once: no line without a change between it and the one before, none about what nobody touched.
//! 4. What nobody touched is right in the books to the cent.
//! 5. No transaction of somebody else's is asked for by its id, payments apart.

use crate::billing_facts::Effect;
use crate::known::{self, Line, Told};
use crate::scribe::Moment;
use crate::story::Play;
use crate::view::View;
use billing::DocumentRef;
use jiff::SignedDuration;
use mapping::PostedObject;
use rust_decimal::Decimal;
use simulation::firms::{COMPANIES, FIRMS};
use simulator::{Actor, Operation, Simulator};
use std::collections::BTreeMap;
use store::document::DocumentRecord;
use store::document::status::DocumentStatus;
use store::queue::Queue;
use store::queue::entry::{EntryState, QueueEntry};

/// A worker that read an object says so within this time: it has no longer to work.
const TELLING: SignedDuration = SignedDuration::from_secs(60);

pub async fn check(play: &Play) {
    for (which, firm) in FIRMS.iter().enumerate() {
        let (desk, lines) = (play.stage.desk(firm).await, known::lines(play, firm).await);
        let intuit = play.stage.intuit.borrow();
        let company = Company::new(play, which, (&intuit, &lines));
        let found = company.nobody_elses_are_read();
        let found = found.and_then(|()| company.is_known(&desk));
        if let Err(what) = found {
            play.stage.world.broken(format!("{firm}: {what}"));
        }
    }
}

struct Company<'a> {
    play: &'a Play,
    which: usize,
    intuit: &'a Simulator,
    lines: &'a [Line],
    moments: Vec<Moment>,
    /// What was merged away, and into what.
    merged: BTreeMap<String, String>,
}

impl<'a> Company<'a> {
    fn new(play: &'a Play, which: usize, (intuit, lines): (&'a Simulator, &'a [Line])) -> Self {
        let moments = play.scribe.moments(which);
        let merged = moments.iter().filter_map(|moment| {
            let gone = moment.change.deleted_id.clone()?;
            Some((gone, moment.change.id.clone()))
        });
        Self {
            play,
            which,
            intuit,
            lines,
            merged: merged.collect(),
            moments,
        }
    }

    fn is_known(&self, desk: &Queue) -> Result<(), String> {
        for record in known::records(&self.play.stage, self.which) {
            let name = record.reference.to_string();
            let document = Document {
                company: self,
                record: &record,
            };
            let waiting = desk.entry_for(&record.reference);
            let checked = document.is_in_conflict_if_it_differs(waiting);
            let checked = checked.and_then(|()| document.is_paid_as_known());
            let checked = checked.and_then(|()| document.is_told_once());
            let checked = checked.and_then(|()| document.is_right_if_untouched());
            checked.map_err(|what| format!("{name} {what}"))?;
        }
        Ok(())
    }

    fn nobody_elses_are_read(&self) -> Result<(), String> {
        let theirs = self.moments.iter().filter(|moment| {
            let change = &moment.change;
            let own = matches!(change.entity, "Invoice" | "CreditMemo" | "JournalEntry");
            own && change.operation == Operation::Create && change.by != Actor::Api
        });
        let asked = self.play.scribe.asked();
        for moment in theirs {
            let (kind, id) = (moment.change.entity, &moment.change.id);
            let is_asked = asked.iter().any(|asked| {
                asked.realm == COMPANIES[self.which]
                    && asked.kind.eq_ignore_ascii_case(kind)
                    && asked.id == *id
            });
            if is_asked {
                return Err(format!("{kind} {id} is read, which is somebody else's"));
            }
        }
        Ok(())
    }

    /// What an entry is called now.
    fn left(&self, id: &str) -> String {
        let mut id = id;
        while let Some(into) = self.merged.get(id) {
            id = into;
        }
        id.to_owned()
    }

    fn now(&self, (kind, id): (&str, &str)) -> Option<View> {
        let mut all = self.intuit.entities(COMPANIES[self.which], kind);
        let body = all.find(|body| body["Id"] == *id)?;
        Some(crate::view::of(kind, body))
    }

    /// As RIVET wrote it last.
    fn written(&self, (kind, id): (&str, &str)) -> Option<&View> {
        let mut ours = self.moments.iter().rev();
        let last = ours.find(|moment| moment.is_of(kind, id) && moment.is_ours())?;
        last.view.as_ref()
    }

    /// The payments that are applied to an object, with how much.
    fn applied(&self, (kind, id): (&str, &str)) -> Decimal {
        let payments = self.intuit.entities(COMPANIES[self.which], "Payment");
        let views = payments.map(|payment| crate::view::of("Payment", payment));
        views.map(|view| share(&view, (kind, id))).sum()
    }

    fn effect(&self, record: &DocumentRecord) -> Effect {
        let realm = COMPANIES[self.which];
        let accounts = &self.play.accounts[self.which];
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

/// A document, as its record has it.
struct Document<'a> {
    company: &'a Company<'a>,
    record: &'a DocumentRecord,
}

impl Document<'_> {
    fn is_in_conflict_if_it_differs(&self, waiting: Option<&QueueEntry>) -> Result<(), String> {
        let conflict = known::conflict(self.record);
        let marked = waiting.is_some_and(|waiting| waiting.state == EntryState::Conflict);
        if conflict.is_some() != marked {
            return Err(format!("is {conflict:?} and marked {marked} on the desk"));
        }
        let finished = matches!(
            self.record.status,
            DocumentStatus::Posted | DocumentStatus::Voided
        );
        let contested = self.contested();
        if let (true, Some((kind, id))) = (finished, contested.first()) {
            return Err(format!("is no conflict although {kind} {id} differs"));
        }
        let Some(code) = conflict else {
            return Ok(());
        };
        // What RIVET is to write over something that a person wrote, be it a memo, is for a person to say.
        let writes = waiting.is_some_and(|waiting| known::is_newer(waiting, self.record));
        let touched = || {
            let mut touches = self.touches().into_iter();
            touches.any(|moment| moment.change.by == Actor::Person)
        };
        let mut posted = self.record.posted.iter();
        let differs = posted.any(|posted| self.may_differ(posted)) || (writes && touched());
        if differs || code == "payments_applied" {
            let shown = known::shown(self.record);
            // A newer revision's conflict is about what that was to change; of the rest it may say nothing.
            let is_shown = contested.iter().any(|object| shown.contains(object));
            let missing = contested.iter().find(|object| !shown.contains(object));
            return match missing.filter(|_| !(writes && is_shown)) {
                Some(missing) if code != "payments_applied" => Err(format!(
                    "does not show the two versions of {missing:?}: {shown:?}"
                )),
                _ => Ok(()),
            };
        }
        let why = known::why(self.record);
        Err(format!(
            "is a conflict ({code}) although nothing differs: {why}"
        ))
    }

    /// The objects that are not as RIVET wrote them, as far as the books tell.
    fn contested(&self) -> Vec<(String, String)> {
        let mut contested = Vec::new();
        for posted in &self.record.posted {
            let (kind, id) = (kind_of(posted), posted.id.as_str());
            let Some(written) = self.company.written((&kind, id)) else {
                continue;
            };
            let left = |view: &View| view.with(|id| self.company.left(id));
            let written = left(written);
            let differs = match self.company.now((&kind, id)).as_ref().map(left) {
                // What came to nothing leaves nothing behind, and nothing does what was gone before RIVET could take it back.
                None => posted.is_active || !(written.is_nothing() || posted.is_marked_deleted()),
                Some(now) => written.is_contested(&now) && (posted.is_active || !now.is_nothing()),
            };
            if differs {
                contested.push((kind, id.to_owned()));
            }
        }
        contested
    }

    /// Whether there is anything about an object that may pass for a difference.
    fn may_differ(&self, posted: &PostedObject) -> bool {
        let (kind, id) = (kind_of(posted), posted.id.as_str());
        let written = self.company.written((&kind, id));
        let now = self.company.now((&kind, id));
        written.is_some_and(|written| now.is_none_or(|now| written.is_contested(&now)))
    }

    fn is_paid_as_known(&self) -> Result<(), String> {
        let mut paid = Decimal::ZERO;
        for posted in self
            .record
            .active_objects()
            .filter(|posted| posted.is_receivable())
        {
            let kind = kind_of(posted);
            let Some(now) = self.company.now((&kind, &posted.id)) else {
                return Ok(());
            };
            paid += match kind.as_str() {
                "Invoice" => now.total - now.balance,
                _ => self.company.applied((&kind, &posted.id)),
            };
        }
        let known = known::paid(self.record);
        if known == paid {
            return Ok(());
        }
        Err(format!("is paid with {paid}, and known is {known}"))
    }

    fn is_told_once(&self) -> Result<(), String> {
        let touches = self.touches();
        let of = |told| -> Vec<&Line> { self.lines().filter(|line| line.told == told).collect() };
        let changes = of(Told::Changed);
        let differs = !self.contested().is_empty();
        if changes.is_empty() && differs && known::conflict(self.record).is_some() {
            return Err("differs, and nobody was told".into());
        }
        // Whatever RIVET says anew of a document that differs is a cause of its own.
        let anew = self.revisions().saturating_sub(1);
        for (lines, anew) in [(changes, anew), (of(Told::Paid), 0)] {
            let told: Vec<_> = lines.iter().map(|line| line.to_string()).collect();
            let told = told.join("; ");
            if lines.len() > touches.len() + anew {
                let touches = touches.len();
                return Err(format!("has too many lines for {touches} changes: {told}"));
            }
            let again = lines.windows(2).filter(|pair| {
                let (from, to) = (pair[0].at - TELLING, pair[1].at);
                let between = |moment: &&Moment| (from..=to).contains(&moment.change.changed_at);
                !touches.iter().any(between)
            });
            if again.count() > anew {
                return Err(format!("tells again what it told: {told}"));
            }
        }
        Ok(())
    }

    /// How often RIVET said something of it.
    fn revisions(&self) -> usize {
        let id = format!("{:?}", self.record.reference.id.as_ref());
        let firm = FIRMS[self.company.which];
        let events = self.company.play.facts.events.iter();
        let about = events.filter(|event| event.body.contains(&id) && event.body.contains(firm));
        about.count()
    }

    fn is_right_if_untouched(&self) -> Result<(), String> {
        let others = self.touches();
        let settled = matches!(
            self.record.status,
            DocumentStatus::Posted | DocumentStatus::Voided
        );
        if !settled
            || others
                .iter()
                .any(|moment| moment.change.by == Actor::Person)
        {
            return Ok(());
        }
        let name = format!("{} {}", FIRMS[self.company.which], self.record.reference);
        let wanted = self.company.play.facts.documents.get(&name);
        let wanted = wanted.copied().unwrap_or_default();
        let found = self.company.effect(self.record);
        let renamed = self.company.merged.keys().next().is_some();
        if wanted == found || renamed {
            return Ok(());
        }
        Err(format!("comes to {found:?} instead of {wanted:?}"))
    }

    fn lines(&self) -> impl Iterator<Item = &Line> {
        let about = |document: &DocumentRef| *document == self.record.reference;
        let lines = self.company.lines.iter();
        lines.filter(move |line| about(&line.document))
    }

    /// What others did to its objects, and to payments that are applied to them or were.
    fn touches(&self) -> Vec<&Moment> {
        let objects = self.record.posted.iter();
        let objects: Vec<_> = objects
            .map(|posted| (kind_of(posted), &posted.id))
            .collect();
        let moments = self.company.moments.iter();
        let touches = moments.filter(|moment| {
            let change = &moment.change;
            let payment = change.entity == "Payment" && self.has_paid(&change.id);
            let itself = objects
                .iter()
                .any(|(kind, id)| moment.is_of(kind, id) && !moment.is_ours());
            itself || payment
        });
        touches.collect()
    }

    /// Whether a payment was ever applied to it.
    fn has_paid(&self, payment: &str) -> bool {
        let moments = self.company.moments.iter();
        let mut views = moments
            .filter(|moment| moment.is_of("Payment", payment))
            .filter_map(|moment| moment.view.as_ref());
        views.any(|view| {
            let mut posted = self.record.posted.iter();
            posted.any(|posted| !share(view, (&kind_of(posted), &posted.id)).is_zero())
        })
    }
}

fn share(payment: &View, (kind, id): (&str, &str)) -> Decimal {
    let to_it = payment
        .applied
        .iter()
        .filter(|(to, of, _)| to == kind && of == id);
    to_it.map(|(_, _, amount)| *amount).sum()
}

fn kind_of(posted: &PostedObject) -> String {
    format!("{:?}", posted.kind)
}
