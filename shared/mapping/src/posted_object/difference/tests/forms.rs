//! Edits of invoices and credit memos, and the fields that they name.

use super::*;

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
