//! Telling RIVET what became of connections and documents: signed, in order, until it was taken.
//!
//! The notices of a connection lie in its record ([`store::connection::outbox::Outbox`]) and leave it only after a 2xx. What is told of
//! documents are lines of the firm's activity, which are numbered and never change; the outbox says how many were gone through. A
//! crash between a 2xx and the note of it sends one again under the same `webhook-id`, by which RIVET knows it
//! (<https://www.standardwebhooks.com>).

pub mod connection;
pub mod document;

use crate::error::Error;
use ::connection::firm_connection::FirmConnection;
use ::connection::services::AuthServices;
use billing::FirmId;
use billing::webhook::{SigningSecrets, sign};
use bytes::Bytes;
use http::Request;
use jiff::{SignedDuration, Timestamp};
use ports::http::{CallTimeout, Http};
use ports::records::{Records, StoreError};
use ports::time::after;
use serde::Serialize;
use store::Store;
use store::activity::reader::ActivityReader;
use store::connection::Connection;
use store::connection::outbox::{DeliveryProgress, OutboxMessage};

/// Notifications that one visit of a firm sends at most.
const AT_A_VISIT: usize = 32;

/// None is begun this long after the first: other firms wait.
const SENDING: SignedDuration = SignedDuration::from_secs(5);

/// Who is told.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// `scheme://host[:port]`; notifications go to `/webhooks/accounting` there.
    pub origin: String,
    /// The first one signs.
    pub secrets: SigningSecrets,
}

/// A notification as it is sent.
#[derive(Serialize)]
pub(crate) struct Notification<D> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: Timestamp,
    data: D,
}

/// How long there is for telling.
pub(crate) struct Span<'a> {
    /// Nothing is begun from then on.
    pub until: Timestamp,
    /// No answer is waited for beyond this.
    pub end: Timestamp,
    /// Tells the time.
    pub clock: &'a dyn Fn() -> Timestamp,
}

/// Sends what there is to tell of a firm, oldest first, up to the first that is not taken. Without a receiver it is dropped:
/// notifications are switched off. Gives the connection as it is then, and when there is more to tell, if there is.
pub(crate) async fn notify<H: Http, R: Records>(
    grants: &AuthServices<'_, H, R>,
    receiver: Option<&Receiver>,
    FirmConnection { firm, connection }: FirmConnection<'_>,
    span: &Span<'_>,
) -> Result<(Connection, Option<Timestamp>), Error> {
    let (now, outbox) = ((span.clock)(), &connection.outbox);
    if let Some(at) = outbox.not_before.filter(|at| *at > now) {
        return Ok((connection, Some(at)));
    }
    let before = DeliveryProgress {
        told: outbox.told,
        ..DeliveryProgress::default()
    };
    let mut telling = NotificationSender {
        http: grants.http,
        receiver,
        firm,
        span,
        until: span.until.min(after(now, SENDING)),
        left: AT_A_VISIT,
        taken: before.clone(),
    };
    let mut all = Ok(telling.notices(&outbox.notices).await);
    // A firm that never had a company has no record to note in what was told.
    if all == Ok(true) && connection.company.is_some() {
        all = telling.lines(grants.store).await;
    }
    let taken = telling.taken;
    let connection = if taken == before {
        connection
    } else {
        grants.store.save_delivery(firm, &taken, now).await?
    };
    let all = all?;
    let again = if taken.refused {
        connection.outbox.not_before
    } else {
        (!all).then_some(now)
    };
    Ok((connection, again))
}

/// A visit of a firm.
struct NotificationSender<'a, H> {
    http: &'a H,
    receiver: Option<&'a Receiver>,
    firm: &'a FirmId,
    span: &'a Span<'a>,
    until: Timestamp,
    left: usize,
    taken: DeliveryProgress,
}

impl<H: Http> NotificationSender<'_, H> {
    /// Tells the notices of the connection. Whether that was all.
    async fn notices(&mut self, notices: &[OutboxMessage]) -> bool {
        for notice in notices {
            let id = format!("connection_{}_{}", self.firm, notice.number);
            let body = serde_json::to_vec(&connection::notification(self.firm, notice));
            if !self.tell(id, body.unwrap_or_default()).await {
                return false;
            }
            self.taken.through = notice.number;
        }
        true
    }

    /// Tells what the lines of the activity have to tell, from where the last visit ended. Whether that was all.
    async fn lines<R: Records>(&mut self, store: &Store<R>) -> Result<bool, StoreError> {
        let mut lines = ActivityReader::of(store, self.firm).await?;
        let count = lines.count();
        if self.receiver.is_none() {
            self.taken.told = self.taken.told.max(count as u64);
            return Ok(true);
        }
        let mut position = usize::try_from(self.taken.told).unwrap_or(usize::MAX);
        while position < count {
            let Some(line) = lines.entry_at(position).await? else {
                return Ok(false);
            };
            if let Some(notification) = document::notification(self.firm, line) {
                let id = format!("document_{}_{position}", self.firm);
                let body = serde_json::to_vec(&notification);
                if !self.tell(id, body.unwrap_or_default()).await {
                    return Ok(false);
                }
            } else if (self.span.clock)() >= self.until {
                return Ok(false);
            }
            position += 1;
            self.taken.told = position as u64;
        }
        Ok(true)
    }

    /// Sends one, if there is time. Whether it was taken.
    async fn tell(&mut self, id: String, body: Vec<u8>) -> bool {
        let Some(receiver) = self.receiver else {
            return true;
        };
        let now = (self.span.clock)();
        if self.left == 0 || now >= self.until {
            return false;
        }
        self.left -= 1;
        let patience = CallTimeout(self.span.end.duration_since(now)).min(CallTimeout::USUAL);
        let taken = match request(receiver, (&id, body), now) {
            None => false,
            Some(mut request) => {
                request.extensions_mut().insert(patience);
                let answer = self.http.send(request).await;
                answer.is_ok_and(|answer| answer.status().is_success())
            }
        };
        self.taken.any |= taken;
        self.taken.refused = !taken;
        taken
    }
}

/// The signature is over this attempt's time, the id is the notification's own.
fn request(
    receiver: &Receiver,
    (id, body): (&str, Vec<u8>),
    now: Timestamp,
) -> Option<Request<Bytes>> {
    Request::post(format!("{}/webhooks/accounting", receiver.origin))
        .header("content-type", "application/json")
        .header("webhook-signature", sign(&receiver.secrets, id, now, &body))
        .header("webhook-id", id)
        .header("webhook-timestamp", now.as_second().to_string())
        .body(body.into())
        .ok()
}
