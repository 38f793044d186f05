//! What holds for any contract, whatever the settings. The cases are the same in every run.

use std::collections::BTreeSet;

use billing::{Document, PayApp};
use jiff::ToSpan;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use rust_decimal::Decimal;

use crate::ledger::Ledger;
use crate::samples::{
    METHODS, RECEIVABLE, RETAINAGE, REVENUE, STYLES, books, cents, ids, pay_app, period_end,
    project, settings,
};
use crate::{
    Books, ClassMode, ClassTracking, ClassUse, Effect, Ids, Plan, Posted, Posting, Refusal,
    Settings, Side, Step, document_number, journal_number, plan, release_number, steps, void_steps,
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

/// An amount in cents: usually ordinary, often nothing, sometimes tiny or the largest there is.
fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => -9_000_000_i64..90_000_000,
        3 => Just(0),
        2 => -100_i64..100,
        1 => select(vec![-9_999_999_999_999_i64, 9_999_999_999_999]),
    ]
}

/// What is special about a pay app.
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

fn firm() -> impl Strategy<Value = (Settings, Books)> {
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
            (
                Settings {
                    class_tracking,
                    ..settings(method, style)
                },
                books(classes),
            )
        })
}

/// What the lines say, reckoned in whole cents and without the code under test.
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

fn planned(pay_app: PayApp, (settings, books): &(Settings, Books)) -> Result<Plan, Refusal> {
    plan(&Document::PayApp(pay_app), settings, books)
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
fn a_plan_does_to_the_ledger_what_the_document_says() {
    check(1500, &(lines(), firm()), |(lines, firm)| {
        let expected = expected(&lines);
        match planned(pay_app(&lines), &firm) {
            Ok(plan) => {
                assert_eq!(plan.effect(), expected);
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
fn plans_hash_alike_exactly_if_they_are_alike() {
    check(
        500,
        &((lines(), firm()), 0..EDITS, any::<bool>()),
        |((lines, firm), edit, both)| {
            let Ok(plan) = planned(pay_app(&lines), &firm) else {
                return Ok(());
            };
            let stored: Plan =
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

/// Changes that matter, except that a description stands only on lines by item.
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
fn numbers_fit_and_tell_documents_apart() {
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
fn numbers_of_releases_fit_and_tell_them_apart() {
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

/// Something that happens to one pay app. `reached` is how many steps are carried out before something else happens; usually all.
#[derive(Clone, Debug)]
struct Happening {
    what: What,
    customer: &'static str,
    class: &'static str,
    reached: usize,
}

#[derive(Clone, Debug)]
enum What {
    Revised(Vec<(i64, i64, i64)>, Box<Settings>),
    Voided,
}

const QUICKBOOKS_CUSTOMERS: [&str; 2] = ["58", "59"];
const QUICKBOOKS_CLASSES: [&str; 2] = ["701", "702"];

fn happening() -> impl Strategy<Value = Happening> {
    let revised = (lines(), firm())
        .prop_map(|(lines, (settings, _))| What::Revised(lines, Box::new(settings)));
    let what = prop_oneof![5 => revised, 1 => Just(What::Voided)];
    let reached = prop_oneof![3 => Just(usize::MAX), 1 => 0..4_usize];
    (
        what,
        select(QUICKBOOKS_CUSTOMERS.to_vec()),
        select(QUICKBOOKS_CLASSES.to_vec()),
        reached,
    )
        .prop_map(|(what, customer, class, reached)| Happening {
            what,
            customer,
            class,
            reached,
        })
}

#[derive(Default)]
struct History {
    books: Books,
    ledger: Ledger,
    posted: Vec<Posted>,
    taken: BTreeSet<String>,
}

impl History {
    fn meet(&mut self, happening: &Happening, revision: u32) {
        let (wanted, effect) = match &happening.what {
            What::Voided => (None, Effect::default()),
            What::Revised(lines, settings) => {
                let document = Document::PayApp(PayApp {
                    revision,
                    ..pay_app(lines)
                });
                (plan(&document, settings, &self.books).ok(), expected(lines))
            }
        };
        let remaining = |posted: &[Posted]| match &wanted {
            Some(plan) => steps(posted, plan),
            None => void_steps(posted, period_end()),
        };
        self.take(&remaining(&self.posted), happening);
        if happening.reached == usize::MAX {
            assert_eq!(remaining(&self.posted), [], "what stands is left alone");
            self.shows(effect, happening, wanted.is_some_and(|plan| plan.classed));
        }
    }

    fn take(&mut self, steps: &[Step], happening: &Happening) {
        let resolved = Ids {
            customer: happening.customer.into(),
            class: Some(happening.class.into()),
            ..ids()
        };
        for step in steps.iter().take(happening.reached) {
            assert!(
                self.taken.insert(step.hash()),
                "{step:?} hashes like an earlier step"
            );
            self.ledger
                .take(&mut self.posted, (step, &resolved), &self.books);
        }
    }

    /// The ledger shows `effect` with the customer and class of `happening`, and nothing anywhere else.
    fn shows(&self, effect: Effect, happening: &Happening, classed: bool) {
        let signed = [
            (RECEIVABLE, effect.receivable),
            (RETAINAGE, effect.retainage),
            (REVENUE, -effect.revenue),
        ];
        for (account, amount) in signed {
            for customer in QUICKBOOKS_CUSTOMERS {
                let expected = if customer == happening.customer {
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
                let here = classed && class == happening.class && account != RECEIVABLE;
                let expected = if here { amount } else { Decimal::ZERO };
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
fn revisions_and_voids_in_any_order_leave_the_latest_or_nothing() {
    let uses = select(vec![
        ClassUse::None,
        ClassUse::PerTransaction,
        ClassUse::PerLine,
    ]);
    check(
        400,
        &(vec(happening(), 1..7), uses),
        |(happenings, classes)| {
            let mut history = History {
                books: books(classes),
                ..History::default()
            };
            for (happening, revision) in happenings.iter().zip(1..) {
                history.meet(happening, revision);
            }
            Ok(())
        },
    );
}
