//! The signed request that delivers a notification (<https://www.standardwebhooks.com>).

use billing::webhook::{SigningSecrets, sign};
use bytes::Bytes;
use http::Request;
use jiff::Timestamp;

/// The receiver of notifications.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// `scheme://host[:port]`. Notifications go to `/webhooks/accounting` there.
    pub origin: String,
    /// The secrets of the signature. The first one signs.
    pub secrets: SigningSecrets,
}

/// A notification that is ready to be signed.
pub(crate) struct Message {
    /// The id of the notification, which is the same in each attempt.
    pub id: String,
    /// The JSON body.
    pub body: Vec<u8>,
}

/// Returns the signed request. The signature covers the time of this attempt. `None` if the receiver's origin is no URL.
pub(crate) fn request(
    receiver: &Receiver,
    message: Message,
    now: Timestamp,
) -> Option<Request<Bytes>> {
    let Message { id, body } = message;
    Request::post(format!("{}/webhooks/accounting", receiver.origin))
        .header("content-type", "application/json")
        .header(
            "webhook-signature",
            sign(&receiver.secrets, &id, now, &body),
        )
        .header("webhook-id", &id)
        .header("webhook-timestamp", now.as_second().to_string())
        .body(body.into())
        .ok()
}
