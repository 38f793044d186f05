//! From what stands in QuickBooks to what should: the steps between.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::money::cents;
use crate::naming::{self, DESCRIPTION, clipped};
use crate::plan::{Plan, Planned};
use crate::posted_object::Posted;
use crate::posting::{Journal, JournalLine, Posting, Sale, SaleLine};
use crate::step::Step;

/// The steps from what stands to `desired`, in the order in which they are to be taken. None if it stands already.
///
/// What is of the right type is changed in place. Where the type changed, or nothing is wanted any more, the old one is
/// neutralised first, so that a stop in between leaves too little in the books rather than something twice. A journal entry
/// is reversed under its own date, so that its month ends up as if it had never been.
#[must_use]
pub fn steps(existing: &[Posted], desired: &Plan) -> Vec<Step> {
    let live = || existing.iter().filter(|posted| posted.live);
    let wanted = |posted: &Posted| {
        desired
            .postings
            .iter()
            .any(|planned| stands_for(posted, planned))
    };
    let obsolete = live()
        .filter(|posted| !wanted(posted))
        .map(|posted| neutralise(posted, posted.posting.date()));
    let current = desired.postings.iter().filter_map(|planned| {
        establish(live().find(|posted| stands_for(posted, planned)), planned)
    });
    obsolete.chain(current).collect()
}

/// The steps after which nothing of what stands counts any more; entries are reversed on the day `on`.
#[must_use]
pub fn void_steps(existing: &[Posted], on: Date) -> Vec<Step> {
    existing
        .iter()
        .filter(|posted| posted.live)
        .map(|posted| neutralise(posted, on))
        .collect()
}

/// The steps that take back the reversals that came too late.
#[must_use]
pub fn late_reversals(existing: &[Posted]) -> Vec<Step> {
    let late = |posted: &&Posted| posted.live && posted.slot.is_reversal();
    let late = existing.iter().filter(late);
    late.map(|posted| neutralise(posted, posted.posting.date()))
        .collect()
}

fn stands_for(posted: &Posted, planned: &Planned) -> bool {
    posted.slot == planned.slot && posted.kind == planned.posting.txn_type()
}

fn establish(standing: Option<&Posted>, planned: &Planned) -> Option<Step> {
    let (slot, mut posting) = (planned.slot, planned.posting.clone());
    // What stands keeps the number that it was made with.
    if let Some(posted) = standing {
        posting.renumber(posted.posting.number());
    }
    match standing {
        None => Some(Step::Create { slot, posting }),
        // What somebody else wrote into it may be in what a posting does not tell.
        Some(posted) if posted.posting == posting && posted.kept.is_empty() => None,
        Some(posted) => Some(Step::Update {
            slot,
            target: posted.target(),
            posting,
        }),
    }
}

fn neutralise(posted: &Posted, on: Date) -> Step {
    let (slot, target) = (posted.slot, posted.target());
    match &posted.posting {
        Posting::Invoice(_) | Posting::Payment(_) => Step::Void { slot, target },
        Posting::CreditMemo(sale) => Step::Zero {
            slot,
            target,
            posting: Posting::CreditMemo(emptied(sale)),
            ids: posted.ids.clone(),
        },
        Posting::JournalEntry(journal) => Step::Reverse {
            slot: slot.reversal(),
            of: posted.id.clone(),
            posting: Posting::JournalEntry(opposite(journal, on)),
            ids: posted.ids.clone(),
        },
    }
}

/// A form needs a line, so one of zero stays.
fn emptied(sale: &Sale) -> Sale {
    let line = |line: &SaleLine| SaleLine {
        account: line.account.clone(),
        description: "Voided".to_owned(),
        amount: cents(Decimal::ZERO),
    };
    Sale {
        note: format!("{} voided", sale.note),
        lines: sale.lines.iter().take(1).map(line).collect(),
        ..sale.clone()
    }
}

