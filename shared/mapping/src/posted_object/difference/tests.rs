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

#[test]
fn edited_invoice_names_each_field() {
    written(&bill(), 0, PER_LINE, 0).assert_differences(&[
        (
            |form| form["LinkedTxn"] = json!([{"TxnId": "9", "TxnType": "Payment"}]),
            "",
        ),
        (|form| form["Balance"] = json!(0), ""),
        (|form| form["EmailStatus"] = json!("EmailSent"), ""),
        (|form| form["DocNumber"] = json!("7"), "number: 1042-1 > 7"),
        (|form| form["DocNumber"] = Value::Null, "number: 1042-1 > -"),
        (
            |form| form["TxnDate"] = json!("2026-04-01"),
            "date: 2026-03-31 > 2026-04-01",
        ),
        (
            |form| form["TxnDate"] = json!("soon"),
            "date: 2026-03-31 > -",
        ),
        (
            |form| form["CustomerRef"]["value"] = json!("7"),
            "customer: 58 > 7",
        ),
        (
            |form| form["PrivateNote"] = json!("see Bob"),
            "private_note?: RIVET pay_app pa_1042_1 revision 1 > see Bob",
        ),
        (
            |form| form["CustomerMemo"] = Value::Null,
            "customer_memo?: 1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31 > -",
        ),
        (
            |form| form["DueDate"] = json!("2026-05-30"),
            "due_date?: 2026-04-30 > 2026-05-30",
        ),
        (
            |form| form["DueDate"] = Value::Null,
            "due_date?: 2026-04-30 > -",
        ),
        (
            |form| form["Line"][0]["Description"] = json!("Work"),
            "description?: 01 Item 1 · 1000.00 billed, 100.00 retainage withheld, 02 Item 2 · 500.00 billed, 50.00 retainage withheld > Work, 02 Item 2 · 500.00 billed, 50.00 retainage withheld",
        ),
        (
            |form| form["TotalAmt"] = number("1350.01"),
            "total: 1350.00 > 1350.01",
        ),
        (
            |form| {
                form["Line"][0]["Amount"] = number("900.5");
                form["TotalAmt"] = number("1350.5");
            },
            "total: 1350.00 > 1350.50; lines: 11 900.00, 11 450.00 > 11 900.50, 11 450.00",
        ),
        (
            |form| form["Line"][1]["SalesItemLineDetail"]["ItemRef"]["value"] = json!("7"),
            "lines: 11 900.00, 11 450.00 > 11 900.00, 7 450.00",
        ),
        (
            |form| class_of(0, form)["value"] = json!("6"),
            "class: 5000000000000007280 > 6, 5000000000000007280",
        ),
        (
            |form| *class_of(1, form) = Value::Null,
            "class: 5000000000000007280 > 5000000000000007280, none",
        ),
        (
            |form| {
                *class_of(0, form) = Value::Null;
                *class_of(1, form) = Value::Null;
            },
            "class: 5000000000000007280 > -",
        ),
        (
            |form| {
                form["Line"].as_array_mut().unwrap().remove(1);
            },
            "lines: 11 900.00, 11 450.00 > 11 900.00; description?: 01 Item 1 · 1000.00 billed, 100.00 retainage withheld, 02 Item 2 · 500.00 billed, 50.00 retainage withheld > 01 Item 1 · 1000.00 billed, 100.00 retainage withheld",
        ),
    ]);
}

#[test]
fn class_on_the_whole_form_is_compared() {
    let form = written(&bill(), 0, PER_TRANSACTION, 0);
    assert_eq!(form.object["ClassRef"]["value"], CLASS);
    form.assert_differences(&[
        (
            |form| form["ClassRef"]["value"] = json!("6"),
            "class: 5000000000000007280 > 6",
        ),
        (
            |form| form["ClassRef"] = Value::Null,
            "class: 5000000000000007280 > -",
        ),
    ]);
    written(&bill(), 0, ClassUse::None, 0).assert_differences(&[(
        |form| form["ClassRef"] = json!({"value": "6"}),
        "class: - > 6",
    )]);
}

