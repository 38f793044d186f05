//! Describes changes and payments in a bookkeeper's words.

use jiff::Timestamp;
use mapping::Difference;
use rust_decimal::Decimal;
use store::activity::ActivityEntry;
use store::activity::notification::DocumentNotification;
use store::document::DocumentRecord;
use store::document::payment::PaymentState;

/// Returns the edit of an object, as the part of a sentence that follows "Somebody".
pub(crate) fn edit_phrase(differences: &[&Difference], object: &str) -> String {
    let (mut fields, mut phrases): (Vec<&str>, Vec<String>) = (Vec::new(), Vec::new());
    for Difference { field, theirs, .. } in differences {
        match (*field, theirs) {
            ("applied", None) => phrases.push(format!("took {object} off what it pays")),
            ("applied", Some(_)) => phrases.push(format!("applied {object} otherwise")),
            ("unapplied_amount", _) => {
                let is_named = differences.iter().any(|other| other.field == "applied");
                if !is_named {
                    phrases.push(format!("took a part of {object} off what it pays"));
                }
            }
            ("total", _) => fields.push("amount"),
            ("customer_memo", _) => fields.push("customer message"),
            ("private_note", _) => fields.push("memo"),
            ("due_date", _) => fields.push("due date"),
            (field, _) => fields.push(field),
        }
    }
    if !fields.is_empty() {
        phrases.insert(0, format!("changed the {} of {object}", list(&fields)));
    }
    list(&phrases)
}

/// Returns a list in words: `a, b and c`.
pub(crate) fn list<T: AsRef<str>>(parts: &[T]) -> String {
    let mut listed = String::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            listed.push_str(if at + 1 == parts.len() { " and " } else { ", " });
        }
        listed.push_str(part.as_ref());
    }
    listed
}

/// Returns the sentence about the paid amount of a document and the money that is not applied. Credits are no money.
pub(crate) fn payment_sentence(payment: &PaymentState, unapplied: Decimal) -> String {
    let PaymentState { total, paid, .. } = payment;
    let (credited, is_overpaid) = (payment.credited(), unapplied > Decimal::ZERO);
    let is_credit_alone = !credited.is_zero() && credited == *paid;
    let how = match is_credit_alone {
        true if payment.balance.is_zero() => "Settled with a credit, not with money,",
        true => "Partly settled with a credit, not with money,",
        false => extent(payment, is_overpaid),
    };
    let mut rest = String::new();
    if !credited.is_zero() && !is_credit_alone {
        rest.push_str(&format!("; {credited:.2} of it is a credit, not money"));
    }
    if is_overpaid {
        rest.push_str(&format!("; {unapplied:.2} is not applied to anything"));
    }
    format!("{how} in QuickBooks: {paid:.2} of {total:.2}{rest}.")
}

/// Returns the words for the extent to which a document is paid.
fn extent(payment: &PaymentState, is_overpaid: bool) -> &'static str {
    if payment.paid.is_zero() {
        "Not paid any more"
    } else if !payment.balance.is_zero() {
        "Partly paid"
    } else if is_overpaid {
        "Overpaid"
    } else {
        "Paid"
    }
}

/// The status and the sentence of an activity entry.
pub(crate) struct EntryText<'a> {
    /// The name of the document's status, or `paid`.
    pub(crate) state: &'a str,
    /// The sentence.
    pub(crate) detail: String,
}

/// Returns an activity entry about a document that no person requested.
pub(crate) fn activity_entry(
    record: &DocumentRecord,
    at: Timestamp,
    text: EntryText<'_>,
    notification: Option<DocumentNotification>,
) -> ActivityEntry {
    ActivityEntry {
        at,
        document: record.reference.clone(),
        summary: record.summary.clone(),
        state: text.state.to_owned(),
        detail: text.detail,
        requested_by: None,
        notification,
        transactions: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::document::payment::AppliedPayment;

    fn phrase(fields: &[(&'static str, Option<&str>)]) -> String {
        let difference = |(field, theirs): &(&'static str, Option<&str>)| Difference {
            field,
            ours: None,
            theirs: theirs.map(str::to_owned),
            is_cosmetic: false,
        };
        let differences: Vec<Difference> = fields.iter().map(difference).collect();
        edit_phrase(&differences.iter().collect::<Vec<_>>(), "Invoice 7")
    }

    #[test]
    fn edit_wording_lists_each_change_once() {
        assert_eq!(
            phrase(&[("total", None)]),
            "changed the amount of Invoice 7"
        );
        let all = [("date", None), ("total", None), ("lines", None)];
        assert_eq!(
            phrase(&all),
            "changed the date, amount and lines of Invoice 7"
        );
        let both = [("customer_memo", None), ("private_note", None)];
        assert_eq!(
            phrase(&both),
            "changed the customer message and memo of Invoice 7"
        );
        let applied = [("total", None), ("applied", Some("Invoice 8 1.00"))];
        assert_eq!(
            phrase(&applied),
            "changed the amount of Invoice 7 and applied Invoice 7 otherwise"
        );
        assert_eq!(
            phrase(&[("applied", None)]),
            "took Invoice 7 off what it pays"
        );
    }

    #[test]
    fn overpayment_wording_differs_from_unapplied_money() {
        let payment = |paid: i64| PaymentState {
            total: 1000.into(),
            paid: paid.into(),
            balance: (1000 - paid).into(),
            payments: Vec::new(),
        };
        let sentence = |paid, unapplied: i64| payment_sentence(&payment(paid), unapplied.into());
        assert_eq!(sentence(1000, 0), "Paid in QuickBooks: 1000.00 of 1000.00.");
        assert_eq!(
            sentence(1000, 5),
            "Overpaid in QuickBooks: 1000.00 of 1000.00; 5.00 is not applied to anything."
        );
        assert_eq!(
            sentence(10, 5),
            "Partly paid in QuickBooks: 10.00 of 1000.00; 5.00 is not applied to anything."
        );
        let mut credited = payment(10);
        credited.payments.push(AppliedPayment {
            id: "181".into(),
            date: None,
            amount: 10.into(),
            is_credit: true,
        });
        assert_eq!(
            payment_sentence(&credited, Decimal::ZERO),
            "Partly settled with a credit, not with money, in QuickBooks: 10.00 of 1000.00."
        );
        credited.paid = 30.into();
        assert_eq!(
            payment_sentence(&credited, Decimal::ZERO),
            "Partly paid in QuickBooks: 30.00 of 1000.00; 10.00 of it is a credit, not money."
        );
        assert_eq!(
            sentence(0, 0),
            "Not paid any more in QuickBooks: 0.00 of 1000.00."
        );
    }
}
