//! The events of the sample project Harbor Point, each against the expected balances.

use std::collections::BTreeMap;

use billing::{DocumentRef, Event, Fact, ParsedEvent};
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::ledger::{Ledger, ResolvedSteps};
use crate::samples::{
    METHODS, RECEIVABLE, RETAINAGE, REVENUE, STYLES, by_method, ids, inputs, open_books,
    preferences, settings,
};
use crate::{
    ClassMode, ClassTracking, ClassUse, CompanyPreferences, Effect, Held, Ids, PlanInputs,
    PostedObject, PostingPlan, RetainageShare, Settings, plan, steps, void_steps,
};

const FOLDER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/fixtures/harbor-point"
);
const PROJECTS: [&str; 2] = ["prj_1042", "prj_1057"];
const CUSTOMERS: [&str; 2] = ["gc_turner_bay", "gc_ashgrove"];

/// A firm with its ledger while its events arrive.
struct Firm {
    settings: Settings,
    preferences: CompanyPreferences,
    ledger: Ledger,
    documents: BTreeMap<DocumentRef, Vec<PostedObject>>,
}

impl Firm {
    fn new(settings: Settings, classes: ClassUse) -> Self {
        Self {
            settings,
            preferences: preferences(classes),
            ledger: Ledger::default(),
            documents: BTreeMap::new(),
        }
    }

    fn receive(&mut self, event: Event) {
        let Some(subject) = event.fact.subject() else {
            return;
        };
        let posted = self.documents.get(&subject).cloned().unwrap_or_default();
        let held = self.held(&subject, &event.fact);
        let (steps, ids) = match event.fact {
            Fact::PayAppVoided(_) => (void_steps(&posted, &open_books()), Ids::default()),
            fact => {
                let document = fact.into_document().unwrap();
                let inputs = PlanInputs {
                    held: &held,
                    ..inputs(&self.settings, &self.preferences)
                };
                let plan = plan(&document, &inputs).unwrap();
                (steps(&posted, &plan), self.resolve(&plan))
            }
        };
        let resolved = ResolvedSteps {
            steps: &steps,
            ids: &ids,
        };
        self.execute(&subject, &resolved);
    }

    /// Returns the retainage of the project of a fact, for the plan of its document.
    fn held(&self, subject: &DocumentRef, fact: &Fact) -> Held {
        let document = fact.clone().into_document();
        let project =
            document.and_then(|document| document.project().map(|project| project.id.clone()));
        let shares = |posted: &[PostedObject]| -> Vec<RetainageShare> {
            let active = posted
                .iter()
                .filter(|posted| posted.is_active && posted.posting.project() == project.as_ref());
            active
                .flat_map(|posted| posted.posting.retainage_shares())
                .collect()
        };
        let others = self.documents.iter().filter(|(other, _)| *other != subject);
        Held {
            others: others.flat_map(|(_, posted)| shares(posted)).collect(),
            own: self
                .documents
                .get(subject)
                .map(|posted| shares(posted))
                .unwrap_or_default(),
        }
    }

    fn execute(&mut self, subject: &DocumentRef, resolved: &ResolvedSteps<'_>) {
        let posted = self.documents.entry(subject.clone()).or_default();
        self.ledger.execute(posted, resolved, &self.preferences);
    }

    /// Returns RIVET's ids as QuickBooks ids, with fixed ids of items.
    fn resolve(&self, plan: &PostingPlan) -> Ids {
        let receivable = |document: &DocumentRef| -> (TxnType, String) {
            let posted = self.documents[document]
                .iter()
                .find(|posted| posted.is_active && posted.is_receivable())
                .unwrap();
            (posted.kind, posted.id.clone())
        };
        Ids {
            customer: plan.customer.to_string(),
            class: plan.class().map(ToString::to_string),
            items: ids().items,
            targets: plan
                .targets()
                .into_iter()
                .map(|target| (target.clone(), receivable(&target)))
                .collect(),
            ..Ids::default()
        }
    }