#[test]
fn edited_credit_memo_names_each_field() {
    written(&credit(), 0, PER_LINE, 0).assert_differences(&[
        (|memo| memo["DocNumber"] = json!("7"), "number: 1042-1 > 7"),
        (
            |memo| memo["TxnDate"] = json!("2026-04-01"),
            "date: 2026-03-31 > 2026-04-01",
        ),
        (|memo| memo["DueDate"] = json!("2026-04-01"), ""),
        (
            |memo| memo["CustomerRef"]["value"] = json!("7"),
            "customer: 58 > 7",
        ),
        (
            |memo| memo["CustomerMemo"]["value"] = json!("x"),
            "customer_memo?: 1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31 > x",
        ),
        (|memo| memo["TotalAmt"] = json!(1), "total: 2280.00 > 1.00"),
        (
            |memo| memo["Line"][0]["Amount"] = json!(1),
            "lines: 11 2280.00 > 11 1.00",
        ),
        (
            |memo| *class_of(0, memo) = Value::Null,
            "class: 5000000000000007280 > -",
        ),
    ]);
}

#[test]
fn edited_entry_names_each_field() {
    for classes in [PER_LINE, PER_TRANSACTION] {
        written(&bill(), 0, classes, 1).assert_differences(&[
            (
                |entry| entry["LinkedTxn"] = json!([{"TxnId": "9", "TxnType": "Payment"}]),
                "",
            ),
            (
                |entry| entry["DocNumber"] = json!("7"),
                "number: 1042-1R > 7",
            ),
            (
                |entry| entry["TxnDate"] = json!("2026-04-01"),
                "date: 2026-03-31 > 2026-04-01",
            ),
            (
                |entry| entry["PrivateNote"] = Value::Null,
                "private_note?: RIVET pay_app pa_1042_1 revision 1 retainage > -",
            ),
            (
                |entry| {
                    entry["Line"][0]["JournalEntryLineDetail"]["Entity"]["EntityRef"]["value"] =
                        json!("7")
                },
                "customer: 58 > 7",
            ),
            (
                |entry| {
                    entry["Line"][1]["JournalEntryLineDetail"]["Entity"]["EntityRef"]["value"] =
                        json!("7")
                },
                "customer: 58 > 7",
            ),
            (
                |entry| entry["Line"][1]["JournalEntryLineDetail"]["Entity"] = Value::Null,
                "customer: 58 > -",
            ),
            (
                |entry| {
                    entry["Line"]
                        .as_array_mut()
                        .unwrap()
                        .iter_mut()
                        .for_each(|line| line["Amount"] = json!(160))
                },
                "total: 150.00 > 160.00; lines: 91 150.00, 79 -150.00 > 91 160.00, 79 -160.00",
            ),
            (
                |entry| {
                    entry["Line"][1]["JournalEntryLineDetail"]["AccountRef"]["value"] = json!("80")
                },
                "lines: 91 150.00, 79 -150.00 > 91 150.00, 80 -150.00",
            ),
            (
                |entry| *class_of(0, entry) = Value::Null,
                "class: 5000000000000007280 > none, 5000000000000007280",
            ),
            (
                |entry| class_of(1, entry)["value"] = json!("6"),
                "class: 5000000000000007280 > 5000000000000007280, 6",
            ),
        ]);
    }
}

#[test]
fn receivable_line_may_have_our_class_or_none() {
    let release = Document::RetainageRelease(samples::release());
    written(&release, 0, PER_LINE, 0).assert_differences(&[
        (|entry| *class_of(0, entry) = json!({"value": CLASS}), ""),
        (
            |entry| *class_of(0, entry) = json!({"value": "6"}),
            "class: 5000000000000007280 > 6, 5000000000000007280",
        ),
        (
            |entry| *class_of(1, entry) = Value::Null,
            "class: 5000000000000007280 > -",
        ),
    ]);
}

