//! Properties of every contract under every setting. The random cases are the same in every run.

mod numbers;
mod histories;

use std::collections::BTreeSet;

use billing::{Document, PayApp};
use jiff::ToSpan;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use rust_decimal::Decimal;

use crate::ledger::{Ledger, ResolvedSteps};
use crate::samples::{
    METHODS, RECEIVABLE, RETAINAGE, REVENUE, STYLES, by_method, cents, ids, inputs, open_books,
    pay_app, preferences, project, settings,
};
use crate::{
    ClassMode, ClassTracking, ClassUse, CompanyPreferences, Effect, Ids, PostedObject, Posting,
    PostingPlan, Refusal, Settings, Side, Step, document_number, journal_number, plan,
    release_number, steps, void_steps,
};

type Outcome = Result<(), TestCaseError>;

fn check<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value) -> Outcome) {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, rng)
        .run(strategy, test)
        .unwrap();
}

/// Returns amounts in cents: usually ordinary, often zero, sometimes tiny or the largest possible.
fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => -9_000_000_i64..90_000_000,
        3 => Just(0),
        2 => -100_i64..100,
        1 => select(vec![-9_999_999_999_999_i64, 9_999_999_999_999]),
    ]
}

/// The special form of a pay application.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Free,
    NetOfZero,
    NothingWithheld,
    OnlyRetainage,
    BilledToZero,
}

fn lines() -> impl Strategy<Value = Vec<(i64, i64, i64)>> {
    let shapes = [
        Shape::Free,
        Shape::NetOfZero,
        Shape::NothingWithheld,
        Shape::OnlyRetainage,
        Shape::BilledToZero,
    ];
    (
        vec((amount(), amount(), amount()), 1..10),
        select(shapes.to_vec()),
    )
        .prop_map(|(lines, shape)| shaped(lines, shape))
}

fn shaped(mut lines: Vec<(i64, i64, i64)>, shape: Shape) -> Vec<(i64, i64, i64)> {
    let net: i64 = lines
        .iter()
        .map(|(work, stored, retainage)| work + stored - retainage)
        .sum();
    let billed: i64 = lines.iter().map(|(work, stored, _)| work + stored).sum();
    match shape {
        Shape::Free => {}
        Shape::NetOfZero => lines[0].2 += net,
        Shape::NothingWithheld => lines.iter_mut().for_each(|line| line.2 = 0),
        Shape::OnlyRetainage => lines.iter_mut().for_each(|line| (line.0, line.1) = (0, 0)),
        Shape::BilledToZero => lines[0].0 -= billed,
    }
    lines
}

/// The settings and preferences of one firm.
#[derive(Clone, Debug)]
struct Firm {
    settings: Settings,
    preferences: CompanyPreferences,
}

fn firm() -> impl Strategy<Value = Firm> {
    let modes = [ClassMode::Off, ClassMode::AutoCreate, ClassMode::Manual];
    let uses = [ClassUse::None, ClassUse::PerTransaction, ClassUse::PerLine];
    (
        select(METHODS.to_vec()),
        select(STYLES.to_vec()),
        select(modes.to_vec()),
        select(uses.to_vec()),
    )
        .prop_map(|(method, style, mode, classes)| {
            let picked = [(project().id.to_string(), "1".to_owned())];
            let class_tracking = ClassTracking {
                mode,
                projects: picked.into(),
            };
            Firm {
                settings: Settings {
                    class_tracking,
                    ..settings(method, style)
                },
                preferences: preferences(classes),
            }
        })
}

/// Returns the effect of the lines, computed in whole cents and without the tested code.
fn expected(lines: &[(i64, i64, i64)]) -> Effect {
    let billed: i64 = lines.iter().map(|(work, stored, _)| work + stored).sum();
    let retainage: i64 = lines.iter().map(|line| line.2).sum();
    Effect {
        receivable: cents(billed - retainage),
        retainage: cents(retainage),
        revenue: cents(billed),
        deposits: Decimal::ZERO,
    }
}

fn planned(pay_app: PayApp, firm: &Firm) -> Result<PostingPlan, Refusal> {
    let document = Document::PayApp(pay_app);
    plan(&document, &inputs(&firm.settings, &firm.preferences))
}

fn is_sound(posting: &Posting) -> bool {
    match posting {
        Posting::Invoice(sale) => !sale.lines.is_empty() && sale.total() >= Decimal::ZERO,
        Posting::CreditMemo(sale) => sale.total() > Decimal::ZERO && sale.due.is_none(),
        Posting::JournalEntry(journal) => {
            let sum = |side: Side| -> Decimal {
                journal
                    .lines
                    .iter()
                    .filter(|line| line.side == side)
                    .map(|line| line.amount)
                    .sum()
            };
            journal.lines.iter().all(|line| line.amount > Decimal::ZERO)
                && sum(Side::Debit) == sum(Side::Credit)
        }
        Posting::Payment(_) => false,
    }
}

#[test]
fn plan_effect_equals_document_totals() {
    check(1500, &(lines(), firm()), |(lines, firm)| {
        let expected = expected(&lines);
        match planned(pay_app(&lines), &firm) {
            Ok(plan) => {
                assert_eq!(
                    plan.effect(),
                    by_method(expected, firm.settings.retainage_method)
                );
                let shares: Vec<_> = plan
                    .postings
                    .iter()
                    .flat_map(|planned| planned.posting.retainage_shares())
                    .collect();
                let held: Decimal = shares.iter().map(|share| share.amount).sum();
                assert_eq!(held, expected.retainage);
                assert!(
                    plan.postings
                        .iter()
                        .all(|planned| is_sound(&planned.posting)),
                    "{plan:?}"
                );
            }
            Err(refusal) => {
                assert_eq!(refusal, Refusal::Empty);
                assert_eq!(expected, Effect::default());
            }
        }
        Ok(())
    });
}

#[test]
fn plan_hashes_are_equal_only_for_equal_plans() {
    check(
        500,
        &((lines(), firm()), 0..EDITS, any::<bool>()),
        |((lines, firm), edit, both)| {
            let Ok(plan) = planned(pay_app(&lines), &firm) else {
                return Ok(());
            };
            let stored: PostingPlan =
                serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
            assert_eq!(stored.hash(), plan.hash());
            let mut other = pay_app(&lines);
            edited(&mut other, edit);
            if both {
                edited(&mut other, (edit + 1) % EDITS);
            }
            if let Ok(other) = planned(other, &firm) {
                assert_eq!(other == plan, other.hash() == plan.hash(), "{edit}");
            }
            Ok(())
        },
    );
}

const EDITS: usize = 8;

/// Makes one change that matters. A description matters only on invoices with lines by item.
fn edited(pay_app: &mut PayApp, edit: usize) {
    match edit {
        0 => pay_app.revision += 1,
        1 => pay_app.number += 1,
        2 => pay_app.period_end = pay_app.period_end.saturating_add(1.day()),
        3 => pay_app.payment_terms_days = None,
        4 => pay_app.project.name.push('!'),
        5 => pay_app.customer.id = "gc_other".parse().unwrap(),
        6 => pay_app.lines[0].description.push('!'),
        _ => {
            pay_app.lines[0].work_completed += cents(1);
            pay_app.totals = billing::Totals::of(&pay_app.lines);
        }
    }
}
