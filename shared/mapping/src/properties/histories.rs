//! Any order of revisions and voids leaves the ledger as the latest one says.

use super::*;

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