#[test]
fn edited_payment_names_each_field() {
    const OURS: &str = "applied: Invoice 130 73575.67, JournalEntry 141 5000.00";
    let payment = written(&payment(), 0, PER_LINE, 0);
    let moved = format!("{OURS} > Invoice 9 73575.67, JournalEntry 141 5000.00");
    let less = format!("{OURS} > Invoice 130 70000.00, JournalEntry 141 5000.00");
    let off = format!("{OURS} > Invoice 130 73575.67");
    let credited = "applied?: Invoice 130 73575.67, JournalEntry 141 5000.00 > Invoice 130 73575.67, JournalEntry 141 5000.00, Invoice 9 1421.34, CreditMemo 8 0.01";
    let rest = "applied?: Invoice 130 73575.67, JournalEntry 141 5000.00 > Invoice 130 73575.67, JournalEntry 141 5000.00, Invoice 9 1424.33";
    payment.assert_differences(&[
        (|paid| paid["LinkedTxn"] = json!([{"TxnId": "9", "TxnType": "Deposit"}]), ""),
        (|paid| paid["DepositToAccountRef"] = json!({"value": "35"}), ""),
        (|paid| paid["UnappliedAmt"] = json!(1), ""),
        (|paid| paid["Line"].as_array_mut().unwrap().reverse(), ""),
        (|paid| paid["PrivateNote"] = json!("late"), "private_note?: RIVET payment pay_0002 revision 1 > late"),
        (|paid| paid["PaymentRefNum"] = json!("20115"), "reference: Check 20114 > 20115"),
        (|paid| paid["TxnDate"] = json!("2026-07-01"), "date: 2026-06-30 > 2026-07-01"),
        (|paid| paid["TotalAmt"] = json!(80_001), "total: 80000.00 > 80001.00"),
        (|paid| paid["CustomerRef"]["value"] = json!("7"), "customer: 58 > 7"),
        (|paid| paid["Line"][0]["LinkedTxn"][0]["TxnId"] = json!("9"), &moved),
        (|paid| paid["Line"][0]["Amount"] = json!(70_000), &less),
        (|paid| { paid["Line"].as_array_mut().unwrap().remove(1); }, &off),
        (
            |paid| paid["Line"].as_array_mut().unwrap().push(json!({"Amount": number("1424.33"), "LinkedTxn": [{"TxnId": "9", "TxnType": "Invoice"}]})),
            rest,
        ),
        (
            |paid| paid["Line"].as_array_mut().unwrap().extend([
                json!({"Amount": number("1421.34"), "LinkedTxn": [{"TxnId": "9", "TxnType": "Invoice"}]}),
                json!({"Amount": number("0.01"), "LinkedTxn": [{"TxnId": "8", "TxnType": "CreditMemo"}]}),
            ]),
            credited,
        ),
        (
            |paid| paid["Line"].as_array_mut().unwrap().push(json!({"Amount": number("1424.34"), "LinkedTxn": [{"TxnId": "9", "TxnType": "Invoice"}]})),
            &format!("{OURS} > Invoice 130 73575.67, JournalEntry 141 5000.00, Invoice 9 1424.34"),
        ),
    ]);
}

#[test]
fn missing_reference_may_be_filled() {
    let bare = billing::Payment {
        reference: None,
        ..samples::payment()
    };
    written(&Document::Payment(bare), 0, PER_LINE, 0)
        .assert_differences(&[(|paid| paid["PaymentRefNum"] = json!("7"), "")]);
}

#[test]
fn only_foreign_voids_are_differences() {
    for document in [bill(), payment()] {
        let mut shown = written(&document, 1, PER_LINE, 0);
        let void: Edit = |object| {
            object["PrivateNote"] = json!("Voided - RIVET");
            object["TotalAmt"] = json!(0);
            object["Line"] = json!([]);
        };
        let found = shown.edited(void);
        assert!(!shown.posted.is_as_written(&found));
        let step = &void_steps(std::slice::from_ref(&shown.posted), &samples::open_books())[0];
        let result = StepResult {
            written_at: 0,
            id: "130".into(),
            sync_token: "8".into(),
            number: None,
            ids: ids(),
        };
        let mut all = vec![shown.posted];
        PostedObject::record_step(&mut all, step, result);
        shown.posted = all.remove(0);
        assert_eq!(shown.posted.differences(&found), []);
    }
}

/// Edits of every compared field.
const EDITS: [Edit; 9] = [
    |object| object["DocNumber"] = json!("7"),
    |object| object["TxnDate"] = json!("2026-04-01"),
    |object| object["PrivateNote"] = json!("see Bob"),
    |object| object["CustomerMemo"] = json!({"value": "Thank you"}),
    |object| object["TotalAmt"] = number("1500.00"),
    |object| object["Line"][0]["Description"] = json!("Work"),
    |object| object["Line"][0]["Amount"] = json!(1),
    |object| object["Line"] = json!([object["Line"][0]]),
    |object| {
        let zero = json!({"Amount": 0, "SalesItemLineDetail": {"ItemRef": {"value": "7"}},
            "JournalEntryLineDetail": {"AccountRef": {"value": "7"}, "PostingType": "Debit"}});
        object["Line"].as_array_mut().unwrap().insert(0, zero);
    },
];

#[test]
fn adopted_edit_is_accepted_and_later_one_reported() {
    let documents = [
        (bill(), 0, 0),
        (bill(), 0, 1),
        (bill(), 1, 0),
        (credit(), 1, 0),
        (payment(), 0, 0),
    ];
    for (document, method, at) in documents {
        let shown = written(&document, method, PER_LINE, at);
        for (number, edit) in EDITS.into_iter().enumerate() {
            let found = shown.edited(edit);
            let mut posted = shown.posted.clone();
            posted.adopt(Some(&found));
            assert_eq!(posted.differences(&found), [], "edit {number}");
            let stored = serde_json::to_string(&posted).unwrap();
            assert_eq!(
                serde_json::from_str::<PostedObject>(&stored).unwrap(),
                posted
            );
            let other = ObjectSnapshot {
                date: None,
                ..found
            };
            assert_eq!(posted.differences(&other).len(), 1, "edit {number}");
        }
    }
}

