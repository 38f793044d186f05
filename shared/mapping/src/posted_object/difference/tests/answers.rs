//! Differences between what was sent and what QuickBooks answers.

use super::*;

/// A field that an answer has otherwise, and what follows: the fields in conflict, then the fields that are taken over.
type AnswerRow = (Edit, &'static str, &'static str);

impl InQuickBooks {
    /// Asserts for each altered answer which fields are in conflict and which are taken over.
    fn assert_answers(&self, table: &[AnswerRow]) {
        for (at, (edit, conflicting, taken_over)) in table.iter().enumerate() {
            let answer = self.edited(*edit);
            let mut posted = self.posted.clone();
            let real = posted.compare_with_answer(&answer);
            let fields: Vec<_> = real.iter().map(|difference| difference.field).collect();
            assert_eq!(fields.join(" "), *conflicting, "answer {at}");
            assert_eq!(posted.is_posted_differently, !conflicting.is_empty());
            let taken = posted.taken_over_differences.iter();
            let taken: Vec<_> = taken.filter_map(|taken| taken.split(' ').next()).collect();
            assert_eq!(taken.join(" "), *taken_over, "answer {at}");
            assert_eq!(posted.changes_books(&answer), !conflicting.is_empty());
        }
    }
}

#[test]
fn answer_to_invoice_is_compared_field_by_field() {
    written(&bill(), 0, PER_LINE, 0).assert_answers(&[
        (|_| {}, "", ""),
        (|form| form["TotalAmt"] = number("1350.01"), "total", ""),
        (|form| form["TotalAmt"] = Value::Null, "total", ""),
        (|form| form["Balance"] = number("1350.01"), "balance", ""),
        (|form| form["Balance"] = number("1000.00"), "", ""),
        (|form| form["DocNumber"] = json!("7"), "number", ""),
        (|form| form["TxnDate"] = json!("2026-04-01"), "date", ""),
        (
            |form| form["CustomerRef"]["value"] = json!("7"),
            "customer",
            "",
        ),
        (
            |form| form["Line"][0]["SalesItemLineDetail"]["ItemRef"]["value"] = json!("7"),
            "lines",
            "",
        ),
        (|form| form["Line"][0]["Amount"] = json!(1), "lines", ""),
        (|form| class_of(0, form)["value"] = json!("6"), "class", ""),
        (
            |form| form["CustomerMemo"] = Value::Null,
            "",
            "customer_memo",
        ),
        (|form| form["PrivateNote"] = Value::Null, "", "private_note"),
        (|form| form["DueDate"] = json!("2026-05-30"), "", "due_date"),
        (
            |form| form["Line"][0]["Description"] = json!("W"),
            "",
            "description",
        ),
        (
            |form| form["Line"].as_array_mut().unwrap()[..2].reverse(),
            "",
            "lines description",
        ),
        (
            |form| {
                form["TotalAmt"] = number("1461.38");
                form["Balance"] = number("1461.38");
                form["DueDate"] = json!("2026-05-30");
            },
            "total",
            "due_date",
        ),
    ]);
}

#[test]
fn answer_to_entry_is_compared_field_by_field() {
    written(&bill(), 0, PER_LINE, 1).assert_answers(&[
        (|_| {}, "", ""),
        (|entry| entry["DocNumber"] = Value::Null, "number", ""),
        (|entry| entry["TxnDate"] = json!("2026-04-01"), "date", ""),
        (
            |entry| entry["Line"][1]["JournalEntryLineDetail"]["Entity"] = Value::Null,
            "customer",
            "",
        ),
        (
            |entry| entry["Line"][1]["JournalEntryLineDetail"]["AccountRef"]["value"] = json!("80"),
            "lines",
            "",
        ),
        (
            |entry| {
                for line in entry["Line"].as_array_mut().unwrap() {
                    line["Amount"] = json!(160);
                }
            },
            "total lines",
            "",
        ),
        (
            |entry| class_of(1, entry)["value"] = json!("6"),
            "class",
            "",
        ),
        (
            |entry| entry["PrivateNote"] = json!("x"),
            "",
            "private_note",
        ),
    ]);
}

#[test]
fn answer_to_payment_is_compared_field_by_field() {
    written(&payment(), 0, PER_LINE, 0).assert_answers(&[
        (|_| {}, "", ""),
        (|paid| paid["UnappliedAmt"] = number("1424.33"), "", ""),
        (
            |paid| paid["UnappliedAmt"] = number("1424.34"),
            "unapplied_amount",
            "",
        ),
        (
            |paid| {
                paid["Line"][0]["Amount"] = json!(70_000);
                paid["UnappliedAmt"] = number("5000.00");
            },
            "applied unapplied_amount",
            "",
        ),
        (|paid| paid["TotalAmt"] = json!(80_001), "total", ""),
        (|paid| paid["TxnDate"] = json!("2026-07-01"), "date", ""),
        (
            |paid| paid["CustomerRef"]["value"] = json!("7"),
            "customer",
            "",
        ),
        (
            |paid| paid["PaymentRefNum"] = json!("20115"),
            "reference",
            "",
        ),
        (
            |paid| paid["PrivateNote"] = json!("late"),
            "",
            "private_note",
        ),
    ]);
}

#[test]
fn answer_to_void_leaves_no_amount() {
    for document in [bill(), payment()] {
        let mut shown = written(&document, 1, PER_LINE, 0);
        shown.posted.is_active = false;
        let voided = |object: &mut Value| {
            object["TotalAmt"] = json!(0);
            object["PrivateNote"] = json!("Voided - RIVET");
        };
        shown.assert_answers(&[(voided, "", "")]);
        let mut posted = shown.posted.clone();
        let real = posted.compare_with_answer(&shown.standing());
        let nothing = Some("0.00".to_owned());
        assert_eq!((real[0].field, &real[0].ours), ("total", &nothing));
        assert!(posted.is_posted_differently);
    }
}

#[test]
fn later_write_ends_the_difference() {
    let shown = written(&bill(), 0, PER_LINE, 0);
    let mut posted = shown.posted.clone();
    let taxed = shown.edited(|form| form["TotalAmt"] = number("1461.38"));
    assert_eq!(posted.compare_with_answer(&taxed).len(), 1);
    let stored = serde_json::to_value(&posted).unwrap();
    assert_eq!(stored["differs"], true);
    assert_eq!(posted.compare_with_answer(&shown.standing()), []);
    assert!(!posted.is_posted_differently);
    posted.is_posted_differently = true;
    posted.adopt(Some(&taxed));
    assert_eq!(posted.posting.total(), Decimal::new(146_138, 2));
    assert!(!posted.is_posted_differently && !posted.changes_books(&taxed));
}
