//! From a document to its plan. A plan is returned only if its effect on the ledger equals the document's own figures.

use billing::{Document, ProjectCreated};

use crate::company_preferences::ClassUse;
use crate::effect::Effect;
use crate::plan::PostingPlan;
use crate::plan_inputs::PlanInputs;
use crate::refusal::Refusal;
use crate::settings::ClassMode;
use crate::{pay_app, payment, release};

/// Plans the postings of `document`.
///
/// # Errors
/// Returns a [`Refusal`] if settings are missing, the currency is wrong, the figures contradict each other, or nothing is to be posted.
pub fn plan(document: &Document, inputs: &PlanInputs<'_>) -> Result<PostingPlan, Refusal> {
    let unchecked = match document {
        Document::PayApp(pay_app) => pay_app::plan(pay_app, inputs)?,
        Document::RetainageRelease(release) => release::plan(release, inputs)?,
        Document::Payment(payment) => payment::plan(payment, inputs)?,
        Document::Project(created) => return Ok(project_plan(created, inputs)),
    };
    verify_effect(&unchecked.plan, &unchecked.stated_effect)?;
    Ok(unchecked.plan)
}

/// Plans a pay application that bills nothing, as a form of zero. It is never posted: what earlier revisions posted is looked for with it.
/// Other documents have no plan of zero, because they have one revision.
///
/// # Errors
/// Returns a [`Refusal`] like [`plan()`].
pub fn plan_of_zero(
    document: &Document,
    inputs: &PlanInputs<'_>,
) -> Result<Option<PostingPlan>, Refusal> {
    match document {
        Document::PayApp(pay_app) => pay_app::plan_of_zero(pay_app, inputs).map(Some),
        Document::RetainageRelease(_) | Document::Payment(_) | Document::Project(_) => Ok(None),
    }
}

/// Checks that each posting balances and that the plan has the stated effect, however the plan was made.
fn verify_effect(plan: &PostingPlan, stated: &Effect) -> Result<(), Refusal> {
    let found = plan.effect();
    let balances = plan
        .postings
        .iter()
        .all(|planned| planned.posting.effect().balances());
    if balances && found == *stated {
        return Ok(());
    }
    Err(Refusal::Disagreement {
        figures: format!("the document says {stated}; its postings would do {found}"),
    })
}

