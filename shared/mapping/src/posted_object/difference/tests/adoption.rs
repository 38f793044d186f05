//! Edits that a person accepted.

use super::*;

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
