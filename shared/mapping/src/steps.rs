//! The steps from the posted objects of a document to its plan.

use jiff::civil::Date;

use crate::closing_date::ClosingDate;
use crate::plan::{PlannedPosting, PostingPlan};
use crate::posted_object::PostedObject;
use crate::step::Step;
use crate::undo::{UndoDays, undo};

/// The days of books that are not closed. Each object is taken back on its own day.
const OPEN_BOOKS: UndoDays = UndoDays {
    closing: ClosingDate(None),
    open_day: Date::ZERO,
};

/// Returns the steps from the `existing` objects to the `desired` plan, in the order of their execution. No steps are needed if the
/// objects match the plan.
///
/// An object of the right type is changed in place. If the type changed, or the plan has nothing in its slot, the old object is undone
/// first: a crash between the steps then leaves too little in the books, never a duplicate. A journal entry is reversed on its own day,
/// so that its month ends up as if it had never been.
#[must_use]
pub fn steps(existing: &[PostedObject], desired: &PostingPlan) -> Vec<Step> {
    let active = || existing.iter().filter(|posted| posted.is_active);
    let is_wanted = |posted: &PostedObject| {
        desired
            .postings
            .iter()
            .any(|planned| is_same_place(posted, planned))
    };
    let undone = active()
        .filter(|posted| !is_wanted(posted))
        .map(|posted| undo(posted, &OPEN_BOOKS));
    let written = desired.postings.iter().filter_map(|planned| {
        let current = active().find(|posted| is_same_place(posted, planned));
        create_or_update(current, planned)
    });
    undone.chain(written).collect()
}

/// Returns the steps to the `desired` plan if an object that must change lies in closed books. All objects are reversed and the plan is
/// created anew, so that the document lies in one month.
#[must_use]
pub fn steps_after_close(
    existing: &[PostedObject],
    desired: &PostingPlan,
    days: &UndoDays,
) -> Vec<Step> {
    let created = desired.postings.iter();
    let created = created.filter_map(|planned| create_or_update(None, planned));
    let undone = void_steps(existing, days);
    undone.into_iter().chain(created).collect()
}

/// Returns the steps after which no existing object is active.
#[must_use]
pub fn void_steps(existing: &[PostedObject], days: &UndoDays) -> Vec<Step> {
    existing
        .iter()
        .filter(|posted| posted.is_active)
        .map(|posted| undo(posted, days))
        .collect()
}

/// Returns the steps that undo reversals that were posted too late, each on its own day.
#[must_use]
pub fn late_reversals(existing: &[PostedObject]) -> Vec<Step> {
    let is_late = |posted: &&PostedObject| posted.is_active && posted.slot.is_reversal();
    let late = existing.iter().filter(is_late);
    late.map(|posted| undo(posted, &OPEN_BOOKS)).collect()
}

/// Returns whether the object has the slot and type of the planned transaction, so that it can be changed in place.
fn is_same_place(posted: &PostedObject, planned: &PlannedPosting) -> bool {
    posted.slot == planned.slot && posted.kind == planned.posting.txn_type()
}

