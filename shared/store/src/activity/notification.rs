//! The notification that an activity entry sends to RIVET.

use crate::line::{Line, stored_as_line};
use serde::{Deserialize, Serialize};

/// A notification about a document. An activity entry has one if its cause is new.
///
/// Stored as one line, `paid 48500.00 10000.00 38500.00 181 2026-04-02 10000.00`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum DocumentNotification {
    /// The document is in QuickBooks, or is void.
    Posted,
    /// The document needs a person.
    Failed,
    /// QuickBooks and RIVET differ.
    Changed,
    /// The payments of the document changed.
    Paid(PaymentSummary),
}

/// The payments of a document as text, because the notification only passes them on.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentSummary {
    /// The total of the document.
    pub total: String,
    /// The part that is paid.
    pub paid: String,
    /// The part that is open.
    pub balance: String,
    /// The newest payments, newest last.
    pub payments: Vec<PaymentPart>,
}

/// The part of one payment that pays a document.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentPart {
    /// The id of the payment in QuickBooks.
    pub id: String,
    /// The date of the payment.
    pub date: Option<String>,
    /// The part of it that is for the document.
    pub amount: String,
}

impl Line for DocumentNotification {
    const EXPECTED: &'static str = "must be a notification";

    fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        Some(match words.next()? {
            "posted" => Self::Posted,
            "failed" => Self::Failed,
            "changed" => Self::Changed,
            "paid" => Self::Paid(PaymentSummary::read(&mut words)?),
            _ => return None,
        })
    }

    fn write(&self) -> String {
        match self {
            Self::Posted => "posted".into(),
            Self::Failed => "failed".into(),
            Self::Changed => "changed".into(),
            Self::Paid(payment) => payment.write(),
        }
    }
}

stored_as_line!(DocumentNotification);

impl PaymentSummary {
    fn read<'a>(words: &mut impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut amount = || words.next().map(str::to_owned);
        let (total, paid, balance) = (amount()?, amount()?, amount()?);
        let mut payments = Vec::new();
        while let (Some(id), Some(date), Some(amount)) = (words.next(), words.next(), words.next())
        {
            payments.push(PaymentPart {
                id: id.to_owned(),
                date: Some(date.to_owned()).filter(|date| date != "-"),
                amount: amount.to_owned(),
            });
        }
        Some(Self {
            total,
            paid,
            balance,
            payments,
        })
    }

    fn write(&self) -> String {
        let mut words = vec!["paid", &self.total, &self.paid, &self.balance];
        for part in &self.payments {
            words.extend([
                part.id.as_str(),
                part.date.as_deref().unwrap_or("-"),
                &part.amount,
            ]);
        }
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::payment::{AppliedPayment, PaymentState};
    use rust_decimal::Decimal;
    use serde_json::json;

    fn part(id: usize, date: Option<&str>) -> AppliedPayment {
        AppliedPayment {
            id: id.to_string(),
            date: date.map(|date| date.parse().unwrap()),
            amount: Decimal::new(1050, 1),
            is_credit: false,
        }
    }

    fn payment(payments: Vec<AppliedPayment>) -> PaymentState {
        PaymentState {
            total: 1000.into(),
            paid: Decimal::new(21000, 2),
            balance: 790.into(),
            payments,
        }
    }

    fn paid(payments: Vec<AppliedPayment>) -> DocumentNotification {
        DocumentNotification::from(&payment(payments))
    }

    #[test]
    fn document_notification_is_stored_as_one_line() {
        let two = paid(vec![part(181, Some("2026-04-02")), part(190, None)]);
        for (notification, line) in [
            (DocumentNotification::Posted, "posted"),
            (DocumentNotification::Failed, "failed"),
            (DocumentNotification::Changed, "changed"),
            (paid(Vec::new()), "paid 1000.00 210.00 790.00"),
            (
                two,
                "paid 1000.00 210.00 790.00 181 2026-04-02 105.00 190 - 105.00",
            ),
        ] {
            let stored = serde_json::to_value(&notification).unwrap();
            assert_eq!(stored, line);
            assert_eq!(
                json::read::<DocumentNotification>(&stored).unwrap(),
                notification
            );
        }
        for wrong in ["", "sold", "paid", "paid 1.00 1.00"] {
            assert!(
                json::read::<DocumentNotification>(&json!(wrong)).is_err(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn payment_summary_keeps_newest_eight_payments() {
        let many = (0..20).map(|id| part(id, None)).collect();
        let stored = serde_json::to_value(paid(many)).unwrap();
        let newest = (12..20).map(|id| part(id, None)).collect();
        assert_eq!(
            json::read::<DocumentNotification>(&stored).unwrap(),
            paid(newest)
        );
    }

    #[test]
    fn payment_amounts_serialize_with_two_decimals() {
        let payment = payment(vec![part(181, Some("2026-04-02"))]);
        let shown = json!({
            "total": "1000.00", "paid": "210.00", "balance": "790.00",
            "payments": [{ "id": "181", "date": "2026-04-02", "amount": "105.00" }],
        });
        let DocumentNotification::Paid(summary) = DocumentNotification::from(&payment) else {
            unreachable!()
        };
        assert_eq!(serde_json::to_value(summary).unwrap(), shown);
        assert_eq!(serde_json::to_value(&payment).unwrap(), shown);
        assert_eq!(json::read::<PaymentState>(&shown).unwrap(), payment);
    }
}
