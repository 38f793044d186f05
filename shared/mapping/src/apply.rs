//! What the steps that were carried out leave behind.

use quickbooks::entity::TxnType;

use crate::ids::Ids;
use crate::posted_object::Posted;
use crate::posting::Posting;
use crate::step::Step;

/// What somebody did to an entry before its reversal was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// It is gone.
    Gone,
    /// It is another.
    Changed,
}

/// What QuickBooks answered to a step that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stands {
    /// Id of the transaction made or changed.
    pub id: String,
    /// Its version now.
    pub sync_token: String,
    /// When it got that, in seconds, as QuickBooks says.
    pub written_at: i64,
    /// The number that it has now.
    pub number: Option<String>,
    /// The ids that the step was rendered with.
    pub ids: Ids,
}

impl Posted {
    /// Notes in `all` of a document's transactions that `step` was carried out. Doing so twice changes nothing more.
    pub fn apply(all: &mut Vec<Self>, step: &Step, stands: Stands) {
        match step {
            Step::Create { .. } | Step::Update { .. } | Step::Zero { .. } => {}
            Step::Void { target, .. } => retire(all, (target.kind, &target.id), Some(&stands)),
            Step::Reverse { of, .. } => retire(all, (TxnType::JournalEntry, of), None),
        }
        if let Some(posting) = step.posting() {
            keep(all, Self::made(step, posting, stands));
        }
    }

    /// Notes that a reversal, `made` by `step`, came too late for its entry: it counts for itself until it is taken back, and so
    /// does what it did not reverse.
    pub fn reversed_too_late(all: &mut [Self], (step, made): (&Step, &str), late: Late) {
        let Step::Reverse { of, .. } = step else {
            return;
        };
        for posted in all.iter_mut() {
            let is_of = posted.is(TxnType::JournalEntry, of);
            if is_of && late == Late::Gone {
                posted.lose();
            }
            let stands = is_of && late == Late::Changed;
            posted.live |= stands || posted.is(TxnType::JournalEntry, made);
        }
    }

    fn made(step: &Step, posting: &Posting, stands: Stands) -> Self {
        Self {
            slot: step.slot(),
            kind: posting.txn_type(),
            id: stands.id,
            sync_token: stands.sync_token,
            written_at: stands.written_at,
            number: stands.number,
            posting: posting.clone(),
            ids: step.ids().cloned().unwrap_or(stands.ids),
            live: matches!(step, Step::Create { .. } | Step::Update { .. }),
            kept: Vec::new(),
        }
    }
}

/// It no longer counts; a new version is noted if it was changed itself.
fn retire(all: &mut [Posted], (kind, id): (TxnType, &str), changed: Option<&Stands>) {
    if let Some(posted) = all.iter_mut().find(|posted| posted.is(kind, id)) {
        posted.live = false;
        if let Some(stands) = changed {
            posted.sync_token.clone_from(&stands.sync_token);
            posted.written_at = stands.written_at;
        }
    }
}

/// Replaces what is known of a transaction, or adds it.
fn keep(all: &mut Vec<Posted>, now: Posted) {
    match all.iter_mut().find(|posted| posted.is(now.kind, &now.id)) {
        Some(posted) => *posted = now,
        None => all.push(now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{
        self, METHODS, STYLES, books, ids, period_end, planned, settings, worked_example,
    };
    use crate::slot::Slot;
    use crate::{ClassUse, plan, steps, void_steps};
    use billing::Document;

    fn stands(id: &str, ids: Ids) -> Stands {
        Stands {
            id: id.into(),
            sync_token: "0".into(),
            written_at: 0,
            number: Some("1042-1".into()),
            ids,
        }
    }

    fn posted() -> Vec<Posted> {
        let mut all = Vec::new();
        let plan = planned(&worked_example(), &settings(METHODS[0], STYLES[0]));
        for (step, id) in steps(&[], &plan).iter().zip(["130", "131"]) {
            Posted::apply(&mut all, step, stands(id, ids()));
        }
        all
    }

    #[test]
    fn what_was_created_stands_and_counts() {
        let found: Vec<_> = posted()
            .into_iter()
            .map(|posted| (posted.slot, posted.id, posted.kind, posted.live))
            .collect();
        let expected = [
            (Slot::Sale, "130".to_owned(), TxnType::Invoice, true),
            (
                Slot::Retainage,
                "131".to_owned(),
                TxnType::JournalEntry,
                true,
            ),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn after_a_void_nothing_counts_and_the_reversal_is_known() {
        let mut all = posted();
        for (step, id) in void_steps(&all, period_end()).iter().zip(["130", "140"]) {
            Posted::apply(&mut all, step, stands(id, Ids::default()));
        }
        assert!(all.iter().all(|posted| !posted.live));
        assert_eq!(
            (all.len(), all[2].slot, all[2].id.as_str()),
            (3, Slot::RetainageReversal, "140")
        );
        assert_eq!(all[2].ids, ids(), "the ids of the entry, not those at hand");
    }

    #[test]
    fn noting_a_step_twice_changes_nothing_more() {
        let mut all = posted();
        let steps = void_steps(&all, period_end());
        let note = |all: &mut Vec<Posted>| {
            steps
                .iter()
                .zip(["130", "140"])
                .for_each(|(step, id)| Posted::apply(all, step, stands(id, ids())));
        };
        note(&mut all);
        let once = all.clone();
        note(&mut all);
        assert_eq!(all, once);
    }

    #[test]
    fn an_invoice_and_an_entry_with_the_same_id_are_not_confused() {
        let mut all = posted();
        all[1].id = "130".into();
        let void = void_steps(&all[..1], period_end());
        all.reverse();
        Posted::apply(&mut all, &void[0], stands("130", ids()));
        let live: Vec<_> = all
            .iter()
            .map(|posted| (posted.slot, posted.live))
            .collect();
        assert_eq!(live, [(Slot::Retainage, true), (Slot::Sale, false)]);
    }

    #[test]
    fn money_can_be_applied_to_invoices_and_releases_only() {
        let [invoice, entry]: [Posted; 2] = posted().try_into().unwrap();
        assert!(invoice.is_receivable() && !entry.is_receivable());
        let settings = settings(METHODS[0], STYLES[0]);
        let release = plan(
            &Document::Release(samples::release()),
            &settings,
            &books(ClassUse::None),
        )
        .unwrap();
        let mut all = Vec::new();
        Posted::apply(&mut all, &steps(&[], &release)[0], stands("141", ids()));
        assert!(all[0].is_receivable());
    }

    #[test]
    fn what_stands_survives_being_stored() {
        let stored = serde_json::to_string(&posted()).unwrap();
        assert_eq!(
            serde_json::from_str::<Vec<Posted>>(&stored).unwrap(),
            posted()
        );
    }
}
