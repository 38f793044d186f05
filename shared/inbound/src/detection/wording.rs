//! What was noticed, as a bookkeeper would say it.

use jiff::Timestamp;
use mapping::{Difference, PostedObject, Posting};
use rust_decimal::Decimal;
use store::activity::ActivityEntry;
use store::activity::notification::DocumentNotification;
use store::document::DocumentRecord;
use store::document::payment::PaymentState;
use store::reason;

/// What somebody looks for in QuickBooks to find it: its number, or the payer's reference.
pub fn called(posted: &PostedObject) -> String {
    let reference = match &posted.posting {
        Posting::Payment(receipt) => receipt.reference.as_ref(),
        _ => None,
    };
    let number = posted.number.as_ref().or(reference);
    format!(
        "{} {}",
        reason::called(posted.kind),
        number.unwrap_or(&posted.id)
    )
}

/// What was done to something that is called so.
pub fn done(differences: &[&Difference], what: &str) -> String {
    let (mut fields, mut deeds): (Vec<&str>, Vec<String>) = (Vec::new(), Vec::new());
    for Difference { field, theirs, .. } in differences {
        match (*field, theirs) {
            ("applied", None) => deeds.push(format!("took {what} off what it pays")),
            ("applied", Some(_)) => deeds.push(format!("applied {what} otherwise")),
            ("total", _) => fields.push("amount"),
            ("customer_memo", _) => fields.push("customer message"),
            ("private_note", _) => fields.push("memo"),
            ("due_date", _) => fields.push("due date"),
            (field, _) => fields.push(field),
        }
    }
    if !fields.is_empty() {
        deeds.insert(0, format!("changed the {} of {what}", and(&fields)));
    }
    and(&deeds)
}

/// `a, b and c`.
pub fn and<T: AsRef<str>>(parts: &[T]) -> String {
    let mut listed = String::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            listed.push_str(if at + 1 == parts.len() { " and " } else { ", " });
        }
        listed.push_str(part.as_ref());
    }
    listed
}

/// What is paid of a document, and what of the money is applied to nothing.
pub fn paid(payment: &PaymentState, unapplied: Decimal) -> String {
    let PaymentState {
        total,
        paid,
        balance,
        ..
    } = payment;
    let is_beyond = unapplied > Decimal::ZERO;
    let how = if paid.is_zero() {
        "Not paid any more"
    } else if !balance.is_zero() {
        "Partly paid"
    } else if is_beyond {
        "Overpaid"
    } else {
        "Paid"
    };
    let beyond = if is_beyond {
        format!("; {unapplied:.2} is not applied to anything")
    } else {
        String::new()
    };
    format!("{how} in QuickBooks: {paid:.2} of {total:.2}{beyond}.")
}

pub fn line(
    record: &DocumentRecord,
    at: Timestamp,
    (state, detail): (&str, String),
    tell: Option<DocumentNotification>,
) -> ActivityEntry {
    ActivityEntry {
        at,
        document: record.reference.clone(),
        state: state.to_owned(),
        detail,
        requested_by: None,
        notification: tell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(fields: &[(&'static str, Option<&str>)]) -> String {
        let difference = |(field, theirs): &(&'static str, Option<&str>)| Difference {
            field,
            ours: None,
            theirs: theirs.map(str::to_owned),
            is_cosmetic: false,
        };
        let differences: Vec<Difference> = fields.iter().map(difference).collect();
        done(&differences.iter().collect::<Vec<_>>(), "Invoice 7")
    }

    #[test]
    fn edit_wording_lists_each_change_once() {
        assert_eq!(said(&[("total", None)]), "changed the amount of Invoice 7");
        let all = [("date", None), ("total", None), ("lines", None)];
        assert_eq!(
            said(&all),
            "changed the date, amount and lines of Invoice 7"
        );
        let both = [("customer_memo", None), ("private_note", None)];
        assert_eq!(
            said(&both),
            "changed the customer message and memo of Invoice 7"
        );
        let applied = [("total", None), ("applied", Some("Invoice 8 1.00"))];
        assert_eq!(
            said(&applied),
            "changed the amount of Invoice 7 and applied Invoice 7 otherwise"
        );
        assert_eq!(
            said(&[("applied", None)]),
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
        let said = |given, unapplied: i64| paid(&payment(given), unapplied.into());
        assert_eq!(said(1000, 0), "Paid in QuickBooks: 1000.00 of 1000.00.");
        assert_eq!(
            said(1000, 5),
            "Overpaid in QuickBooks: 1000.00 of 1000.00; 5.00 is not applied to anything."
        );
        assert_eq!(
            said(10, 5),
            "Partly paid in QuickBooks: 10.00 of 1000.00; 5.00 is not applied to anything."
        );
        assert_eq!(
            said(0, 0),
            "Not paid any more in QuickBooks: 0.00 of 1000.00."
        );
    }
}