#[test]
fn adopted_edit_is_overwritten_by_a_revision() {
    let shown = written(&bill(), 0, PER_LINE, 0);
    let settings = with_classes(settings(METHODS[0], STYLES[1]));
    let mut plan = plan(&bill(), &samples::inputs(&settings, &preferences(PER_LINE))).unwrap();
    plan.postings.truncate(1);
    assert_eq!(steps(std::slice::from_ref(&shown.posted), &plan), []);
    let edits: [Edit; 2] = [
        |form| form["CustomerRef"]["value"] = json!("7"),
        |form| *class_of(0, form) = Value::Null,
    ];
    for edit in edits {
        let mut posted = shown.posted.clone();
        posted.adopt(Some(&shown.edited(edit)));
        let steps = steps(&[posted], &plan);
        assert!(matches!(&steps[..], [Step::Update { .. }]), "{steps:?}");
    }
}

#[test]
fn old_record_without_accepted_differences_loads() {
    let shown = written(&bill(), 0, PER_LINE, 0);
    let stored = serde_json::to_value(&shown.posted).unwrap();
    assert_eq!(stored.get("kept"), None);
    assert_eq!(
        serde_json::from_value::<PostedObject>(stored).unwrap(),
        shown.posted
    );
}

#[test]
fn unknown_item_is_a_difference() {
    let mut shown = written(&bill(), 0, PER_LINE, 0);
    shown.posted.ids.items.remove(REVENUE);
    let found_text = summary(&shown.posted.differences(&shown.standing()));
    assert_eq!(found_text, "lines:  900.00,  450.00 > 11 900.00, 11 450.00");
}

#[test]
fn merged_entry_is_replaced_in_every_reference() {
    let merges: [(usize, Edit, &[Kind]); 4] = [
        (
            0,
            |form| form["CustomerRef"]["value"] = json!("7"),
            &[Kind::Customer],
        ),
        (
            0,
            |form| (0..2).for_each(|line| class_of(line, form)["value"] = json!("6")),
            &[Kind::Class],
        ),
        (
            0,
            |form| {
                for line in form["Line"].as_array_mut().unwrap() {
                    if line.get("SalesItemLineDetail").is_some() {
                        line["SalesItemLineDetail"]["ItemRef"]["value"] = json!("77");
                    }
                }
            },
            &[Kind::Item],
        ),
        (
            1,
            |entry| {
                entry["Line"][1]["JournalEntryLineDetail"]["AccountRef"]["value"] = json!("99");
            },
            &[Kind::Account],
        ),
    ];
    for (at, merge, kinds) in merges {
        let mut shown = written(&bill(), 0, PER_LINE, at);
        assert_eq!(shown.posted.replaced_references(&shown.standing()), []);
        let found = shown.edited(merge);
        let replaced = shown.posted.replaced_references(&found);
        let found_kinds: Vec<Kind> = replaced.iter().map(|replaced| replaced.kind).collect();
        assert_eq!(found_kinds, kinds);
        replaced
            .iter()
            .for_each(|replaced| shown.posted.apply_merge(replaced));
        assert_eq!(shown.posted.differences(&found), [], "{kinds:?}");
    }
}

#[test]
fn reordered_lines_are_cosmetic() {
    written(&bill(), 0, PER_LINE, 0).assert_differences(&[(
        |form| form["Line"].as_array_mut().unwrap()[..2].reverse(),
        "lines?: 11 900.00, 11 450.00 > 11 450.00, 11 900.00; \
         description?: 01 Item 1 · 1000.00 billed, 100.00 retainage withheld, 02 Item 2 · 500.00 billed, 50.00 retainage withheld > 02 Item 2 · 500.00 billed, 50.00 retainage withheld, 01 Item 1 · 1000.00 billed, 100.00 retainage withheld",
    )]);
    let release = Document::RetainageRelease(samples::release());
    let shown = written(&release, 0, PER_LINE, 0);
    let turned = shown.edited(|entry| entry["Line"].as_array_mut().unwrap().reverse());
    let differences = shown.posted.differences(&turned);
    assert!(differences.iter().all(|difference| difference.is_cosmetic));
    assert_eq!(differences[0].field, "lines");
}