fn opposite(journal: &Journal, on: Date) -> Journal {
    let turned = |line: &JournalLine| JournalLine {
        side: line.side.opposite(),
        description: clipped(&format!("Reversal · {}", line.description), DESCRIPTION),
        ..line.clone()
    };
    Journal {
        number: journal.number.as_deref().map(naming::reversal_number),
        date: on,
        note: format!("{} reversed", journal.note),
        lines: journal.lines.iter().map(turned).collect(),
        ..journal.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{METHODS, STYLES, ids, pay_app, planned, settings, worked_example};
    use crate::{RetainageMethod, Stands};
    use billing::PayApp;
    use jiff::civil::date;

    const BY_JOURNAL: RetainageMethod = METHODS[0];
    const BY_LINE: RetainageMethod = METHODS[1];

    fn wanted(lines: &[(i64, i64, i64)], revision: u32, method: RetainageMethod) -> Plan {
        planned(
            &PayApp {
                revision,
                ..pay_app(lines)
            },
            &settings(method, STYLES[0]),
        )
    }

    fn carried_out(steps: &[Step]) -> Vec<Posted> {
        let mut all = Vec::new();
        for (step, id) in steps.iter().zip(130..) {
            let stands = Stands {
                id: id.to_string(),
                sync_token: "0".into(),
                written_at: 0,
                number: None,
                ids: ids(),
            };
            Posted::apply(&mut all, step, stands);
        }
        all
    }

    fn told(steps: &[Step]) -> Vec<String> {
        let tell = |step: &Step| match step {
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
        };
        steps.iter().map(tell).collect()
    }

    /// The steps from a first posting to a revision of it.
    fn revised(
        before: (&[(i64, i64, i64)], RetainageMethod),
        after: (&[(i64, i64, i64)], RetainageMethod),
    ) -> Vec<String> {
        let existing = carried_out(&steps(&[], &wanted(before.0, 1, before.1)));
        told(&steps(&existing, &wanted(after.0, 2, after.1)))
    }

    const OWED: [(i64, i64, i64); 1] = [(100_000, 0, 10_000)];
    const OWED_LESS: [(i64, i64, i64); 1] = [(90_000, 0, 9_000)];
    const CREDITED: [(i64, i64, i64); 1] = [(-100_000, 0, -10_000)];
    const NOT_WITHHELD: [(i64, i64, i64); 1] = [(100_000, 0, 0)];
    const ALL_WITHHELD: [(i64, i64, i64); 1] = [(100_000, 0, 100_000)];

    #[test]
    fn a_first_posting_creates_everything_in_order() {
        let first = steps(&[], &wanted(&OWED, 1, BY_JOURNAL));
        assert_eq!(
            told(&first),
            ["create sale Invoice", "create retainage JournalEntry"]
        );
    }

    #[test]
    fn what_stands_already_is_left_alone() {
        let plan = wanted(&OWED, 1, BY_JOURNAL);
        assert_eq!(steps(&carried_out(&steps(&[], &plan)), &plan), []);
    }

    #[test]
    fn a_pair_that_was_left_half_posted_is_finished() {
        let plan = wanted(&OWED, 1, BY_JOURNAL);
        let half = carried_out(&steps(&[], &plan)[..1]);
        assert_eq!(
            told(&steps(&half, &plan)),
            ["create retainage JournalEntry"]
        );
    }

    #[test]
    fn a_revision_changes_both_in_place() {
        let steps = revised((&OWED, BY_JOURNAL), (&OWED_LESS, BY_JOURNAL));
        assert_eq!(
            steps,
            [
                "update sale Invoice 130",
                "update retainage JournalEntry 131"
            ]
        );
    }

    #[test]
    fn where_the_type_changes_the_old_one_is_neutralised_first() {
        let steps = revised((&OWED, BY_JOURNAL), (&CREDITED, BY_JOURNAL));
        assert_eq!(
            steps,
            [
                "void sale Invoice 130",
                "create sale CreditMemo",
                "update retainage JournalEntry 131"
            ]
        );
        let steps = revised((&CREDITED, BY_JOURNAL), (&OWED, BY_JOURNAL));
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
    fn a_side_that_is_no_longer_wanted_is_neutralised_and_one_that_is_new_is_created() {
        let steps = revised((&OWED, BY_JOURNAL), (&NOT_WITHHELD, BY_JOURNAL));
        assert_eq!(
            steps,
            [
                "reverse retainage-reversal of 131 on 2026-03-31",
                "update sale Invoice 130"
            ]
        );
        let steps = revised((&NOT_WITHHELD, BY_JOURNAL), (&OWED, BY_JOURNAL));
        assert_eq!(
            steps,
            ["update sale Invoice 130", "create retainage JournalEntry"]
        );
        let steps = revised((&OWED, BY_JOURNAL), (&ALL_WITHHELD, BY_JOURNAL));
        assert_eq!(
            steps,
            ["void sale Invoice 130", "update retainage JournalEntry 131"]
        );
    }

    #[test]
    fn a_change_of_method_between_revisions_is_followed() {
        let steps = revised((&OWED, BY_JOURNAL), (&OWED, BY_LINE));
        assert_eq!(
            steps,
            [
                "reverse retainage-reversal of 131 on 2026-03-31",
                "update sale Invoice 130"
            ]
        );
        let steps = revised((&OWED, BY_LINE), (&OWED, BY_JOURNAL));
        assert_eq!(
            steps,
            ["update sale Invoice 130", "create retainage JournalEntry"]
        );
    }

    #[test]
    fn a_void_takes_back_whatever_counts_and_dates_reversals_on_its_day() {
        let on = date(2026, 7, 2);
        let owed = carried_out(&steps(&[], &wanted(&OWED, 1, BY_JOURNAL)));
        assert_eq!(
            told(&void_steps(&owed, on)),
            [
                "void sale Invoice 130",
                "reverse retainage-reversal of 131 on 2026-07-02"
            ]
        );
        let credited = carried_out(&steps(&[], &wanted(&CREDITED, 1, BY_LINE)));
        assert_eq!(
            told(&void_steps(&credited, on)),
            ["zero sale CreditMemo 130"]
        );
        assert_eq!(void_steps(&[], on), []);
    }

    #[test]
    fn a_reversal_is_the_entry_turned_round_and_says_so() {
        let posted = carried_out(&steps(&[], &wanted(&OWED, 1, BY_JOURNAL)));
        let Posting::JournalEntry(entry) = &posted[1].posting else {
            panic!()
        };
        let Step::Reverse {
            posting: Posting::JournalEntry(reversal),
            ..
        } = &void_steps(&posted, date(2026, 7, 2))[1]
        else {
            panic!()
        };
        assert_eq!(reversal.number.as_deref(), Some("1042-1RV"));
        assert_eq!(
            reversal.note,
            "RIVET pay_app pa_1042_1 revision 1 retainage reversed"
        );
        for (line, turned) in entry.lines.iter().zip(&reversal.lines) {
            assert_eq!(
                (line.side.opposite(), line.amount, &line.account),
                (turned.side, turned.amount, &turned.account)
            );
        }
    }

    #[test]
    fn no_note_is_the_end_of_another_one() {
        let mut notes = Vec::new();
        for (lines, method) in [
            (OWED, BY_JOURNAL),
            (CREDITED, BY_LINE),
            (CREDITED, BY_JOURNAL),
        ] {
            let first = steps(&[], &wanted(&lines, 1, method));
            let undone = void_steps(&carried_out(&first), date(2026, 7, 2));
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
    fn a_step_is_dated_by_the_earliest_day_that_it_touches() {
        let posted = carried_out(&steps(&[], &wanted(&OWED, 1, BY_JOURNAL)));
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
        let undone = void_steps(&posted, date(2026, 7, 2));
        let days: Vec<_> = undone.iter().map(Step::date).collect();
        assert_eq!(days, [date(2026, 3, 31), date(2026, 7, 2)]);
    }

    #[test]
    fn the_hash_of_a_step_never_changes_and_tells_versions_apart() {
        let plan = planned(&worked_example(), &settings(BY_JOURNAL, STYLES[0]));
        insta::assert_snapshot!(steps(&[], &plan)[0].hash(), @"3a25ce380256c5d2875d20782c354c838e8804ebb0e602765556b7c9d190d374");
        let mut posted = carried_out(&steps(&[], &plan));
        let before = void_steps(&posted, date(2026, 7, 2))[0].hash();
        posted[0].sync_token = "1".into();
        assert_ne!(void_steps(&posted, date(2026, 7, 2))[0].hash(), before);
    }

    #[test]
    fn steps_survive_being_stored() {
        let posted = carried_out(&steps(&[], &wanted(&OWED, 1, BY_JOURNAL)));
        let all = [
            steps(&[], &wanted(&OWED, 1, BY_JOURNAL)),
            void_steps(&posted, date(2026, 7, 2)),
        ]
        .concat();
        let stored = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Step>>(&stored).unwrap(), all);
    }
}
