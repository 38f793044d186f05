//! Ids, versions and amounts that QuickBooks spells in another way.

use crate::support::events::TieOut;
use crate::support::usual_bill::BILL;
use crate::support::world::World;
use jiff::SignedDuration;
use samples::story::harbor_point;
use simulator::{AnswerSpelling, BalanceSpelling};

/// Each spelling that RIVET's readers must take, one at a time and together.
fn spellings() -> [AnswerSpelling; 5] {
    let usual = AnswerSpelling::default;
    [
        AnswerSpelling {
            has_numeric_ids: true,
            ..usual()
        },
        AnswerSpelling {
            has_text_amounts: true,
            ..usual()
        },
        AnswerSpelling {
            balances: BalanceSpelling::NullAtZero,
            omits_empty_links: true,
            ..usual()
        },
        AnswerSpelling {
            balances: BalanceSpelling::Null,
            ..usual()
        },
        AnswerSpelling {
            has_numeric_ids: true,
            has_text_amounts: true,
            balances: BalanceSpelling::Null,
            omits_empty_links: true,
            omits_change_positions: true,
        },
    ]
}

/// The whole story of the sample project ends as usual, and a night later nobody is told of a difference.
#[test]
fn spelling_of_answers_changes_nothing() {
    for spelling in spellings() {
        let world = World::configured();
        world.simulator().switches_mut().answer_spelling = spelling;
        let story = harbor_point().unwrap();
        for step in &story {
            world.deliver(step.body);
        }
        world.run_schedules(26, SignedDuration::from_hours(1));
        let last = &story.last().unwrap().expected;
        world.assert_ties_out(last, TieOut::Totals, &format!("{spelling:?}"));
        let told = world.notified();
        let only_posted = told.iter().all(|kind| kind == "document.posted");
        assert!(only_posted, "{spelling:?}: {told:?}");
    }
}

/// If QuickBooks says no balance, the links of an invoice tell that it is paid.
#[test]
fn paid_bill_without_balance_is_left_alone() {
    for balances in [BalanceSpelling::NullAtZero, BalanceSpelling::Null] {
        let world = World::configured();
        world.simulator().switches_mut().answer_spelling = AnswerSpelling {
            balances,
            ..AnswerSpelling::default()
        };
        world.bill();
        world.pay(BILL, "43650.00");
        world.void_bill(BILL, "2026-04-20");
        let reason = world.view(BILL)["reason"]["code"].clone();
        assert_eq!(reason, "payments_applied", "{balances:?}");
        assert_eq!(world.last("Invoice")["TotalAmt"].to_string(), "43650.00");
    }
}
