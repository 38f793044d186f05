//! Telling RIVET what became of a connection: signed, in order, until it was taken.
//!
//! The notices lie in the connection's record ([`crate::connection::Outbox`]) and leave it only after a 2xx. A crash between
//! the two sends one again under the same `webhook-id`, by which RIVET knows it (<https://www.standardwebhooks.com>).

use crate::Grants;
use crate::connection::{Cause, Connection, Notice, Standing};
use crate::error::Error;
use crate::ports::{Http, Records};
use crate::reason::Reason;
use crate::status;
use billing::FirmId;
use billing::webhook::{Secrets, sign};
use bytes::Bytes;
use http::Request;
use jiff::Timestamp;
use serde::Serialize;

/// Who is told.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// `scheme://host[:port]`; notifications go to `/webhooks/accounting` there.
    pub origin: String,
    /// The first one signs.
    pub secrets: Secrets,
}

/// A notification as it is sent.
#[derive(Serialize)]
struct Notification<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: Timestamp,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    firm_id: &'a FirmId,
    status: &'static str,
    reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grant_expires_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    days_left: Option<u8>,
}

/// Sends what is due of a firm's notices, oldest first, up to the first that is not taken. Without a receiver they are
/// dropped: notifications are switched off.
pub(crate) async fn notify<H: Http, R: Records>(
    grants: &Grants<'_, H, R>,
    receiver: Option<&Receiver>,
    (firm, connection): (&FirmId, Connection),
    now: Timestamp,
) -> Result<Connection, Error> {
    let outbox = &connection.outbox;
    if outbox.due_at().is_none_or(|at| at > now) {
        return Ok(connection);
    }
    let mut through = 0;
    for notice in &outbox.notices {
        let taken = match receiver {
            None => true,
            Some(receiver) => deliver(grants.http, receiver, (firm, notice), now).await,
        };
        if !taken {
            break;
        }
        through = notice.number;
    }
    Ok(grants.store.note_sent(firm, through, now).await?)
}

async fn deliver<H: Http>(
    http: &H,
    receiver: &Receiver,
    (firm, notice): (&FirmId, &Notice),
    now: Timestamp,
) -> bool {
    let Some(request) = request(receiver, (firm, notice), now) else {
        return false;
    };
    let answer = http.send(request).await;
    answer.is_ok_and(|answer| answer.status().is_success())
}

/// The signature is over this attempt's time, the id is the notice's own.
fn request(
    receiver: &Receiver,
    (firm, notice): (&FirmId, &Notice),
    now: Timestamp,
) -> Option<Request<Bytes>> {
    let body = serde_json::to_vec(&notification(firm, notice)).ok()?;
    let id = format!("connection_{firm}_{}", notice.number);
    Request::post(format!("{}/webhooks/accounting", receiver.origin))
        .header("content-type", "application/json")
        .header(
            "webhook-signature",
            sign(&receiver.secrets, &id, now, &body),
        )
        .header("webhook-id", id)
        .header("webhook-timestamp", now.as_second().to_string())
        .body(body.into())
        .ok()
}

fn notification<'a>(firm_id: &'a FirmId, notice: &Notice) -> Notification<'a> {
    let (kind, standing) = match notice.cause {
        Cause::NeedsReauthorization(lapse) => (
            "connection.needs_reauthorization",
            Standing::NeedsReauthorization(lapse),
        ),
        Cause::Error(trouble) => ("connection.error", Standing::Error(trouble)),
        Cause::Restored => ("connection.restored", Standing::Connected),
        Cause::Expiring { .. } => ("connection.expiring", Standing::Connected),
    };
    let (status, reason) = status::standing(standing);
    let (days_left, grant_expires_at) = match notice.cause {
        Cause::Expiring { days, ends_at } => (Some(days), Some(ends_at)),
        _ => (None, None),
    };
    Notification {
        kind,
        timestamp: notice.at,
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
    use crate::connection::{Lapse, Trouble};
    use billing::webhook::{Delivery, verify};
    use serde_json::{Value, json};

    fn sent(cause: Cause) -> Request<Bytes> {
        let receiver = Receiver {
            origin: "https://app.rivet.example".into(),
            secrets: Secrets::parse("whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cw==").unwrap(),
        };
        let at = "2026-03-02T15:04:05Z".parse().unwrap();
        let notice = Notice {
            number: 3,
            at,
            cause,
        };
        request(&receiver, (&"firm_a".parse().unwrap(), &notice), at).unwrap()
    }

    fn body(cause: Cause) -> Value {
        serde_json::from_slice(sent(cause).body()).unwrap()
    }

    #[test]
    fn a_lapsed_grant_is_told_with_the_click_that_repairs_it() {
        assert_eq!(
            body(Cause::NeedsReauthorization(Lapse::GrantRefused)),
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
    fn the_other_notices_name_their_type_and_status() {
        let ends_at = "2031-03-01T15:04:05Z".parse().unwrap();
        for (cause, kind, status) in [
            (
                Cause::Error(Trouble::SubscriptionEnded),
                "connection.error",
                "error",
            ),
            (Cause::Restored, "connection.restored", "connected"),
            (
                Cause::Expiring { days: 14, ends_at },
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
        let expiring = body(Cause::Expiring { days: 14, ends_at });
        assert_eq!(expiring["data"]["days_left"], 14);
        assert_eq!(expiring["data"]["grant_expires_at"], "2031-03-01T15:04:05Z");
    }

    #[test]
    fn a_notification_is_signed_and_named_by_its_number() {
        let request = sent(Cause::Restored);
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
        let secrets = Secrets::parse("whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cw==").unwrap();
        let at = "2026-03-02T15:04:05Z".parse().unwrap();
        assert_eq!(verify(&secrets, &delivery, at), Ok(()));
    }
}
