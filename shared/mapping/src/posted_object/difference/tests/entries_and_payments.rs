//! Edits of journal entries and payments, and the fields that they name.

use super::*;

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
