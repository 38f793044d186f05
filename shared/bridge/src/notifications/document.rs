//! Notifications of a document.

use billing::{DocumentRef, FirmId, Id};
use serde::Serialize;
use store::activity::ActivityEntry;
use store::activity::notification::{DocumentNotification, PaymentPart};

use crate::notifications::notification::Notification;

/// The data of a notification of a document.
#[derive(Serialize)]
pub(crate) struct Data<'a> {
    firm_id: &'a FirmId,
    document: &'a DocumentRef,
    state: &'a str,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    balance: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payments: Option<&'a [PaymentPart]>,
}

/// Returns the notification of an activity entry, `None` if it has none.
pub(crate) fn notification<'a>(
    firm_id: &'a FirmId,
    entry: &'a ActivityEntry,
) -> Option<Notification<Data<'a>>> {
    let (kind, payment) = match entry.notification.as_ref()? {
        DocumentNotification::Posted => ("document.posted", None),
        DocumentNotification::Failed => ("document.failed", None),
        DocumentNotification::Changed => ("document.changed_in_quickbooks", None),
        DocumentNotification::Paid(payment) => ("document.paid", Some(payment)),
    };
    Some(Notification {
        kind,
        timestamp: entry.at,
        data: Data {
            firm_id,
            document: &entry.document,
            state: &entry.state,
            detail: &entry.detail,
            by: entry.requested_by.as_ref(),
            total: payment.map(|payment| payment.total.as_str()),
            paid: payment.map(|payment| payment.paid.as_str()),
            balance: payment.map(|payment| payment.balance.as_str()),
            payments: payment.map(|payment| payment.payments.as_slice()),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use store::document::payment::{AppliedPayment, PaymentState};

    fn body(notification_of: DocumentNotification, by: Option<&str>) -> Value {
        let entry = ActivityEntry {
            summary: None,
            at: "2026-03-31T21:14:09Z".parse().unwrap(),
            document: DocumentRef {
                kind: billing::DocumentKind::PayApp,
                id: "pa_1042_1".parse().unwrap(),
            },
            state: "posted".into(),
            detail: "Invoice 1042-1".into(),
            requested_by: by.map(|by| by.parse().unwrap()),
            notification: Some(notification_of),
            transactions: Vec::new(),
        };
        let firm = "firm_a".parse().unwrap();
        serde_json::to_value(notification(&firm, &entry)).unwrap()
    }

    #[test]
    fn document_notification_carries_document_state_and_detail() {
        let expected = json!({
            "type": "document.posted",
            "timestamp": "2026-03-31T21:14:09Z",
            "data": {
                "firm_id": "firm_a",
                "document": { "kind": "pay_app", "id": "pa_1042_1" },
                "state": "posted",
                "detail": "Invoice 1042-1",
                "by": "usr_17",
            },
        });
        assert_eq!(body(DocumentNotification::Posted, Some("usr_17")), expected);
        assert_eq!(
            body(DocumentNotification::Failed, None)["type"],
            "document.failed"
        );
        assert_eq!(
            body(DocumentNotification::Changed, None)["type"],
            "document.changed_in_quickbooks"
        );
        assert!(
            body(DocumentNotification::Failed, None)["data"]
                .get("by")
                .is_none()
        );
    }

    #[test]
    fn payment_notification_carries_amounts() {
        let payment = PaymentState {
            total: 1000.into(),
            paid: 210.into(),
            balance: 790.into(),
            payments: vec![AppliedPayment {
                id: "181".into(),
                date: Some("2026-04-02".parse().unwrap()),
                amount: 210.into(),
                is_credit: false,
            }],
        };
        let body = body(DocumentNotification::from(&payment), None);
        assert_eq!(body["type"], "document.paid");
        let data = &body["data"];
        assert_eq!(
            [&data["total"], &data["paid"], &data["balance"]],
            ["1000.00", "210.00", "790.00"]
        );
        let parts = json!([{ "id": "181", "date": "2026-04-02", "amount": "210.00" }]);
        assert_eq!(data["payments"], parts);
    }
}
