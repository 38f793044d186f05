//! Properties of every contract under every setting. The random cases are the same in every run.

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

#[test]
fn document_numbers_fit_and_differ() {
    let project = prop_oneof![
        "[A-Z0-9-]{1,8}",
        "\\PC{1,40}",
        "2026-EASTSIDE-HOSPITAL-[0-9]{1,6}"
    ];
    let documents = vec((project, prop_oneof![1_u32..40, any::<u32>()]), 2..40);
    check(300, &documents, |documents| {
        let distinct: BTreeSet<_> = documents.into_iter().collect();
        let mut numbers = BTreeSet::new();
        for (project, number) in &distinct {
            for label in [
                document_number(project, *number),
                journal_number(project, *number),
            ] {
                assert!(label.encode_utf16().count() <= 21, "{label}");
                assert!(label.contains(&format!("-{number}")), "{label}");
                assert!(
                    numbers.insert(label.clone()),
                    "{label} stands for two documents"
                );
            }
        }
        Ok(())
    });
}

#[test]
fn release_numbers_fit_and_differ() {
    let releases = vec(("\\PC{1,40}", "[A-Za-z0-9_-]{1,64}"), 2..40);
    check(200, &releases, |releases| {
        let distinct: BTreeSet<_> = releases.into_iter().collect();
        let number =
            |(project, id): &(String, String)| release_number(project, &id.parse().unwrap());
        let numbers: BTreeSet<_> = distinct.iter().map(number).collect();
        assert_eq!(numbers.len(), distinct.len());
        assert!(
            numbers
                .iter()
                .all(|number| number.encode_utf16().count() <= 21)
        );
        Ok(())
    });
}

/// A change of one pay application. Only the first `executed` steps are executed before the next change, usually all.
#[derive(Clone, Debug)]
struct Change {
    kind: ChangeKind,
    customer: &'static str,
    class: &'static str,
    executed: usize,
}

#[derive(Clone, Debug)]
enum ChangeKind {
    Revised(Vec<(i64, i64, i64)>, Box<Settings>),
    Voided,
}

const QUICKBOOKS_CUSTOMERS: [&str; 2] = ["58", "59"];
const QUICKBOOKS_CLASSES: [&str; 2] = ["701", "702"];

fn change() -> impl Strategy<Value = Change> {
    let revised = (lines(), firm())
        .prop_map(|(lines, firm)| ChangeKind::Revised(lines, Box::new(firm.settings)));
    let kind = prop_oneof![5 => revised, 1 => Just(ChangeKind::Voided)];
    let executed = prop_oneof![3 => Just(usize::MAX), 1 => 0..4_usize];
    (
        kind,
        select(QUICKBOOKS_CUSTOMERS.to_vec()),
        select(QUICKBOOKS_CLASSES.to_vec()),
        executed,
    )
        .prop_map(|(kind, customer, class, executed)| Change {
            kind,
            customer,
            class,
            executed,
        })
}

#[derive(Default)]
struct History {
    preferences: CompanyPreferences,
    ledger: Ledger,
    posted: Vec<PostedObject>,
    hashes: BTreeSet<String>,
}

impl History {
    fn apply(&mut self, change: &Change, revision: u32) {
        let (wanted, effect) = match &change.kind {
            ChangeKind::Voided => (None, Effect::default()),
            ChangeKind::Revised(lines, settings) => {
                let document = Document::PayApp(PayApp {
                    revision,
                    ..pay_app(lines)
                });
                (
                    plan(&document, &inputs(settings, &self.preferences)).ok(),
                    by_method(expected(lines), settings.retainage_method),
                )
            }
        };
        let remaining = |posted: &[PostedObject]| match &wanted {
            Some(plan) => steps(posted, plan),
            None => void_steps(posted, &open_books()),
        };
        self.execute(&remaining(&self.posted), change);
        if change.executed == usize::MAX {
            assert_eq!(remaining(&self.posted), [], "posted objects stay");
            let class = wanted.filter(|plan| plan.is_classed).map(|_| change.class);
            self.assert_ledger(effect, change.customer, class);
        }
    }

    fn execute(&mut self, steps: &[Step], change: &Change) {
        let ids = Ids {
            customer: change.customer.into(),
            class: Some(change.class.into()),
            ..ids()
        };
        let steps = &steps[..change.executed.min(steps.len())];
        for step in steps {
            assert!(
                self.hashes.insert(step.hash()),
                "{step:?} hashes like an earlier step"
            );
        }
        let resolved = ResolvedSteps { steps, ids: &ids };
        self.ledger
            .execute(&mut self.posted, &resolved, &self.preferences);
    }

    /// Asserts that the ledger has `effect` for the `changed` customer and in the given class, and nothing elsewhere.
    fn assert_ledger(&self, effect: Effect, changed: &str, in_class: Option<&str>) {
        let signed = [
            (RECEIVABLE, effect.receivable),
            (RETAINAGE, effect.retainage),
            (REVENUE, -effect.revenue),
        ];
        for (account, amount) in signed {
            for customer in QUICKBOOKS_CUSTOMERS {
                let expected = if customer == changed {
                    amount
                } else {
                    Decimal::ZERO
                };
                assert_eq!(
                    self.ledger.balance(account, Some(customer)),
                    expected,
                    "{account} of {customer}"
                );
            }
            for class in QUICKBOOKS_CLASSES {
                let is_here = in_class == Some(class) && account != RECEIVABLE;
                let expected = if is_here { amount } else { Decimal::ZERO };
                assert_eq!(
                    self.ledger.balance_of_class(account, class),
                    expected,
                    "{account} of class {class}"
                );
            }
        }
    }
}

#[test]
fn any_change_order_leaves_the_latest_revision() {
    let uses = select(vec![
        ClassUse::None,
        ClassUse::PerTransaction,
        ClassUse::PerLine,
    ]);
    check(400, &(vec(change(), 1..7), uses), |(changes, classes)| {
        let mut history = History {
            preferences: preferences(classes),
            ..History::default()
        };
        for (change, revision) in changes.iter().zip(1..) {
            history.apply(change, revision);
        }
        Ok(())
    });
}