    fn check(&self, expected: &Value, name: &str) {
        let figure = |group: &str, key: &str| -> Decimal {
            expected[group].get(key).map_or(Decimal::ZERO, |amount| {
                amount.as_str().unwrap().parse().unwrap()
            })
        };
        for customer in CUSTOMERS {
            let found = self.ledger.balance(RECEIVABLE, Some(customer));
            assert_eq!(
                found,
                figure("accounts_receivable_by_customer", customer),
                "{name} {customer}"
            );
        }
        let expected_effect =
            self.by_method(figure("totals", "retainage"), figure("totals", "revenue"));
        let found = Effect {
            retainage: self.ledger.balance(RETAINAGE, None),
            revenue: -self.ledger.balance(REVENUE, None),
            ..Effect::default()
        };
        assert_eq!(found, expected_effect, "{name}");
        let receivable = self.ledger.balance(RECEIVABLE, None);
        assert_eq!(
            receivable,
            figure("totals", "accounts_receivable"),
            "{name}"
        );
        let deposits: Decimal = expected["deposits"].as_str().unwrap().parse().unwrap();
        assert_eq!(self.ledger.balance("undeposited", None), deposits, "{name}");
        if self.settings.class_tracking.mode != ClassMode::Off {
            self.check_projects(figure, name);
        }
    }

    fn by_method(&self, retainage: Decimal, revenue: Decimal) -> Effect {
        let effect = Effect {
            retainage,
            revenue,
            ..Effect::default()
        };
        by_method(effect, self.settings.retainage_method)
    }

    fn check_projects(&self, figure: impl Fn(&str, &str) -> Decimal, name: &str) {
        for project in PROJECTS {
            let held = self.ledger.balance_of_class(RETAINAGE, project);
            let earned = -self.ledger.balance_of_class(REVENUE, project);
            let found = Effect {
                retainage: held,
                revenue: earned,
                ..Effect::default()
            };
            let (retainage, revenue) = (
                figure("retainage_by_project", project),
                figure("revenue_by_project", project),
            );
            assert_eq!(
                found,
                self.by_method(retainage, revenue),
                "{name} {project}"
            );
        }
    }
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(format!("{FOLDER}/{name}")).unwrap()
}

fn receive_all(firm: &mut Firm) {
    let expected: Value = serde_json::from_slice(&read("expected.json")).unwrap();
    for step in expected["steps"].as_array().unwrap() {
        let name = step["after"].as_str().unwrap();
        let ParsedEvent::Known(event) = billing::parse(&read(name)).unwrap() else {
            panic!("{name}")
        };
        firm.receive(event);
        firm.check(step, name);
    }
}

fn class_modes() -> [ClassTracking; 3] {
    let tracking = |mode, projects| ClassTracking { mode, projects };
    let picked = PROJECTS.map(|project| (project.to_owned(), project.to_owned()));
    [
        tracking(ClassMode::Off, BTreeMap::new()),
        tracking(ClassMode::AutoCreate, BTreeMap::new()),
        tracking(ClassMode::Manual, BTreeMap::from(picked)),
    ]
}

#[test]
fn balances_match_after_every_event() {
    for (method, style) in METHODS
        .iter()
        .flat_map(|method| STYLES.map(|style| (*method, style)))
    {
        for class_tracking in class_modes() {
            for classes in [ClassUse::PerLine, ClassUse::PerTransaction] {
                let settings = Settings {
                    class_tracking: class_tracking.clone(),
                    ..settings(method, style)
                };
                receive_all(&mut Firm::new(settings, classes));
            }
        }
    }
}

#[test]
fn repeated_events_change_nothing() {
    let mut firm = Firm::new(settings(METHODS[0], STYLES[0]), ClassUse::None);
    let expected: Value = serde_json::from_slice(&read("expected.json")).unwrap();
    for step in expected["steps"].as_array().unwrap() {
        let ParsedEvent::Known(event) =
            billing::parse(&read(step["after"].as_str().unwrap())).unwrap()
        else {
            panic!()
        };
        (0..3).for_each(|_| firm.receive(event.clone()));
        firm.check(step, "again");
    }
}
