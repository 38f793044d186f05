//! The posting plan: all that a document becomes, with the proof that it does to the ledger what the document says.

use std::collections::BTreeSet;

use billing::{Document, DocumentRef, Id, ProjectCreated};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::books::{Books, ClassUse};
use crate::context::Context;
use crate::posting::{LineAccount, Posting};
use crate::settings::{ClassMode, Settings};
use crate::slot::Slot;
use crate::{Effect, digest, pay_app, payment, release};

/// All that one revision of a document becomes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Which document.
    pub document: DocumentRef,
    /// Which revision of it.
    pub revision: u32,
    /// The number on its main form; payments and projects have none.
    pub number: Option<String>,
    /// RIVET's id of its customer.
    pub customer: Id,
    /// RIVET's id of its project; a payment may be for several, so it has none.
    pub project: Option<Id>,
    /// Whether the project's class is needed: the company has classes and the firm uses them.
    pub classed: bool,
    /// ISO 4217 code of its transactions, where the company uses several. A customer made for it needs the same.
    pub currency: Option<String>,
    /// The transactions, in the order in which they are made. A project has none: it only prepares customer and class.
    pub postings: Vec<Planned>,
}

/// One transaction of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// Its place; each place is taken at most once.
    pub slot: Slot,
    /// What stands there.
    pub posting: Posting,
}

/// Why a document cannot be posted as things are.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Settings that it needs are not made yet.
    #[error("settings are incomplete: {}", missing.join(", "))]
    Incomplete {
        /// Paths in the settings document.
        missing: Vec<String>,
    },
    /// The company keeps its books in one currency, and the document is in another.
    #[error("the document is in {document}, but the company's books are in {company}")]
    Currency {
        /// The document's.
        document: String,
        /// The company's.
        company: String,
    },
    /// Its amounts are all zero: it is skipped. If an earlier revision stands in QuickBooks, that one is to be
    /// taken back, see [`void_steps`](crate::void_steps).
    #[error("there is nothing to post")]
    Empty,
    /// The plan would not do to the ledger what the document says: the document's figures contradict each other.
    #[error("the figures do not agree: {figures}")]
    Disagreement {
        /// What was expected and what the plan would do.
        figures: String,
    },
}

/// Plans the postings of `document`.
///
/// # Errors
/// [`Refusal`]
pub fn plan(document: &Document, settings: &Settings, books: &Books) -> Result<Plan, Refusal> {
    let context = Context { settings, books };
    let (plan, expected) = match document {
        Document::PayApp(pay_app) => pay_app::plan(pay_app, &context)?,
        Document::Release(release) => release::plan(release, &context)?,
        Document::Payment(payment) => payment::plan(payment, &context)?,
        Document::Project(created) => return Ok(prepare(created, &context)),
    };
    prove(&plan, &expected)?;
    Ok(plan)
}

/// What is sent is checked against the document once more, whatever way it was planned.
fn prove(plan: &Plan, expected: &Effect) -> Result<(), Refusal> {
    let found = plan.effect();
    let balances = plan
        .postings
        .iter()
        .all(|planned| planned.posting.effect().balances());
    if balances && found == *expected {
        return Ok(());
    }
    Err(Refusal::Disagreement {
        figures: format!("the document says {expected}; its postings would do {found}"),
    })
}

/// A project posts nothing; a class that the firm picks itself is not needed before the first pay application.
fn prepare(created: &ProjectCreated, context: &Context<'_>) -> Plan {
    let creates = context.settings.class_tracking.mode == ClassMode::AutoCreate;
    Plan {
        document: Document::Project(created.clone()).reference(),
        revision: 1,
        number: None,
        customer: created.customer.id.clone(),
        project: Some(created.project.id.clone()),
        classed: creates && context.books.classes != ClassUse::None,
        currency: context.home_currency(),
        postings: Vec::new(),
    }
}

impl Plan {
    /// Fingerprint of everything that would be posted, in hex. Equal plans have equal hashes on every machine and
    /// in every release.
    #[must_use]
    pub fn hash(&self) -> String {
        digest::of("rivet plan 1", self)
    }