fn create_or_update(current: Option<&PostedObject>, planned: &PlannedPosting) -> Option<Step> {
    let (slot, mut posting) = (planned.slot, planned.posting.clone());
    // An existing object keeps the number that it was created with.
    if let Some(posted) = current {
        posting.set_number(posted.posting.number());
    }
    match current {
        None => Some(Step::Create { slot, posting }),
        // An accepted difference may be in a field that a posting does not have, so equal postings do not suffice.
        Some(posted) if posted.posting == posting && posted.accepted_differences.is_empty() => None,
        Some(posted) => Some(Step::Update {
            slot,
            target: posted.target(),
            posting,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posting::Posting;
    use crate::samples::{
        METHODS, STYLES, ids, open_books, pay_app, planned, settings, worked_example,
    };
    use crate::unapplied_reversals;
    use crate::{RetainageMethod, StepResult};
    use billing::PayApp;
    use jiff::civil::date;

    const BY_JOURNAL: RetainageMethod = METHODS[0];
    const BY_LINE: RetainageMethod = METHODS[1];

    fn wanted(lines: &[(i64, i64, i64)], revision: u32, method: RetainageMethod) -> PostingPlan {
        planned(
            &PayApp {
                revision,
                ..pay_app(lines)
            },
            &settings(method, STYLES[0]),
        )
    }

    fn executed(steps: &[Step]) -> Vec<PostedObject> {
        let mut all = Vec::new();
        record(&mut all, steps, 130);
        all
    }

    fn summaries(steps: &[Step]) -> Vec<String> {
        let summary = |step: &Step| match step {
            Step::Create { slot, posting } => format!("create {slot} {:?}", posting.kind()),
            Step::Update { slot, target, .. } => {
                format!("update {slot} {:?} {}", target.kind, target.id)
            }
            Step::Void { slot, target } => format!("void {slot} {:?} {}", target.kind, target.id),
            Step::Zero { slot, target, .. } => {
                format!("zero {slot} {:?} {}", target.kind, target.id)
            }
            Step::Reverse {
                slot, of, posting, ..
            } => format!("reverse {slot} of {of} on {}", posting.date()),
            Step::Apply { slot, posting, .. } => format!("apply {slot} on {}", posting.date()),
        };
        steps.iter().map(summary).collect()
    }

    /// Returns the steps from a first posting to its revision.
    fn revised(before: &PostingPlan, after: &PostingPlan) -> Vec<String> {
        summaries(&steps(&executed(&steps(&[], before)), after))
    }

    fn first(lines: &[(i64, i64, i64)], method: RetainageMethod) -> PostingPlan {
        wanted(lines, 1, method)
    }

    fn second(lines: &[(i64, i64, i64)], method: RetainageMethod) -> PostingPlan {
        wanted(lines, 2, method)
    }

    const OWED: [(i64, i64, i64); 1] = [(100_000, 0, 10_000)];
    const OWED_LESS: [(i64, i64, i64); 1] = [(90_000, 0, 9_000)];
    const CREDITED: [(i64, i64, i64); 1] = [(-100_000, 0, -10_000)];
    const NOT_WITHHELD: [(i64, i64, i64); 1] = [(100_000, 0, 0)];
    const ALL_WITHHELD: [(i64, i64, i64); 1] = [(100_000, 0, 100_000)];

    #[test]
    fn first_posting_creates_all_in_order() {
        let first = steps(&[], &wanted(&OWED, 1, BY_JOURNAL));
        assert_eq!(
            summaries(&first),
            ["create sale Invoice", "create retainage JournalEntry"]
        );
    }

    #[test]
    fn unchanged_document_needs_no_steps() {
        let plan = wanted(&OWED, 1, BY_JOURNAL);
        assert_eq!(steps(&executed(&steps(&[], &plan)), &plan), []);
    }

    #[test]
    fn half_posted_pair_is_completed() {
        let plan = wanted(&OWED, 1, BY_JOURNAL);
        let half = executed(&steps(&[], &plan)[..1]);
        assert_eq!(
            summaries(&steps(&half, &plan)),
            ["create retainage JournalEntry"]
        );
    }

    #[test]
    fn revision_updates_both_in_place() {
        let steps = revised(&first(&OWED, BY_JOURNAL), &second(&OWED_LESS, BY_JOURNAL));
        assert_eq!(
            steps,
            [
                "update sale Invoice 130",
                "update retainage JournalEntry 131"
            ]
        );
    }

    #[test]
    fn changed_type_undoes_the_old_object_first() {
        let steps = revised(&first(&OWED, BY_JOURNAL), &second(&CREDITED, BY_JOURNAL));
        assert_eq!(
            steps,
            [
                "void sale Invoice 130",
                "create sale CreditMemo",
                "update retainage JournalEntry 131"
            ]
        );
        let steps = revised(&first(&CREDITED, BY_JOURNAL), &second(&OWED, BY_JOURNAL));
        assert_eq!(
            steps,
            [
                "zero sale CreditMemo 130",
                "create sale Invoice",
                "update retainage JournalEntry 131"
            ]
        );
    }

    #[test]
    fn unwanted_object_is_undone_and_missing_one_created() {
        let steps = revised(
            &first(&OWED, BY_JOURNAL),
            &second(&NOT_WITHHELD, BY_JOURNAL),
        );
        assert_eq!(
            steps,
            [
                "reverse retainage-reversal of 131 on 2026-03-31",
                "update sale Invoice 130"
            ]
        );
        let steps = revised(
            &first(&NOT_WITHHELD, BY_JOURNAL),
            &second(&OWED, BY_JOURNAL),
        );
        assert_eq!(
            steps,
            ["update sale Invoice 130", "create retainage JournalEntry"]
        );
        let steps = revised(
            &first(&OWED, BY_JOURNAL),
            &second(&ALL_WITHHELD, BY_JOURNAL),
        );
        assert_eq!(
            steps,
            ["void sale Invoice 130", "update retainage JournalEntry 131"]
        );
    }

    #[test]
    fn changed_method_is_followed() {
        let steps = revised(&first(&OWED, BY_JOURNAL), &second(&OWED, BY_LINE));
        assert_eq!(
            steps,
            [
                "reverse retainage-reversal of 131 on 2026-03-31",
                "update sale Invoice 130"
            ]
        );
        let steps = revised(&first(&OWED, BY_LINE), &second(&OWED, BY_JOURNAL));
        assert_eq!(
            steps,
            ["update sale Invoice 130", "create retainage JournalEntry"]
        );
    }

    #[test]
    fn void_undoes_objects_on_their_own_day() {
        let owed = executed(&steps(&[], &wanted(&OWED, 1, BY_JOURNAL)));
        assert_eq!(
            summaries(&void_steps(&owed, &open_books())),
            [
                "void sale Invoice 130",
                "reverse retainage-reversal of 131 on 2026-03-31"
            ]
        );
        let credited = executed(&steps(&[], &wanted(&CREDITED, 1, BY_LINE)));
        assert_eq!(
            summaries(&void_steps(&credited, &open_books())),
            ["zero sale CreditMemo 130"]
        );
        assert_eq!(void_steps(&[], &open_books()), []);
    }

    fn closed() -> UndoDays {
        UndoDays::new(ClosingDate(Some(date(2026, 4, 30))), date(2026, 7, 2))
    }

    #[test]
    fn void_of_closed_month_reverses_everything() {
        let mut posted = executed(&steps(&[], &wanted(&OWED, 1, BY_JOURNAL)));
        let reversed = void_steps(&posted, &closed());
        assert_eq!(
            summaries(&reversed),
            [
                "reverse sale-reversal of 130 on 2026-07-02",
                "reverse retainage-reversal of 131 on 2026-07-02"
            ]
        );
        let effects = reversed.iter().filter_map(Step::posting);
        let effects: crate::Effect = effects.map(Posting::effect).sum();
        let before: crate::Effect = posted.iter().map(|posted| posted.posting.effect()).sum();
        assert_eq!(before + effects, crate::Effect::default());
        record(&mut posted, &reversed, 140);
        assert!(posted.iter().all(|posted| !posted.is_active));
        let [unapplied] = unapplied_reversals(&posted).try_into().unwrap();
        let document = wanted(&OWED, 1, BY_JOURNAL).document;
        let apply = unapplied.step(&document, posted[0].posting.total(), closed().closing);
        assert_eq!(
            summaries(std::slice::from_ref(&apply)),
            ["apply sale-application on 2026-07-02"]
        );
        assert_eq!(
            apply.posting().map(Posting::note),
            Some("RIVET pay_app pa_1042_1 revision 1 reversed applied")
        );
        record(&mut posted, &[apply], 150);
        assert_eq!(unapplied_reversals(&posted), []);
        assert_eq!(void_steps(&posted, &closed()), []);
    }

    #[test]
    fn credit_of_closed_month_gets_an_invoice() {
        let credited = executed(&steps(&[], &wanted(&CREDITED, 1, BY_LINE)));
        let reversed = void_steps(&credited, &closed());
        let [Step::Reverse { posting, .. }] = reversed.as_slice() else {
            panic!("{reversed:?}")
        };
        assert_eq!(posting.kind(), quickbooks::Kind::Invoice);
        assert_eq!(posting.number(), Some("1042-1V"));
    }

    #[test]
    fn void_in_closed_books_waits_for_open_day() {
        let posted = executed(&steps(&[], &wanted(&OWED, 1, BY_JOURNAL)));
        let days = UndoDays::new(ClosingDate(Some(date(2026, 4, 30))), date(2026, 4, 2));
        let notes: Vec<_> = void_steps(&posted, &days)
            .iter()
            .filter_map(Step::posting)
            .map(|posting| format!("{} {}", posting.date(), posting.note()))
            .collect();
        let reason =
            "2026-05-01 posted on 2026-05-01, because the books are closed through 2026-04-30";
        assert_eq!(
            notes,
            [
                format!("{reason} · RIVET pay_app pa_1042_1 revision 1 reversed"),
                format!("{reason} · RIVET pay_app pa_1042_1 revision 1 retainage reversed"),
            ]
        );
    }

    #[test]
    fn revision_after_close_is_created_anew() {
        let posted = executed(&steps(&[], &wanted(&OWED, 1, BY_JOURNAL)));
        let plan = wanted(&OWED_LESS, 2, BY_JOURNAL).moved_to(date(2026, 5, 1));
        assert_eq!(
            summaries(&steps_after_close(&posted, &plan, &closed())),
            [
                "reverse sale-reversal of 130 on 2026-07-02",
                "reverse retainage-reversal of 131 on 2026-07-02",
                "create sale Invoice",
                "create retainage JournalEntry"
            ]
        );
        let note = "posted on 2026-05-01, because the books are closed through 2026-04-30 · RIVET pay_app pa_1042_1 revision 2";
        assert_eq!(plan.postings[0].posting.note(), note);
        assert_eq!(plan.day(), Some(date(2026, 5, 1)));
    }

    fn record(all: &mut Vec<PostedObject>, steps: &[Step], first_id: u32) {
        for (step, id) in steps.iter().zip(first_id..) {
            let result = StepResult {
                id: id.to_string(),
                sync_token: "0".into(),
                written_at: 0,
                number: None,
                ids: ids(),
            };
            PostedObject::record_step(all, step, result);
        }
    }

    #[test]
    fn reversal_is_the_opposite_entry() {
        let posted = executed(&steps(&[], &wanted(&OWED, 1, BY_JOURNAL)));
        let Posting::JournalEntry(entry) = &posted[1].posting else {
            panic!()
        };
        let Step::Reverse {
            posting: Posting::JournalEntry(reversal),
            ..
        } = &void_steps(&posted, &open_books())[1]
        else {
            panic!()
        };
        assert_eq!(reversal.number.as_deref(), Some("1042-1RV"));
        assert_eq!(
            reversal.note,
            "RIVET pay_app pa_1042_1 revision 1 retainage reversed"
        );
        for (line, reversed) in entry.lines.iter().zip(&reversal.lines) {
            assert_eq!(
                (line.side.opposite(), line.amount, &line.account),
                (reversed.side, reversed.amount, &reversed.account)
            );
        }
    }

    #[test]
    fn no_note_ends_another_note() {
        let mut notes = Vec::new();
        for (lines, method) in [
            (OWED, BY_JOURNAL),
            (CREDITED, BY_LINE),
            (CREDITED, BY_JOURNAL),
        ] {
            let first = steps(&[], &wanted(&lines, 1, method));
            let undone = void_steps(&executed(&first), &open_books());
            let second = steps(&[], &wanted(&lines, 11, method));
            notes.extend(
                first
                    .iter()
                    .chain(&undone)
                    .chain(&second)
                    .filter_map(Step::posting)
                    .map(|posting| posting.note().to_owned()),
            );
        }
        notes.sort();
        notes.dedup();
        assert_eq!(notes.len(), 6);
        for (note, other) in notes
            .iter()
            .flat_map(|note| notes.iter().map(move |other| (note, other)))
        {
            assert_eq!(
                note == other,
                other.ends_with(note.as_str()),
                "{note} / {other}"
            );
        }
    }

    #[test]
    fn step_date_is_the_earliest_touched_day() {
        let posted = executed(&steps(&[], &wanted(&OWED, 1, BY_JOURNAL)));
        let later = PayApp {
            period_end: date(2026, 4, 30),
            revision: 2,
            ..pay_app(&OWED)
        };
        let moved = steps(&posted, &planned(&later, &settings(BY_JOURNAL, STYLES[0])));
        assert!(
            moved.iter().all(|step| step.date() == date(2026, 3, 31)),
            "{moved:?}"
        );
        let undone = void_steps(&posted, &open_books());
        let days: Vec<_> = undone.iter().map(Step::date).collect();
        assert_eq!(days, [date(2026, 3, 31), date(2026, 3, 31)]);
    }

    #[test]
    fn step_hash_is_stable_and_depends_on_version() {
        let plan = planned(&worked_example(), &settings(BY_JOURNAL, STYLES[0]));
        insta::assert_snapshot!(steps(&[], &plan)[0].hash(), @"3a25ce380256c5d2875d20782c354c838e8804ebb0e602765556b7c9d190d374");
        let mut posted = executed(&steps(&[], &plan));
        let before = void_steps(&posted, &open_books())[0].hash();
        posted[0].sync_token = "1".into();
        assert_ne!(void_steps(&posted, &open_books())[0].hash(), before);
    }

    #[test]
    fn stored_steps_load_unchanged() {
        let posted = executed(&steps(&[], &wanted(&OWED, 1, BY_JOURNAL)));
        let all = [
            steps(&[], &wanted(&OWED, 1, BY_JOURNAL)),
            void_steps(&posted, &open_books()),
        ]
        .concat();
        let stored = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Step>>(&stored).unwrap(), all);
    }
}
