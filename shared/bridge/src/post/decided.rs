//! Carrying out what a person decided about a document: see [`crate::settle`] for the states.

use crate::decision::{Act, Decision};
use crate::desk::Waiting;
use crate::document::{DocumentRecord, LEFT_ALONE, State};
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::reason::{Action, Reason};
use jiff::Timestamp;
use mapping::{Ids, Plan, Planned, Posted, Step};
use quickbooks::entity::{Standing, TxnType};

impl<H: Http, R: Records> Office<'_, H, R> {
    /// What a decision makes of the document; nothing if the way on is the usual one, over what was just taken over.
    pub(super) async fn decided(
        &mut self,
        record: &mut DocumentRecord,
        (waiting, decision): (&Waiting, &Decision),
        now: Timestamp,
    ) -> Result<Option<State>, Halt> {
        Ok(match decision.act {
            Act::Ignore => {
                // Half of a pair is never left behind.
                if record.half_posted {
                    self.take_back(record, waiting, now).await?;
                }
                cover(record, waiting);
                let message =
                    "RIVET leaves it alone, as was decided. A later revision is posted as usual.";
                let reason = Reason::new(LEFT_ALONE, Action::Wait, message);
                Some(State::Skipped(reason))
            }
            Act::Posted => None,
            Act::KeepRivet | Act::KeepQuickbooks => {
                let adopted = self.adopt(record, decision, now).await?;
                if adopted && decision.act == Act::KeepQuickbooks {
                    cover(record, waiting);
                    self.complete(record, waiting).await?;
                    Some(standing(record))
                } else {
                    None
                }
            }
        })
    }

    /// Takes the versions that QuickBooks has, if they are still those that the person saw. If not, nothing is taken, and what
    /// comes next finds the difference.
    async fn adopt(
        &mut self,
        record: &mut DocumentRecord,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<bool, Halt> {
        let Some(conflict) = &record.conflict else {
            return Ok(false);
        };
        let seen = |posted: &Posted| conflict.seen(posted.kind, &posted.id);
        let is_current = decision.seen.as_deref() == Some(conflict.seen_at());
        // Of what cancels out all is taken back together, whichever part of it somebody touched.
        let wakes = decision.act == Act::KeepRivet
            && record
                .posted
                .iter()
                .any(|posted| !posted.live && seen(posted).is_some());
        let mut adopted = Vec::new();
        for posted in &record.posted {
            let mut posted = posted.clone();
            let was_live = posted.live;
            if !was_live && !wakes && seen(&posted).is_none() {
                adopted.push(posted);
                continue;
            }
            let found = self.look((posted.kind, &posted.id), now).await?;
            let expected = seen(&posted).unwrap_or(Some(&posted.sync_token));
            let token = found.as_ref().map(|found| found.sync_token.as_str());
            let is_told = was_live || seen(&posted).is_some();
            if !is_current || (is_told && token != expected) {
                return Ok(false);
            }
            posted.adopt(found.as_ref());
            let stands = found.is_some_and(|found| !found.is_voided());
            let cancels = posted.kind == TxnType::JournalEntry || seen(&posted).is_some();
            if wakes && !was_live && stands && cancels {
                posted.wake();
            }
            adopted.push(posted);
        }
        self.written = Some(std::mem::replace(&mut record.posted, adopted));
        Ok(true)
    }

    /// What a person posted by hand is taken for ours if it is there, of the same customer, and comes to the same.
    pub(super) async fn by_hand(
        &mut self,
        record: &mut DocumentRecord,
        planned: (&Plan, &Ids),
        (waiting, decision): (&Waiting, &Decision),
        now: Timestamp,
    ) -> Result<State, Halt> {
        let verified = self.verified(record, planned, (decision, now)).await?;
        let posted = match verified {
            Err(difference) => return Ok(differs(record, &difference)),
            Ok(posted) => posted,
        };
        let is_named = |old: &Posted| posted.iter().any(|new| is_same(old, new));
        record.posted.retain(|old| !is_named(old));
        record.posted.iter_mut().for_each(|old| old.live = false);
        record.posted.extend(posted);
        record.project = planned.0.project.clone();
        record.plan_hash = Some(planned.0.hash());
        cover(record, waiting);
        self.complete(record, waiting).await
    }

    /// The objects that were named, as what stands for the document; or in what they differ from it.
    async fn verified(
        &mut self,
        record: &DocumentRecord,
        (plan, ids): (&Plan, &Ids),
        (decision, now): (&Decision, Timestamp),
    ) -> Result<Result<Vec<Posted>, String>, Halt> {
        let named = |kind, id: &str| {
            let mut objects = decision.objects.iter();
            objects.any(|(named, name)| *named == kind && name == id)
        };
        for old in record.live().filter(|old| !named(old.kind, &old.id)) {
            let found = self.look((old.kind, &old.id), now).await?;
            if found.is_some_and(|found| !found.is_voided()) {
                return Ok(Err(format!(
                    "{:?} {} of RIVET's stands there too.",
                    old.kind, old.id
                )));
            }
        }
        let mut posted = Vec::new();
        for planned in &plan.postings {
            let kind = planned.posting.txn_type();
            let mut objects = decision.objects.iter();
            let Some((_, id)) = objects.find(|(named, _)| *named == kind) else {
                return Ok(Err(format!("{kind:?} is missing: RIVET would post one.")));
            };
            let found = self.look((kind, id), now).await?;
            match taken(record, (planned, ids), found) {
                Ok(taken) => posted.push(taken),
                Err(how) => return Ok(Err(format!("{kind:?} {id} {how}."))),
            }
        }
        Ok(if posted.len() == decision.objects.len() {
            Ok(posted)
        } else {
            Err("RIVET would post fewer transactions.".into())
        })
    }
}

