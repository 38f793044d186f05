//! Digests and stored forms that must stay as they are. Request ids and plan hashes are derived from the serialized plans and steps,
//! and records that older releases wrote must still load.

use billing::{Document, PayApp};
use serde_json::{Value, json};

use crate::samples::{
    METHODS, STYLES, ids, inputs, open_books, pay_app, payment, preferences, project_created,
    release, settings, with_classes, worked_example,
};
use crate::{ClassUse, PostedObject, PostingPlan, Step, StepResult, plan, steps, void_steps};

fn planned(document: &Document, method: usize) -> PostingPlan {
    let settings = with_classes(settings(METHODS[method], STYLES[method]));
    plan(
        document,
        &inputs(&settings, &preferences(ClassUse::PerLine)),
    )
    .unwrap()
}

fn credit() -> Document {
    Document::PayApp(pay_app(&[(-240_000, 0, -12_000)]))
}

fn posted(plan: &PostingPlan) -> Vec<PostedObject> {
    let mut all = Vec::new();
    for (step, id) in steps(&[], plan).iter().zip(130..) {
        let result = StepResult {
            id: id.to_string(),
            sync_token: "3".into(),
            written_at: 1_774_991_649,
            number: Some("1042-1".into()),
            ids: ids(),
        };
        PostedObject::record_step(&mut all, step, result);
    }
    all
}

/// Returns one step of each kind: create, update, void, reverse, zero.
fn one_step_of_each_kind() -> Vec<Step> {
    let document = Document::PayApp(worked_example());
    let existing = posted(&planned(&document, 0));
    let revised = Document::PayApp(PayApp {
        revision: 2,
        ..pay_app(&[(600_000, 0, 30_000)])
    });
    let mut all = vec![
        steps(&[], &planned(&document, 0)).remove(0),
        steps(&existing, &planned(&revised, 0)).remove(0),
    ];
    all.extend(void_steps(&existing, &open_books()));
    all.extend(void_steps(&posted(&planned(&credit(), 1)), &open_books()));
    all
}

#[test]
fn plan_hash_of_each_document_kind_is_stable() {
    let documents = [
        Document::PayApp(worked_example()),
        credit(),
        Document::RetainageRelease(release()),
        Document::Payment(payment()),
        project_created(),
    ];
    let mut hashes = Vec::new();
    for document in &documents {
        hashes.extend([0, 1].map(|method| planned(document, method).hash()));
    }
    insta::assert_debug_snapshot!(hashes, @r#"
    [
        "dc9315607f14ca8c9e9c08746c73f28162c3a2cd0660f10b40ad2b560e25cf75",
        "7bfedba0a7bc75c514a7ff43e09c57db574e8afbf3f32e2dc3fceb14c2ce2b49",
        "750ea044452d717d2b95599bb4cbfb4fabcd77a7fe610f0f030228fc03fb1bb5",
        "c8328a7cf2ff4a3a9bda3068fcf95f7e140fd5d92e9d19d5b35c60706f624e0e",
        "f47a2869947e4d1f5db6a5f68104c49042ecfd2ad41182fa25eee307cd8ae263",
        "b02aa25585b6b42e77201e8a42f065ad5d621ecc6986e8109aac732444e672bb",
        "da6f6484ba6a7727f8dd9497b881feb6272ea880734c30f6160c8c9b8c6ea95f",
        "da6f6484ba6a7727f8dd9497b881feb6272ea880734c30f6160c8c9b8c6ea95f",
        "bf348b36cdf9d8d9a8bae4c4dbcd7aac342add4ec59f58cb35bc749014e6df42",
        "bf348b36cdf9d8d9a8bae4c4dbcd7aac342add4ec59f58cb35bc749014e6df42",
    ]
    "#);
}

#[test]
fn step_hash_of_each_kind_is_stable() {
    let hashes: Vec<_> = one_step_of_each_kind().iter().map(Step::hash).collect();
    insta::assert_debug_snapshot!(hashes, @r#"
    [
        "0bfa2e1d9fc62ddf8bf339af6284a816c31aa76114cb5b38d78d37ea7a97b521",
        "c6c0dab708391d9ef1d463a58086b730892915744fcfcafbf75534d3bfa075c5",
        "5e10dd762cbddbc9dc5830e9886aa9f1f4359b3356b1be2cfa2bd6d9dbff3ef8",
        "27b51982afae0a9b273d4b013844904d979e06a7c1dcf1842249dd1b02e4a406",
        "22639cb64b6cf1f1944656e73a4d8013e3d3430a03b019c7e35beec10d047875",
    ]
    "#);
}

#[test]
fn stored_form_of_each_step_kind_is_stable() {
    let steps = serde_json::to_value(one_step_of_each_kind()).unwrap();
    let fields = |step: &Value| {
        let (kind, content) = step.as_object().unwrap().iter().next().unwrap();
        let names: Vec<_> = content.as_object().unwrap().keys().cloned().collect();
        format!("{kind}: {}", names.join(" "))
    };
    let found: Vec<_> = steps.as_array().unwrap().iter().map(fields).collect();
    insta::assert_debug_snapshot!(found, @r#"
    [
        "create: posting slot",
        "update: posting slot target",
        "void: slot target",
        "reverse: ids of posting slot",
        "zero: ids posting slot target",
    ]
    "#);
}

#[test]
fn stored_form_of_a_posted_object_is_stable() {
    let plan = planned(&Document::Payment(payment()), 0);
    let mut posted = posted(&plan).remove(0);
    posted.adopt(None);
    insta::assert_snapshot!(serde_json::to_string_pretty(&posted).unwrap(), @r#"
    {
      "slot": "payment",
      "kind": "Payment",
      "id": "130",
      "sync_token": "3",
      "written_at": 1774991649,
      "number": "1042-1",
      "posting": {
        "payment": {
          "customer": "gc_turner_bay",
          "date": "2026-06-30",
          "currency": null,
          "total": "80000.00",
          "reference": "Check 20114",
          "deposit": null,
          "note": "RIVET payment pay_0002 revision 1",
          "applied": [
            {
              "document": {
                "kind": "pay_app",
                "id": "pa_1042_2"
              },
              "amount": "73575.67"
            },
            {
              "document": {
                "kind": "retainage_release",
                "id": "rel_1042_1"
              },
              "amount": "5000.00"
            }
          ]
        }
      },
      "ids": {
        "customer": "58",
        "class": "5000000000000007280",
        "items": {
          "79": "11",
          "91": "12"
        },
        "targets": [
          [
            {
              "kind": "pay_app",
              "id": "pa_1042_2"
            },
            [
              "Invoice",
              "130"
            ]
          ],
          [
            {
              "kind": "retainage_release",
              "id": "rel_1042_1"
            },
            [
              "JournalEntry",
              "141"
            ]
          ]
        ]
      },
      "live": false,
      "kept": [
        "gone"
      ]
    }
    "#);
}

#[test]
fn stored_form_of_company_preferences_is_stable() {
    let stored = json!({
        "custom_numbers": true,
        "classes": "per_line",
        "book_close_date": null,
        "home_currency": "USD",
        "multicurrency": false,
    });
    let found = preferences(ClassUse::PerLine);
    assert_eq!(serde_json::to_value(found).unwrap(), stored);
}
