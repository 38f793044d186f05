mod bills;
mod releases_and_payments;
mod changes;

use super::*;
use crate::samples::{
    self, METHODS, STYLES, ids, pay_app, planned, preferences, settings, with_classes,
    worked_example,
};
use crate::{ClassUse, PostedObject, PostingPlan, Settings, StepResult, plan, steps, void_steps};
use billing::{Document, PayApp};

fn written(step: &Step, preferences: &CompanyPreferences) -> String {
    let write = render(step, &ids(), preferences).unwrap();
    let (operation, body) = match &write {
        Write::Create(object) => ("create", serde_json::to_string_pretty(object).unwrap()),
        Write::Update(object) => ("update", serde_json::to_string_pretty(object).unwrap()),
        Write::VoidInvoice(version) | Write::VoidPayment(version) => {
            ("void", format!("{version:?}"))
        }
    };
    format!("{operation} {}\n{body}", write.kind().name())
}

fn classed(method: crate::RetainageMethod, style: crate::InvoiceLines) -> Settings {
    with_classes(settings(method, style))
}

fn created(
    document: &Document,
    settings: &Settings,
    preferences: &CompanyPreferences,
) -> Vec<String> {
    let plan = plan(document, &samples::inputs(settings, preferences)).unwrap();
    steps(&[], &plan)
        .iter()
        .map(|step| written(step, preferences))
        .collect()
}

fn posted(plan: &PostingPlan) -> Vec<PostedObject> {
    let mut all = Vec::new();
    for (step, id) in steps(&[], plan).iter().zip(130..) {
        let result = StepResult {
            written_at: 0,
            id: id.to_string(),
            sync_token: "3".into(),
            number: None,
            ids: ids(),
        };
        PostedObject::record_step(&mut all, step, result);
    }
    all
}

fn two_lines() -> Document {
    Document::PayApp(pay_app(&[(850_000, 0, 85_000), (0, 1_200_000, 120_000)]))
}

#[test]
fn amounts_are_written_exactly() {
    let document = Document::PayApp(pay_app(&[(4_365_000, 10, 0), (9_999_999_999_999, 0, 7)]));
    let body = created(
        &document,
        &settings(METHODS[1], STYLES[1]),
        &preferences(ClassUse::None),
    )
    .concat();
    for amount in ["43650.10", "99999999999.99", "-0.07"] {
        assert!(
            body.contains(&format!("\"Amount\": {amount},")),
            "{amount} in {body}"
        );
    }
}

#[test]
fn numbers_are_sent_without_custom_numbers() {
    let automatic = CompanyPreferences {
        has_custom_numbers: false,
        ..preferences(ClassUse::None)
    };
    let bodies = created(&two_lines(), &settings(METHODS[0], STYLES[0]), &automatic);
    for (body, number) in bodies.iter().zip(["1042-1", "1042-1R"]) {
        let sent = format!("\"DocNumber\": \"{number}\"");
        assert!(body.contains(&sent), "{body}");
    }
    let plan = planned(&worked_example(), &settings(METHODS[0], STYLES[0]));
    for step in void_steps(&posted(&plan), &samples::open_books()) {
        let number = kept_number(&step, &automatic);
        let is_reversal = matches!(step, Step::Reverse { .. });
        assert_eq!(number, is_reversal.then_some("1042-1RV"));
    }
}

#[test]
fn currency_is_sent_only_with_multicurrency() {
    let several = CompanyPreferences {
        is_multicurrency: true,
        ..preferences(ClassUse::None)
    };
    let settings = settings(METHODS[0], STYLES[0]);
    for document in [
        two_lines(),
        Document::RetainageRelease(samples::release()),
        Document::Payment(samples::payment()),
    ] {
        for body in created(&document, &settings, &several) {
            assert!(
                body.contains("\"CurrencyRef\": {\n    \"value\": \"USD\""),
                "{body}"
            );
        }
        let bodies = created(&document, &settings, &preferences(ClassUse::None)).concat();
        assert!(!bodies.contains("CurrencyRef"), "{bodies}");
    }
}

#[test]
fn missing_id_is_named() {
    let plan = planned(&worked_example(), &classed(METHODS[0], STYLES[0]));
    let missing = |ids: &Ids| {
        render(&steps(&[], &plan)[0], ids, &preferences(ClassUse::PerLine))
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        missing(&Ids {
            class: None,
            ..ids()
        }),
        "there is no QuickBooks id for the class of project prj_1042"
    );
    let without_items = Ids {
        items: std::collections::BTreeMap::new(),
        ..ids()
    };
    assert_eq!(
        missing(&without_items),
        "there is no QuickBooks id for the service item of account 79"
    );
}
