mod forms;
mod entries_and_payments;
mod adoption;
mod references;
mod answers;

use super::*;
use crate::samples::{
    self, CLASS, METHODS, REVENUE, STYLES, ids, pay_app, preferences, settings, with_classes,
};
use crate::{ClassUse, Step, StepResult, plan, render, steps, void_steps};
use billing::Document;
use bytes::Bytes;
use quickbooks::answer::Answer;
use quickbooks::{Kind, Write};
use rust_decimal::Decimal;
use serde_json::{Value, json};

const PER_LINE: ClassUse = ClassUse::PerLine;
const PER_TRANSACTION: ClassUse = ClassUse::PerTransaction;

/// An edit of an object by a person.
type Edit = fn(&mut Value);

/// A posted object and its body in QuickBooks.
struct InQuickBooks {
    posted: PostedObject,
    object: Value,
}

/// Returns the transaction of that index in a newer version, as a payment or deposit makes one.
fn written(document: &Document, method: usize, classes: ClassUse, index: usize) -> InQuickBooks {
    let settings = with_classes(settings(METHODS[method], STYLES[1]));
    let plan = plan(document, &samples::inputs(&settings, &preferences(classes))).unwrap();
    let step = steps(&[], &plan).remove(index);
    let object = body(&step, classes);
    let mut all = Vec::new();
    let result = StepResult {
        written_at: 0,
        id: "130".into(),
        sync_token: "0".into(),
        number: object["DocNumber"].as_str().map(str::to_owned),
        ids: ids(),
    };
    PostedObject::record_step(&mut all, &step, result);
    InQuickBooks {
        posted: all.remove(0),
        object,
    }
}

/// Returns the answer to a step: the sent body with the fields that QuickBooks adds.
fn body(step: &Step, classes: ClassUse) -> Value {
    let Ok(Write::Create(object)) = render(step, &ids(), &preferences(classes)) else {
        panic!("{step:?}");
    };
    let total = match step.posting().unwrap() {
        Posting::JournalEntry(_) => Decimal::ZERO,
        posting => posting.total(),
    };
    let mut body = serde_json::to_value(&object).unwrap();
    body["Id"] = json!("130");
    body["SyncToken"] = json!("7");
    body["TotalAmt"] = number(&total.to_string());
    if body.get("CustomerMemo").is_some() {
        let lines = body["Line"].as_array_mut().unwrap();
        lines.push(json!({"Amount": 1, "DetailType": "SubTotalLineDetail"}));
    }
    body
}

fn number(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn read(kind: Kind, object: &Value) -> ObjectSnapshot {
    let body = json!({ kind.name(): object }).to_string();
    let response = http::Response::new(Bytes::from(body));
    Answer::of(&response).unwrap().snapshot().unwrap()
}

impl InQuickBooks {
    fn standing(&self) -> ObjectSnapshot {
        read(self.posted.posting.kind(), &self.object)
    }

    fn edited(&self, edit: Edit) -> ObjectSnapshot {
        let mut object = self.object.clone();
        edit(&mut object);
        read(self.posted.posting.kind(), &object)
    }

    /// Asserts that each edit has these differences.
    fn assert_differences(&self, table: &[(Edit, &str)]) {
        assert_eq!(self.posted.differences(&self.standing()), []);
        for (at, (edit, expected)) in table.iter().enumerate() {
            let found = self.edited(*edit);
            let found_text = summary(&self.posted.differences(&found));
            assert_eq!(found_text, *expected, "edit {at}");
            assert_eq!(self.posted.is_as_written(&found), expected.is_empty());
        }
    }
}

fn summary(differences: &[Difference]) -> String {
    let side = |side: &Option<String>| side.clone().unwrap_or("-".into());
    let one_summary = |found: &Difference| {
        let mark = if found.is_cosmetic { "?" } else { "" };
        let (ours, theirs) = (side(&found.ours), side(&found.theirs));
        format!("{}{mark}: {ours} > {theirs}", found.field)
    };
    let all: Vec<_> = differences.iter().map(one_summary).collect();
    all.join("; ")
}

fn bill() -> Document {
    Document::PayApp(pay_app(&[(100_000, 0, 10_000), (50_000, 0, 5_000)]))
}

fn credit() -> Document {
    Document::PayApp(pay_app(&[(-240_000, 0, -12_000)]))
}

fn payment() -> Document {
    Document::Payment(samples::payment())
}

fn class_of(line: usize, object: &mut Value) -> &mut Value {
    let detail = if object["Line"][line].get("SalesItemLineDetail").is_some() {
        "SalesItemLineDetail"
    } else {
        "JournalEntryLineDetail"
    };
    &mut object["Line"][line][detail]["ClassRef"]
}