/// Takes an object for a planned one, or says how it differs.
fn taken(
    record: &DocumentRecord,
    (planned, ids): (&Planned, &Ids),
    found: Option<Standing>,
) -> Result<Posted, String> {
    let Some(found) = found.filter(|found| !found.is_voided()) else {
        return Err("is not in QuickBooks, or void there".into());
    };
    let note = found.private_note.as_deref().unwrap_or_default();
    let of_another = note.find("RIVET ").is_some_and(|at| {
        let mark = &note[at + 6..];
        !mark.starts_with(&format!(
            "{} {} ",
            record.reference.kind, record.reference.id
        ))
    });
    if of_another {
        return Err("is what RIVET posted for another document".into());
    }
    let customer = found.customer.as_ref();
    if customer.is_none_or(|customer| customer.value != ids.customer) {
        let name = customer.and_then(|customer| customer.name.as_deref());
        return Err(format!(
            "is of another customer ({})",
            name.unwrap_or("none")
        ));
    }
    let (total, expected) = (found.amount().unwrap_or_default(), planned.posting.total());
    if total != expected {
        return Err(format!(
            "comes to {total:.2}, and the document to {expected:.2}"
        ));
    }
    let mut posted = Posted {
        slot: planned.slot,
        kind: planned.posting.txn_type(),
        id: found.id.clone(),
        sync_token: String::new(),
        written_at: 0,
        number: None,
        posting: planned.posting.clone(),
        ids: ids.clone(),
        live: true,
        kept: Vec::new(),
    };
    posted.adopt(Some(&found));
    Ok(posted)
}

/// The steps to a plan. What is made again in the place of something void gets a mark of its own.
pub(super) fn steps(record: &DocumentRecord, plan: &Plan) -> Vec<Step> {
    let mut steps = mapping::steps(&record.posted, plan);
    for step in &mut steps {
        let Step::Create { slot, posting } = step else {
            continue;
        };
        let kind = posting.txn_type();
        let mut void = record
            .posted
            .iter()
            .filter(|old| (old.slot, old.kind) == (*slot, kind));
        if void.any(|old| old.posting.note() == posting.note()) {
            posting.made_again(record.round + 1);
        }
    }
    steps
}

/// What a try came to is put into the record: what was only read for a decision that was not carried out must not pass for what
/// RIVET wrote. `written`: what that was before anything was taken over for the decision. Gives what is told of the decision.
pub(super) fn conclude(
    record: &mut DocumentRecord,
    before: DocumentRecord,
    (waiting, state): (&Waiting, &State),
    written: Option<Vec<Posted>>,
) -> &'static str {
    let decision = waiting.decision.as_ref();
    let (done, differs) = (state.is_final(), matches!(state, State::Conflict(_)));
    if decision.is_some() && !done && record.round == before.round {
        // What a step that was begun earlier did is no part of that.
        if let Some(written) = written {
            record.posted = written;
        }
        if !differs {
            record.conflict = before.conflict;
        }
    }
    if done || (decision.is_none() && !differs) {
        record.conflict = None;
    }
    record.decision = decision.filter(|_| done).cloned();
    if let Some(seen) = record.seen.as_mut().filter(|_| record.decision.is_some()) {
        seen.forget();
    }
    match record.decision.as_ref().map(|decision| decision.act) {
        Some(Act::KeepRivet) => "RIVET's version was kept. ",
        Some(Act::KeepQuickbooks) => "QuickBooks' version was kept. ",
        Some(Act::Posted) => "It was marked as posted by hand. ",
        Some(Act::Ignore) | None => "",
    }
}

/// What arrived is worked on, whatever came of it.
fn cover(record: &mut DocumentRecord, waiting: &Waiting) {
    record.revision = record.revision.max(waiting.revision);
    record.void = record.void.max(waiting.void);
}

fn standing(record: &DocumentRecord) -> State {
    if record.live().next().is_some() {
        State::Posted
    } else {
        State::Voided
    }
}

fn differs(record: &DocumentRecord, difference: &str) -> State {
    let message = format!("It is not as it was marked. {difference}");
    let reason = Reason::new("not_as_marked", Action::FixInQuickbooks, message);
    if record.conflict.is_some() {
        State::Conflict(reason)
    } else {
        State::Failed(reason)
    }
}

fn is_same(one: &Posted, other: &Posted) -> bool {
    (one.kind, &one.id) == (other.kind, &other.id)
}
