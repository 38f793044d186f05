//! Notifies RIVET of connections and documents: signed, in order, until RIVET accepts each notification.
//!
//! The messages of a connection lie in its record ([`store::connection::outbox::Outbox`]) and leave it only after a 2xx answer.
//! Notifications of documents are entries of the firm's activity log. The entries are numbered and never change, so the outbox only counts the
//! handled entries. After a crash between a 2xx answer and the save of the count, the notification is sent again. RIVET recognizes it by
//! the same `webhook-id` (<https://www.standardwebhooks.com>).

// Top first: a module uses only modules below it.
mod connection;
mod document;
mod notification;
mod request;

pub use self::request::Receiver;

use ::connection::firm_connection::FirmConnection;
use ::connection::services::AuthServices;
use billing::FirmId;
use bytes::Bytes;
use http::Request;
use jiff::{SignedDuration, Timestamp};
use ports::http::{CallTimeout, Http};
use ports::records::{Records, StoreError};
use ports::time::after;
use store::Store;
use store::activity::reader::ActivityReader;
use store::connection::Connection;
use store::connection::outbox::{DeliveryProgress, OutboxMessage};

use self::request::{Message, request};
use crate::error::Error;

/// The most notifications that one visit of a firm sends.
const PER_VISIT: usize = 32;

/// A visit of a firm starts no notification later than this after its first one, because other firms wait.
const SEND_FOR: SignedDuration = SignedDuration::from_secs(5);

/// The time for sending notifications.
pub(crate) struct SendWindow<'a> {
    /// No notification is started from this instant on.
    pub until: Timestamp,
    /// No answer is awaited beyond this instant.
    pub answers_until: Timestamp,
    /// The clock.
    pub clock: &'a dyn Fn() -> Timestamp,
}

/// A connection after its firm's notifications were sent.
pub(crate) struct Notified {
    /// The connection as saved.
    pub connection: Connection,
    /// The instant at which to continue, if notifications are left.
    pub resume_at: Option<Timestamp>,
}

/// Sends a firm's notifications, oldest first, up to the first one that RIVET does not accept. Without a receiver, notifications are
/// off, and each one counts as accepted.
pub(crate) async fn notify<H: Http, R: Records>(
    auth: &AuthServices<'_, H, R>,
    receiver: Option<&Receiver>,
    firm_connection: FirmConnection<'_>,
    window: &SendWindow<'_>,
) -> Result<Notified, Error> {
    let FirmConnection { firm, connection } = firm_connection;
    let (now, outbox) = ((window.clock)(), &connection.outbox);
    if let Some(at) = outbox.not_before.filter(|at| *at > now) {
        return Ok(Notified {
            connection,
            resume_at: Some(at),
        });
    }
    let before = DeliveryProgress {
        notified_entries: outbox.notified_entries,
        ..DeliveryProgress::default()
    };
    let mut sender = NotificationSender {
        http: auth.http,
        restore: restore_suffix(auth.store, receiver).await?,
        receiver,
        firm,
        window,
        until: window.until.min(after(now, SEND_FOR)),
        left: PER_VISIT,
        progress: before.clone(),
    };
    let mut all_sent = Ok(sender.send_messages(&outbox.messages).await);
    // A firm that never had a company has no record that could store the progress.
    if all_sent == Ok(true) && connection.company.is_some() {
        all_sent = sender.send_activity(auth.store).await;
    }
    let progress = sender.progress;
    let connection = if progress == before {
        connection
    } else {
        auth.store.save_delivery(firm, &progress, now).await?
    };
    let all_sent = all_sent?;
    let resume_at = match progress.refused {
        true => connection.outbox.not_before,
        false => (!all_sent).then_some(now),
    };
    Ok(Notified {
        connection,
        resume_at,
    })
}

/// Returns the end of each id of a notification. A store that was set back counts from an earlier number again.
async fn restore_suffix<R: Records>(
    store: &Store<R>,
    receiver: Option<&Receiver>,
) -> Result<String, StoreError> {
    let restore = match receiver {
        Some(_) => store.restore().await?,
        None => None,
    };
    Ok(restore.map_or_else(String::new, |restore| {
        format!("_r{}", restore.at.as_second())
    }))
}

/// Sends the notifications of one firm in one visit.
struct NotificationSender<'a, H> {
    http: &'a H,
    /// The end of each id, because a store that was set back counts from an earlier number again. Empty if it never was.
    restore: String,
    receiver: Option<&'a Receiver>,
    firm: &'a FirmId,
    window: &'a SendWindow<'a>,
    until: Timestamp,
    left: usize,
    progress: DeliveryProgress,
}

impl<H: Http> NotificationSender<'_, H> {
    /// Sends the messages of the connection. Returns whether all were accepted.
    async fn send_messages(&mut self, messages: &[OutboxMessage]) -> bool {
        for message in messages {
            let id = format!(
                "connection_{}_{}{}",
                self.firm, message.number, self.restore
            );
            let body = serde_json::to_vec(&connection::notification(self.firm, message));
            let body = body.unwrap_or_default();
            if !self.send(Message { id, body }).await {
                return false;
            }
            self.progress.through = message.number;
        }
        true
    }

    /// Sends the notifications of the activity log, from the first entry that is not handled. Returns whether all were accepted.
    async fn send_activity<R: Records>(&mut self, store: &Store<R>) -> Result<bool, StoreError> {
        let mut reader = ActivityReader::of(store, self.firm).await?;
        let count = reader.count();
        if self.receiver.is_none() {
            self.progress.notified_entries = self.progress.notified_entries.max(count as u64);
            return Ok(true);
        }
        let mut position = usize::try_from(self.progress.notified_entries).unwrap_or(usize::MAX);
        while position < count {
            let Some(entry) = reader.entry_at(position).await? else {
                return Ok(false);
            };
            if let Some(notification) = document::notification(self.firm, entry) {
                let id = format!("document_{}_{position}{}", self.firm, self.restore);
                let body = serde_json::to_vec(&notification).unwrap_or_default();
                if !self.send(Message { id, body }).await {
                    return Ok(false);
                }
            } else if (self.window.clock)() >= self.until {
                return Ok(false);
            }
            position += 1;
            self.progress.notified_entries = position as u64;
        }
        Ok(true)
    }

    /// Sends one notification if there is time. Returns whether it was accepted.
    async fn send(&mut self, message: Message) -> bool {
        let Some(receiver) = self.receiver else {
            return true;
        };
        let now = (self.window.clock)();
        if self.left == 0 || now >= self.until {
            return false;
        }
        self.left -= 1;
        let left = CallTimeout(self.window.answers_until.duration_since(now));
        let timeout = left.min(CallTimeout::USUAL);
        let is_accepted = match request(receiver, message, now) {
            None => false,
            Some(request) => self.is_accepted(request, timeout).await,
        };
        self.progress.any |= is_accepted;
        self.progress.refused = !is_accepted;
        is_accepted
    }

    /// Sends one request. Returns whether RIVET accepted it.
    async fn is_accepted(&self, mut request: Request<Bytes>, timeout: CallTimeout) -> bool {
        request.extensions_mut().insert(timeout);
        let answer = self.http.send(request).await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }
}
