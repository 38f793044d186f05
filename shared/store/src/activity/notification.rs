//! What RIVET is told of a line of the activity.

use crate::document::conflict_rows::written;
use crate::document::payment::{AppliedPayment, PaymentState};
use serde::{Deserialize, Serialize};

/// Payments that are told one by one; of more, the newest.
const PARTS: usize = 8;

/// What RIVET is told of a line: the cause is new.
///
/// Kept as one line, `paid 48500.00 10000.00 38500.00 181 2026-04-02 10000.00`, for which a derived reader is several times as large.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum DocumentNotification {
    /// The document stands in QuickBooks, or is void.
    Posted,
    /// It needs a person.
    Failed,
    /// QuickBooks and RIVET differ.
    Changed,
    /// What was paid of it changed.
    Paid(PaymentSummary),
}

/// What was paid of a document, as it is told: in text, since whoever tells it does no sums.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PaymentSummary {
    /// [`PaymentState::total`].
    pub total: String,
    /// [`PaymentState::paid`].
    pub paid: String,
    /// [`PaymentState::balance`].
    pub balance: String,
    /// [`PaymentState::payments`].
    pub payments: Vec<PaymentPart>,
}

/// One payment of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PaymentPart {
    /// [`AppliedPayment::id`].
    pub id: String,
    /// [`AppliedPayment::date`].
    pub date: Option<String>,
    /// [`AppliedPayment::amount`].
    pub amount: String,
}

impl DocumentNotification {
    fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        Some(match words.next()? {
            "posted" => Self::Posted,
            "failed" => Self::Failed,
            "changed" => Self::Changed,
            "paid" => {
                let mut amount = || words.next().map(str::to_owned);
                let (total, paid, balance) = (amount()?, amount()?, amount()?);
                let mut payments = Vec::new();
                while let (Some(id), Some(day), Some(amount)) =
                    (words.next(), words.next(), words.next())
                {
                    payments.push(PaymentPart {
                        id: id.to_owned(),
                        date: Some(day.to_owned()).filter(|day| day != "-"),
                        amount: amount.to_owned(),
                    });
                }
                Self::Paid(PaymentSummary {
                    total,
                    paid,
                    balance,
                    payments,
                })
            }
            _ => return None,
        })
    }
}

impl From<&PaymentState> for DocumentNotification {
    fn from(payment: &PaymentState) -> Self {
        let excess = payment.payments.len().saturating_sub(PARTS);
        let parts = payment.payments.iter().skip(excess);
        let told = |part: &AppliedPayment| PaymentPart {
            id: part.id.clone(),
            date: part.date.map(|date| date.to_string()),
            amount: written(part.amount),
        };
        Self::Paid(PaymentSummary {
            total: written(payment.total),
            paid: written(payment.paid),
            balance: written(payment.balance),
            payments: parts.map(told).collect(),
        })
    }
}

impl From<DocumentNotification> for String {
    fn from(tell: DocumentNotification) -> Self {
        let payment = match tell {
            DocumentNotification::Posted => return "posted".into(),
            DocumentNotification::Failed => return "failed".into(),
            DocumentNotification::Changed => return "changed".into(),
            DocumentNotification::Paid(payment) => payment,
        };
        let mut line = Self::from("paid");
        let mut say = |word: &str| {
            line.push(' ');
            line.push_str(word);
        };
        for amount in [&payment.total, &payment.paid, &payment.balance] {
            say(amount);
        }
        for part in &payment.payments {
            say(&part.id);
            say(part.date.as_deref().unwrap_or("-"));
            say(&part.amount);
        }
        line
    }
}

impl TryFrom<String> for DocumentNotification {
    type Error = &'static str;

    fn try_from(line: String) -> Result<Self, Self::Error> {
        Self::read(&line).ok_or("must be something to tell")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::payment::AppliedPayment;
    use crate::document::payment::PaymentState;
    use rust_decimal::Decimal;
    use serde_json::json;

    fn part(id: usize, date: Option<&str>) -> AppliedPayment {
        AppliedPayment {
            id: id.to_string(),
            date: date.map(|date| date.parse().unwrap()),
            amount: Decimal::new(1050, 1),
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
        for (tell, kept) in [
            (DocumentNotification::Posted, "posted"),
            (DocumentNotification::Failed, "failed"),
            (DocumentNotification::Changed, "changed"),
            (paid(Vec::new()), "paid 1000.00 210.00 790.00"),
            (
                two,
                "paid 1000.00 210.00 790.00 181 2026-04-02 105.00 190 - 105.00",
            ),
        ] {
            let stored = serde_json::to_value(&tell).unwrap();
            assert_eq!(stored, kept);
            assert_eq!(json::read::<DocumentNotification>(&stored).unwrap(), tell);
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
        let DocumentNotification::Paid(told) = DocumentNotification::from(&payment) else {
            unreachable!()
        };
        assert_eq!(serde_json::to_value(told).unwrap(), shown);
        assert_eq!(serde_json::to_value(&payment).unwrap(), shown);
        assert_eq!(json::read::<PaymentState>(&shown).unwrap(), payment);
    }
}
