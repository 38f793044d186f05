//! Notifications of a connection.

use billing::FirmId;
use jiff::Timestamp;
use serde::Serialize;
use store::connection::ConnectionStatus;
use store::connection::outbox::{ConnectionEvent, OutboxMessage};
use store::reason::Reason;

use crate::notifications::notification::Notification;
use crate::views::connection_status::{CurrentStatus, current_status};

/// The data of a notification of a connection.
#[derive(Serialize)]
pub(crate) struct Data<'a> {
    firm_id: &'a FirmId,
    status: &'static str,
    reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grant_expires_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    days_left: Option<u8>,
}

/// Returns the notification of an outbox message.
pub(crate) fn notification<'a>(
    firm_id: &'a FirmId,
    message: &OutboxMessage,
) -> Notification<Data<'a>> {
    let (kind, status) = match message.cause {
        ConnectionEvent::NeedsReauthorization(reason) => (
            "connection.needs_reauthorization",
            ConnectionStatus::NeedsReauthorization(reason),
        ),
        ConnectionEvent::Error(error) => ("connection.error", ConnectionStatus::Error(error)),
        ConnectionEvent::Restored => ("connection.restored", ConnectionStatus::Connected),
        ConnectionEvent::Expiring { .. } => ("connection.expiring", ConnectionStatus::Connected),
    };
    let CurrentStatus { status, reason } = current_status(status);
    let (days_left, grant_expires_at) = match message.cause {
        ConnectionEvent::Expiring { days, ends_at } => (Some(days), Some(ends_at)),
        ConnectionEvent::NeedsReauthorization(_)
        | ConnectionEvent::Error(_)
        | ConnectionEvent::Restored => (None, None),
    };
    Notification {
        kind,
        timestamp: message.at,
        data: Data {
            firm_id,
            status,
            reason,
            grant_expires_at,
            days_left,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notifications::request::{Message, Receiver, request};
    use billing::webhook::{Delivery, SigningSecrets, verify};
    use bytes::Bytes;
    use http::Request;
    use serde_json::{Value, json};
    use store::connection::{CompanyError, ReauthorizationReason};

    fn sent(cause: ConnectionEvent) -> Request<Bytes> {
        let receiver = Receiver {
            origin: "https://app.rivet.example".into(),
            secrets: SigningSecrets::parse("whsec_dGhlIG9uZSBzZWNyZXQgb2YgdGhlIHRlc3Rz").unwrap(),
        };
        let at = "2026-03-02T15:04:05Z".parse().unwrap();
        let message = OutboxMessage {
            number: 3,
            at,
            cause,
        };
        let firm = "firm_a".parse().unwrap();
        let body = serde_json::to_vec(&notification(&firm, &message)).unwrap();
        let id = "connection_firm_a_3".into();
        request(&receiver, Message { id, body }, at).unwrap()
    }

    fn body(cause: ConnectionEvent) -> Value {
        serde_json::from_slice(sent(cause).body()).unwrap()
    }

    #[test]
    fn reauthorization_notification_names_reconnect_action() {
        assert_eq!(
            body(ConnectionEvent::NeedsReauthorization(
                ReauthorizationReason::GrantRefused
            )),
            json!({
                "type": "connection.needs_reauthorization",
                "timestamp": "2026-03-02T15:04:05Z",
                "data": {
                    "firm_id": "firm_a",
                    "status": "needs_reauthorization",
                    "reason": {
                        "code": "grant_refused",
                        "message": "QuickBooks no longer accepts the connection. Sign in again; nothing is lost.",
                        "action": "reconnect",
                    },
                },
            })
        );
    }

    #[test]
    fn connection_notifications_name_type_and_status() {
        let ends_at = "2031-03-01T15:04:05Z".parse().unwrap();
        for (cause, kind, status) in [
            (
                ConnectionEvent::Error(CompanyError::SubscriptionEnded),
                "connection.error",
                "error",
            ),
            (
                ConnectionEvent::Restored,
                "connection.restored",
                "connected",
            ),
            (
                ConnectionEvent::Expiring { days: 14, ends_at },
                "connection.expiring",
                "connected",
            ),
        ] {
            let body = body(cause);
            assert_eq!(
                (&body["type"], &body["data"]["status"]),
                (&json!(kind), &json!(status))
            );
        }
        let expiring = body(ConnectionEvent::Expiring { days: 14, ends_at });
        assert_eq!(expiring["data"]["days_left"], 14);
        assert_eq!(expiring["data"]["grant_expires_at"], "2031-03-01T15:04:05Z");
    }

    #[test]
    fn notification_carries_valid_signature_and_id() {
        let request = sent(ConnectionEvent::Restored);
        assert_eq!(
            request.uri(),
            "https://app.rivet.example/webhooks/accounting"
        );
        let header = |name: &str| request.headers()[name].to_str().unwrap();
        assert_eq!(header("webhook-id"), "connection_firm_a_3");
        let delivery = Delivery {
            id: header("webhook-id"),
            timestamp: header("webhook-timestamp"),
            signature: header("webhook-signature"),
            body: request.body(),
        };
        let secrets = SigningSecrets::parse("whsec_dGhlIG9uZSBzZWNyZXQgb2YgdGhlIHRlc3Rz").unwrap();
        let at = "2026-03-02T15:04:05Z".parse().unwrap();
        assert_eq!(verify(&secrets, &delivery, at), Ok(()));
    }
}
