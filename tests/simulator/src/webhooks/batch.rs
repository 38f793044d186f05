use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use jiff::{SignedDuration, Timestamp};

use super::signature;

/// Intuit: an attempt without an answer within three seconds has failed.
pub(super) const ANSWER_TIMEOUT: SignedDuration = SignedDuration::from_secs(3);

/// Events that are delivered together. A batch lives until an attempt is accepted or the attempts end.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    pub(super) body: Bytes,
    pub(super) media_type: &'static str,
    pub(super) event_count: usize,
    pub(super) trace_id: String,
    pub(super) created_at: Timestamp,
    pub(super) state: BatchState,
    pub(super) failures: usize,
    /// Marks a batch that was accepted before and is sent once more.
    pub(super) is_repetition: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BatchState {
    /// The next attempt is due at the given time.
    Due(Timestamp),
    /// An attempt waits for its answer.
    InFlight { attempt: u64, sent_at: Timestamp },
}

impl Batch {
    /// Returns the time of the next step: an attempt, or the timeout of the present attempt.
    pub(super) fn next_step_at(&self) -> Timestamp {
        match self.state {
            BatchState::Due(at) => at,
            BatchState::InFlight { sent_at, .. } => sent_at + ANSWER_TIMEOUT,
        }
    }

    pub(super) fn is_in_flight(&self) -> bool {
        matches!(self.state, BatchState::InFlight { .. })
    }

    /// Returns whether later batches have to wait. A repetition blocks nothing until its first attempt.
    pub(super) fn is_blocking(&self) -> bool {
        !self.is_repetition || self.failures > 0 || self.is_in_flight()
    }

    /// Returns the headers of an attempt, with the signature of the body under the verifier token.
    pub(super) fn headers(&self, verifier_token: &str) -> HeaderMap {
        let created_at = self
            .created_at
            .strftime("%Y-%m-%dT%H:%M:%S%.3fZ")
            .to_string();
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        let agent = HeaderValue::from_static("intuit_notification_server/0.1");
        headers.insert(USER_AGENT, agent);
        for (name, value) in [
            ("intuit-notification-schema-version", "0.1"),
            ("intuit-created-time", &created_at),
            ("intuit-t-id", &self.trace_id),
            (
                "intuit-signature",
                &signature::sign(verifier_token, &self.body),
            ),
        ] {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        headers
    }
}