    /// What all postings together do to the ledger.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.postings
            .iter()
            .map(|planned| planned.posting.effect())
            .sum()
    }

    /// The accounts that need a service item.
    #[must_use]
    pub fn items(&self) -> BTreeSet<LineAccount> {
        let mut items = BTreeSet::new();
        for planned in &self.postings {
            items.extend(planned.posting.items());
        }
        items
    }

    /// RIVET's id of the customer.
    #[must_use]
    pub fn customer(&self) -> &Id {
        &self.customer
    }

    /// RIVET's id of the project.
    #[must_use]
    pub fn project(&self) -> Option<&Id> {
        self.project.as_ref()
    }

    /// RIVET's id of the project whose class is needed, if one is.
    #[must_use]
    pub fn class(&self) -> Option<&Id> {
        self.project.as_ref().filter(|_| self.classed)
    }

    /// The documents that it pays for.
    #[must_use]
    pub fn targets(&self) -> Vec<DocumentRef> {
        self.postings
            .iter()
            .flat_map(|planned| planned.posting.targets())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{
        METHODS, STYLES, books, payment, planned, project, project_created, release, settings,
        with_classes, worked_example,
    };

    fn refused(settings: &Settings, books: &Books) -> Refusal {
        plan(&Document::PayApp(worked_example()), settings, books).unwrap_err()
    }

    #[test]
    fn the_hash_of_a_plan_never_changes() {
        let plan = planned(&worked_example(), &settings(METHODS[0], STYLES[0]));
        insta::assert_snapshot!(plan.hash(), @"3f886d8a2c1054e6b5a473ab4051a393a7003a374623e52c0e0f4fd37541cdb5");
    }

    #[test]
    fn what_is_hashed_is_everything_that_is_posted() {
        let plan = planned(
            &worked_example(),
            &with_classes(settings(METHODS[0], STYLES[0])),
        );
        insta::assert_snapshot!(serde_json::to_string_pretty(&plan).unwrap(), @r#"
        {
          "document": {
            "kind": "pay_app",
            "id": "pa_1042_1"
          },
          "revision": 1,
          "number": "1042-1",
          "customer": "gc_turner_bay",
          "project": "prj_1042",
          "classed": true,
          "currency": null,
          "postings": [
            {
              "slot": "sale",
              "posting": {
                "invoice": {
                  "customer": "gc_turner_bay",
                  "project": "prj_1042",
                  "classed": true,
                  "number": "1042-1",
                  "date": "2026-03-31",
                  "due": "2026-04-30",
                  "currency": null,
                  "memo": "1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31",
                  "note": "RIVET pay_app pa_1042_1 revision 1",
                  "lines": [
                    {
                      "account": {
                        "role": "revenue",
                        "id": "79"
                      },
                      "description": "Pay app 1: 48500.00 billed, 4850.00 retainage withheld",
                      "amount": "43650.00"
                    }
                  ]
                }
              }
            },
            {
              "slot": "retainage",
              "posting": {
                "journal_entry": {
                  "customer": "gc_turner_bay",
                  "project": "prj_1042",
                  "classed": true,
                  "number": "1042-1R",
                  "date": "2026-03-31",
                  "currency": null,
                  "note": "RIVET pay_app pa_1042_1 revision 1 retainage",
                  "lines": [
                    {
                      "role": "retainage",
                      "account": "91",
                      "side": "debit",
                      "amount": "4850.00",
                      "description": "Retainage · 1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31"
                    },
                    {
                      "role": "revenue",
                      "account": "79",
                      "side": "credit",
                      "amount": "4850.00",
                      "description": "Retainage · 1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31"
                    }
                  ]
                }
              }
            }
          ]
        }
        "#);
    }

    #[test]
    fn each_setting_that_matters_changes_the_hash() {
        let plain = settings(METHODS[0], STYLES[0]);
        let mut other_account = plain.clone();
        other_account.accounts.contract_revenue = Some("80".into());
        let variants = [
            plain.clone(),
            settings(METHODS[1], STYLES[0]),
            settings(METHODS[0], STYLES[1]),
            with_classes(plain),
            other_account,
        ];
        let hashes: BTreeSet<_> = variants
            .iter()
            .map(|settings| planned(&worked_example(), settings).hash())
            .collect();
        assert_eq!(hashes.len(), variants.len());
    }

    #[test]
    fn nothing_is_planned_without_the_required_accounts() {
        let mut settings = settings(METHODS[0], STYLES[0]);
        (
            settings.accounts.retainage,
            settings.accounts.accounts_receivable,
        ) = (None, None);
        let missing = vec![
            "accounts.accounts_receivable".to_owned(),
            "accounts.retainage".to_owned(),
        ];
        for document in [
            Document::PayApp(worked_example()),
            Document::Release(release()),
            Document::Payment(payment()),
        ] {
            let refusal = plan(&document, &settings, &Books::default());
            assert_eq!(
                refusal,
                Err(Refusal::Incomplete {
                    missing: missing.clone()
                })
            );
        }
    }

    #[test]
    fn a_class_that_is_to_be_picked_by_hand_is_missing_until_it_is() {
        let mut settings = settings(METHODS[0], STYLES[0]);
        settings.class_tracking.mode = ClassMode::Manual;
        let missing = vec!["class_tracking.projects.prj_1042".to_owned()];
        assert_eq!(
            refused(&settings, &books(ClassUse::PerLine)),
            Refusal::Incomplete { missing }
        );
        settings
            .class_tracking
            .projects
            .insert("prj_1042".into(), "7".into());
        assert_eq!(
            planned(&worked_example(), &settings).class(),
            Some(&project().id)
        );
    }

    #[test]
    fn a_company_without_classes_needs_none() {
        let settings = with_classes(settings(METHODS[0], STYLES[0]));
        let plan = plan(
            &Document::PayApp(worked_example()),
            &settings,
            &books(ClassUse::None),
        )
        .unwrap();
        assert_eq!((plan.class(), plan.project()), (None, Some(&project().id)));
    }

    #[test]
    fn books_in_one_currency_take_no_other() {
        let settings = settings(METHODS[0], STYLES[0]);
        let canadian = Books {
            home_currency: Some("CAD".into()),
            ..Books::default()
        };
        let refusal = Refusal::Currency {
            document: "USD".into(),
            company: "CAD".into(),
        };
        assert_eq!(refused(&settings, &canadian), refusal);
        let several = Books {
            multicurrency: true,
            ..canadian
        };
        let plan = plan(&Document::PayApp(worked_example()), &settings, &several).unwrap();
        assert_eq!(plan.currency.as_deref(), Some("USD"));
        assert_eq!(planned(&worked_example(), &settings).currency, None);
    }

    #[test]
    fn documents_without_a_currency_of_their_own_are_in_the_companys() {
        let several = Books {
            multicurrency: true,
            home_currency: Some("CAD".into()),
            ..Books::default()
        };
        for document in [
            Document::Release(release()),
            Document::Payment(payment()),
            project_created(),
        ] {
            let plan = plan(&document, &settings(METHODS[0], STYLES[0]), &several).unwrap();
            assert_eq!(plan.currency.as_deref(), Some("CAD"));
        }
    }

    #[test]
    fn a_project_prepares_its_class_only_where_the_bridge_makes_classes() {
        let class = |settings: &Settings, classes| {
            let plan = plan(&project_created(), settings, &books(classes)).unwrap();
            assert!(plan.postings.is_empty());
            plan.class().cloned()
        };
        let mut manual = Settings::default();
        manual.class_tracking.mode = ClassMode::Manual;
        assert_eq!(
            class(&with_classes(Settings::default()), ClassUse::PerLine),
            Some(project().id)
        );
        assert_eq!(
            class(&with_classes(Settings::default()), ClassUse::None),
            None
        );
        assert_eq!(class(&manual, ClassUse::PerLine), None);
        assert_eq!(class(&Settings::default(), ClassUse::PerLine), None);
    }

    #[test]
    fn items_are_needed_for_the_accounts_of_sales_lines_only() {
        let items = |method| planned(&worked_example(), &settings(method, STYLES[0])).items();
        assert_eq!(items(METHODS[0]).len(), 1);
        assert_eq!(items(METHODS[1]).len(), 2);
    }

    #[test]
    fn a_plan_that_does_something_else_is_not_let_through() {
        let plan = planned(&worked_example(), &settings(METHODS[0], STYLES[0]));
        let half = Plan {
            postings: plan.postings[..1].to_vec(),
            ..plan.clone()
        };
        let refusal = prove(&half, &plan.effect()).unwrap_err().to_string();
        assert!(
            refusal.contains("revenue 48500.00") && refusal.contains("revenue 43650.00"),
            "{refusal}"
        );
    }
}