/// Plans a project, which posts nothing. A class that the firm chooses itself is not needed before the first pay application.
fn project_plan(created: &ProjectCreated, inputs: &PlanInputs<'_>) -> PostingPlan {
    let creates_classes = inputs.settings.class_tracking.mode == ClassMode::AutoCreate;
    PostingPlan {
        document: Document::Project(created.clone()).reference(),
        revision: 1,
        number: None,
        customer: created.customer.id.clone(),
        project: Some(created.project.id.clone()),
        is_classed: creates_classes && inputs.preferences.classes != ClassUse::None,
        is_for_job: inputs.is_for_job(&created.project),
        currency: inputs.customer_currency(),
        postings: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company_preferences::CompanyPreferences;
    use crate::samples::{
        METHODS, STYLES, by_method, cents, inputs, payment, planned, preferences, project,
        project_created, release, settings, with_classes, worked_example,
    };
    use crate::settings::Settings;
    use billing::Totals;
    use rust_decimal::Decimal;
    use std::collections::BTreeSet;

    fn refused(settings: &Settings, preferences: &CompanyPreferences) -> Refusal {
        plan(
            &Document::PayApp(worked_example()),
            &inputs(settings, preferences),
        )
        .unwrap_err()
    }

    #[test]
    fn plan_hash_is_stable() {
        let plan = planned(&worked_example(), &settings(METHODS[0], STYLES[0]));
        insta::assert_snapshot!(plan.hash(), @"3f886d8a2c1054e6b5a473ab4051a393a7003a374623e52c0e0f4fd37541cdb5");
    }

    #[test]
    fn hashed_json_holds_everything_posted() {
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
    fn setting_that_changes_postings_changes_the_hash() {
        let plain = settings(METHODS[0], STYLES[0]);
        let mut other_account = plain.clone();
        other_account.accounts.contract_revenue = Some("80".into());
        let variants = [
            plain.clone(),
            settings(METHODS[1], STYLES[0]),
            settings(METHODS[2], STYLES[0]),
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
    fn document_without_required_accounts_is_refused() {
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
            Document::RetainageRelease(release()),
            Document::Payment(payment()),
        ] {
            let refusal = plan(
                &document,
                &inputs(&settings, &CompanyPreferences::default()),
            );
            assert_eq!(
                refusal,
                Err(Refusal::Incomplete {
                    missing: missing.clone()
                })
            );
        }
    }

    #[test]
    fn billing_on_release_needs_no_retainage_account() {
        let mut settings = settings(METHODS[2], STYLES[0]);
        settings.accounts.retainage = None;
        for document in [
            Document::PayApp(worked_example()),
            Document::RetainageRelease(release()),
            Document::Payment(payment()),
        ] {
            let plan = plan(
                &document,
                &inputs(&settings, &CompanyPreferences::default()),
            )
            .unwrap();
            assert_eq!(plan.effect().retainage, Decimal::ZERO);
        }
        settings.accounts.contract_revenue = None;
        assert_eq!(settings.missing_accounts(), ["accounts.contract_revenue"]);
    }

    #[test]
    fn manual_class_is_missing_until_it_is_chosen() {
        let mut settings = settings(METHODS[0], STYLES[0]);
        settings.class_tracking.mode = ClassMode::Manual;
        let missing = vec!["class_tracking.projects.prj_1042".to_owned()];
        assert_eq!(
            refused(&settings, &preferences(ClassUse::PerLine)),
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
    fn company_without_classes_needs_no_class() {
        let settings = with_classes(settings(METHODS[0], STYLES[0]));
        let plan = plan(
            &Document::PayApp(worked_example()),
            &inputs(&settings, &preferences(ClassUse::None)),
        )
        .unwrap();
        assert_eq!((plan.class(), &plan.project), (None, &Some(project().id)));
    }

    #[test]
    fn single_currency_company_refuses_another_currency() {
        let settings = settings(METHODS[0], STYLES[0]);
        let canadian = CompanyPreferences {
            home_currency: Some("CAD".into()),
            ..CompanyPreferences::default()
        };
        let refusal = Refusal::Currency {
            document: "USD".into(),
            company: "CAD".into(),
        };
        assert_eq!(refused(&settings, &canadian), refusal);
        let several = CompanyPreferences {
            is_multicurrency: true,
            ..canadian
        };
        let plan = plan(
            &Document::PayApp(worked_example()),
            &inputs(&settings, &several),
        )
        .unwrap();
        assert_eq!(plan.currency.as_deref(), Some("USD"));
        assert_eq!(planned(&worked_example(), &settings).currency, None);
    }

    #[test]
    fn document_without_currency_uses_the_companys_currency() {
        let several = CompanyPreferences {
            is_multicurrency: true,
            home_currency: Some("CAD".into()),
            ..CompanyPreferences::default()
        };
        for document in [
            Document::RetainageRelease(release()),
            Document::Payment(payment()),
            project_created(),
        ] {
            let plan = plan(
                &document,
                &inputs(&settings(METHODS[0], STYLES[0]), &several),
            )
            .unwrap();
            assert_eq!(plan.currency.as_deref(), Some("CAD"));
        }
    }

    #[test]
    fn project_needs_a_class_only_with_auto_create() {
        let class = |settings: &Settings, classes| {
            let plan = plan(&project_created(), &inputs(settings, &preferences(classes))).unwrap();
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
    fn only_accounts_of_sales_lines_need_items() {
        let items = |method| planned(&worked_example(), &settings(method, STYLES[0])).items();
        assert_eq!(items(METHODS[0]).len(), 1);
        assert_eq!(items(METHODS[1]).len(), 2);
        assert_eq!(items(METHODS[2]).len(), 1);
    }

    #[test]
    fn only_a_pay_app_has_a_plan_of_zero() {
        let settings = settings(METHODS[0], STYLES[0]);
        let preferences = CompanyPreferences::default();
        let inputs = inputs(&settings, &preferences);
        let mut empty = worked_example();
        (empty.lines, empty.totals) = (Vec::new(), Totals::of(&[]));
        let plan = plan_of_zero(&Document::PayApp(empty), &inputs).unwrap();
        let plan = plan.unwrap();
        assert_eq!(plan.number.as_deref(), Some("1042-1"));
        assert_eq!((plan.postings.len(), plan.effect()), (1, Effect::default()));
        for document in [
            Document::RetainageRelease(release()),
            Document::Payment(payment()),
            project_created(),
        ] {
            assert_eq!(plan_of_zero(&document, &inputs), Ok(None));
        }
    }

    #[test]
    fn plan_with_another_effect_is_refused() {
        let plan = planned(&worked_example(), &settings(METHODS[0], STYLES[0]));
        let half = PostingPlan {
            postings: plan.postings[..1].to_vec(),
            ..plan.clone()
        };
        let refusal = verify_effect(&half, &plan.effect())
            .unwrap_err()
            .to_string();
        assert!(
            refusal.contains("revenue 48500.00") && refusal.contains("revenue 43650.00"),
            "{refusal}"
        );
    }

    #[test]
    fn worked_example_has_the_documented_effect() {
        for (method, style) in METHODS
            .iter()
            .flat_map(|method| STYLES.map(|style| (*method, style)))
        {
            let effect = planned(&worked_example(), &settings(method, style)).effect();
            let documented = Effect {
                receivable: cents(4_365_000),
                retainage: cents(485_000),
                revenue: cents(4_850_000),
                ..Effect::default()
            };
            assert_eq!(effect, by_method(documented, method));
        }
    }

    #[test]
    fn payment_credits_the_customer_with_the_total() {
        let settings: Settings = settings(METHODS[0], STYLES[0]);
        let plan = plan(
            &Document::Payment(payment()),
            &inputs(&settings, &CompanyPreferences::default()),
        )
        .unwrap();
        let expected = Effect {
            receivable: cents(-8_000_000),
            deposits: cents(8_000_000),
            ..Effect::default()
        };
        assert_eq!(plan.effect(), expected);
    }
}
