use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use jiff::{SignedDuration, Timestamp};

use super::signature;

/// Whoever has not answered by then has not answered.
pub(super) const PATIENCE: SignedDuration = SignedDuration::from_secs(3);

/// Events on their way together, however many attempts it takes.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    pub(super) body: Bytes,
    pub(super) media_type: &'static str,
    pub(super) events: usize,
    pub(super) trace: String,
    pub(super) created: Timestamp,
    pub(super) state: State,
    pub(super) failures: usize,
    /// It was accepted before.
    pub(super) again: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The next attempt is at this time.
    Due(Timestamp),
    /// An attempt waits for its answer.
    Out { attempt: u64, since: Timestamp },
}

impl Parcel {
    /// When something has to happen to it: an attempt, or the end of the patience with one.
    pub(super) fn next(&self) -> Timestamp {
        match self.state {
            State::Due(at) => at,
            State::Out { since, .. } => since + PATIENCE,
        }
    }

    pub(super) fn is_out(&self) -> bool {
        matches!(self.state, State::Out { .. })
    }

    /// Whether what comes after it has to wait. What was accepted once holds nothing back until it goes again.
    pub(super) fn holds_the_line(&self) -> bool {
        !self.again || self.failures > 0 || self.is_out()
    }

    pub(super) fn headers(&self, verifier_token: &str) -> HeaderMap {
        let created = self.created.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        let agent = HeaderValue::from_static("intuit_notification_server/0.1");
        headers.insert(USER_AGENT, agent);
        for (name, value) in [
            ("intuit-notification-schema-version", "0.1"),
            ("intuit-created-time", &created),
            ("intuit-t-id", &self.trace),
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
