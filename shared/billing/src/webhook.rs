//! Signatures of webhooks, as [Standard Webhooks](https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md)
//! has them: HMAC-SHA256 over `{id}.{timestamp}.{body}`, base64, with a version in front.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use thiserror::Error;

const PREFIX: &str = "whsec_";
const VERSION: &str = "v1";
const TOLERANCE_SECONDS: u64 = 5 * 60;

/// The specification recommends 24–64 bytes; below 16 a secret can be guessed.
const MIN_SECRET_BYTES: usize = 16;

/// The secrets that a sender may sign with at this time: one, or several while one is being replaced.
#[derive(Clone)]
pub struct Secrets(Vec<Vec<u8>>);

/// The text holds no secret, or one that is malformed. Says nothing about it, as it may be a secret after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be `whsec_` and base64 of at least 16 bytes; several are separated by spaces")]
pub struct MalformedSecret;

/// One delivery as it came in: three headers and the body, byte for byte.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// `webhook-id`
    pub id: &'a str,
    /// `webhook-timestamp`
    pub timestamp: &'a str,
    /// `webhook-signature`: signatures with their versions, separated by spaces.
    pub signature: &'a str,
    /// The body, before anybody parsed it.
    pub body: &'a [u8],
}

/// Why a delivery is not believed. Callers answer all alike; the difference is for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// The id is empty or the timestamp is not plain digits.
    #[error("the webhook headers are malformed")]
    Malformed,
    /// Signed more than five minutes before or after now: a replay, or a clock that is wrong.
    #[error("the webhook timestamp is too far from now")]
    Stale,
    /// None of the signatures was made with a secret of ours.
    #[error("no webhook signature matches")]
    Mismatch,
}

impl Secrets {
    /// Reads secrets separated by white space. The first one signs, all verify.
    ///
    /// # Errors
    /// [`MalformedSecret`], also if there is none.
    pub fn parse(text: &str) -> Result<Self, MalformedSecret> {
        let secrets: Vec<_> = text
            .split_whitespace()
            .map(decode)
            .collect::<Option<_>>()
            .ok_or(MalformedSecret)?;
        if secrets.is_empty() {
            Err(MalformedSecret)
        } else {
            Ok(Self(secrets))
        }
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({} redacted)", self.0.len())
    }
}

/// Believes `delivery` if one of its signatures was made with one of `secrets` within five minutes of `now`.
///
/// # Errors
/// [`SignatureError`]
pub fn verify(
    secrets: &Secrets,
    delivery: &Delivery<'_>,
    now: Timestamp,
) -> Result<(), SignatureError> {
    let signed_at = seconds(delivery.timestamp)
        .filter(|_| !delivery.id.is_empty())
        .ok_or(SignatureError::Malformed)?;
    if now.as_second().abs_diff(signed_at) > TOLERANCE_SECONDS {
        return Err(SignatureError::Stale);
    }
    let signatures = || {
        delivery
            .signature
            .split_ascii_whitespace()
            .filter_map(signature)
    };
    let matches = secrets
        .0
        .iter()
        .filter_map(|secret| mac(secret, delivery.id, delivery.timestamp, delivery.body))
        .any(|mac| signatures().any(|signature| mac.clone().verify_slice(&signature).is_ok()));
    if matches {
        Ok(())
    } else {
        Err(SignatureError::Mismatch)
    }
}

/// The `webhook-signature` header for a message of ours; its `webhook-timestamp` is `at` in whole seconds.
#[must_use]
pub fn sign(secrets: &Secrets, id: &str, at: Timestamp, body: &[u8]) -> String {
    let timestamp = at.as_second().to_string();
    let signing = secrets
        .0
        .first()
        .and_then(|secret| mac(secret, id, &timestamp, body));
    let signature = signing
        .map(|mac| STANDARD.encode(mac.finalize().into_bytes()))
        .unwrap_or_default();
    format!("{VERSION},{signature}")
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let secret = STANDARD.decode(text.strip_prefix(PREFIX)?).ok()?;
    (secret.len() >= MIN_SECRET_BYTES).then_some(secret)
}

fn seconds(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// Other versions are skipped, not refused: the header may carry one for newer receivers beside ours.
fn signature(text: &str) -> Option<Vec<u8>> {
    let (version, signature) = text.split_once(',')?;
    STANDARD
        .decode(signature)
        .ok()
        .filter(|_| version == VERSION)
}

fn mac(secret: &[u8], id: &str, timestamp: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        mac.update(part);
    }
    Some(mac)
}
