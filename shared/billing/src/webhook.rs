//! Signatures of webhooks after [Standard Webhooks](https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
//!
//! A signature is `v1,` and the base64 text of HMAC-SHA256 over `{id}.{timestamp}.{body}`.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use thiserror::Error;

const SECRET_PREFIX: &str = "whsec_";
const VERSION: &str = "v1";
const TOLERANCE_SECONDS: u64 = 5 * 60;

/// Standard Webhooks: a secret has 24–64 bytes.
const MIN_SECRET_BYTES: usize = 24;

/// The secrets that a sender may sign with. The operator sets several while one replaces another.
#[derive(Clone)]
pub struct SigningSecrets(Vec<Vec<u8>>);

/// The text contains no secret, or a malformed one. The error does not quote the text, which may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be `whsec_` and base64 of at least 24 bytes; several are separated by spaces")]
pub struct MalformedSecret;

/// A delivery as received: three headers and the body, byte for byte.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// The header `webhook-id`: the same for all deliveries of one message.
    pub id: &'a str,
    /// The header `webhook-timestamp`: seconds since 1970 as decimal digits.
    pub timestamp: &'a str,
    /// The header `webhook-signature`: signatures with their versions, separated by spaces.
    pub signature: &'a str,
    /// The unparsed body.
    pub body: &'a [u8],
}

/// The reason why a delivery is refused. Callers answer all reasons alike and log the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// The id is empty, or the timestamp has other characters than digits.
    #[error("the webhook headers are malformed")]
    Malformed,
    /// The timestamp is more than five minutes before or after now: a replay or a wrong clock.
    #[error("the webhook timestamp is too far from now")]
    Stale,
    /// None of the signatures was made with one of our secrets.
    #[error("no webhook signature matches")]
    Mismatch,
}

impl SigningSecrets {
    /// Parses secrets separated by white space. The first secret signs, and all secrets verify.
    ///
    /// # Errors
    /// [`MalformedSecret`], also if the text contains no secret.
    pub fn parse(text: &str) -> Result<Self, MalformedSecret> {
        let secrets: Vec<_> = text
            .split_whitespace()
            .map(decode_secret)
            .collect::<Option<_>>()
            .ok_or(MalformedSecret)?;
        if secrets.is_empty() {
            Err(MalformedSecret)
        } else {
            Ok(Self(secrets))
        }
    }
}

impl fmt::Debug for SigningSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({} redacted)", self.0.len())
    }
}

/// Checks that one of `secrets` signed `delivery` within five minutes of `now`. Compares signatures in constant time.
///
/// # Errors
/// [`SignatureError`]
pub fn verify(
    secrets: &SigningSecrets,
    delivery: &Delivery<'_>,
    now: Timestamp,
) -> Result<(), SignatureError> {
    let signed_at = parse_seconds(delivery.timestamp)
        .filter(|_| !delivery.id.is_empty())
        .ok_or(SignatureError::Malformed)?;
    if now.as_second().abs_diff(signed_at) > TOLERANCE_SECONDS {
        return Err(SignatureError::Stale);
    }
    let signatures = || {
        delivery
            .signature
            .split_ascii_whitespace()
            .filter_map(decode_signature)
    };
    let is_signed = secrets
        .0
        .iter()
        .filter_map(|secret| message_mac(secret, delivery.id, delivery.timestamp, delivery.body))
        .any(|mac| signatures().any(|signature| mac.clone().verify_slice(&signature).is_ok()));
    if is_signed {
        Ok(())
    } else {
        Err(SignatureError::Mismatch)
    }
}

/// Returns the `webhook-signature` header of our message. Its `webhook-timestamp` must be `at` in whole seconds.
#[must_use]
pub fn sign(secrets: &SigningSecrets, id: &str, at: Timestamp, body: &[u8]) -> String {
    let timestamp = at.as_second().to_string();
    let mac = secrets
        .0
        .first()
        .and_then(|secret| message_mac(secret, id, &timestamp, body));
    let signature = mac
        .map(|mac| STANDARD.encode(mac.finalize().into_bytes()))
        .unwrap_or_default();
    format!("{VERSION},{signature}")
}

fn decode_secret(text: &str) -> Option<Vec<u8>> {
    let secret = STANDARD.decode(text.strip_prefix(SECRET_PREFIX)?).ok()?;
    (secret.len() >= MIN_SECRET_BYTES).then_some(secret)
}

/// Parses decimal digits. `i64` also parses a sign, which Standard Webhooks does not allow.
fn parse_seconds(text: &str) -> Option<i64> {
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_digits)
}

/// Decodes a signature of our version. Signatures of other versions are skipped: a sender may add them for newer receivers.
fn decode_signature(text: &str) -> Option<Vec<u8>> {
    let (version, signature) = text.split_once(',')?;
    STANDARD
        .decode(signature)
        .ok()
        .filter(|_| version == VERSION)
}

fn message_mac(secret: &[u8], id: &str, timestamp: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let parts = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
    mac_of_parts(secret, &parts)
}

fn mac_of_parts(secret: &[u8], parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    for part in parts {
        mac.update(part);
    }
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vector of most libraries of Standard Webhooks.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const OTHER_SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const VECTOR: Delivery<'_> = Delivery {
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp: "1614265330",
        signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        body: br#"{"test": 2432232314}"#,
    };
    const SIGNED_AT: i64 = 1_614_265_330;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn check(secrets: &str, delivery: &Delivery<'_>) -> Result<(), SignatureError> {
        verify(
            &SigningSecrets::parse(secrets).unwrap(),
            delivery,
            at(SIGNED_AT),
        )
    }

    #[test]
    fn public_vector_verifies_and_is_signed_alike() {
        assert_eq!(check(SECRET, &VECTOR), Ok(()));
        let secrets = SigningSecrets::parse(SECRET).unwrap();
        assert_eq!(
            sign(&secrets, VECTOR.id, at(SIGNED_AT), VECTOR.body),
            VECTOR.signature
        );
    }

    #[test]
    fn vectors_of_rust_library_hold() {
        let now = at(1_649_367_553);
        let signed_so = |signature| Delivery {
            id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            timestamp: "1649367553",
            signature,
            body: br#"{"email":"test@example.com","username":"test_user"}"#,
        };
        let secrets = SigningSecrets::parse(OTHER_SECRET).unwrap();
        let sound = "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=";
        let delivery = signed_so(sound);
        assert_eq!(sign(&secrets, delivery.id, now, delivery.body), sound);
        assert_eq!(verify(&secrets, &delivery, now), Ok(()));
        let others = "v1,tFtCZ5RDCPxzWQRWXWPgrCgE2frDBe9gjpbWQxnVfsQ= v1,Mm7xgUVICxZfQ3bgf0h0Dof65L/IFx+PnZvnDWPCX6Q=";
        let among_others =
            format!("{others} {sound} v1,9DfC1c3eeOrXB6w/5dIDydLNQaEyww5KalE5jLBZucE=");
        assert_eq!(verify(&secrets, &signed_so(&among_others), now), Ok(()));
        let wrong = "v1,R3PTzyfHASBKHH98a7yexTwaJ4yNIcGhFQc1yuN+BPU=";
        for signature in [others, wrong] {
            let refused = verify(&secrets, &signed_so(signature), now);
            assert_eq!(refused, Err(SignatureError::Mismatch), "{signature}");
        }
    }

    #[test]
    fn vectors_of_wycheproof_hold() {
        let bytes = |text: &str| -> Vec<u8> {
            let pairs = (0..text.trim_start_matches('-').len()).step_by(2);
            let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
            pairs.map(byte).collect()
        };
        let vectors = include_str!("../../../tests/fixtures/wycheproof/hmac_sha256.txt");
        let mut believed = 0;
        for vector in vectors.lines().filter(|line| !line.starts_with('#')) {
            let parts: Vec<&str> = vector.split(' ').collect();
            let [number, key, message, tag, result] = parts[..] else {
                panic!("{vector}");
            };
            let (key, message, tag) = (bytes(key), bytes(message), bytes(tag));
            let (head, tail) = message.split_at(message.len() / 3);
            let mac = mac_of_parts(&key, &[head, b"", tail]).unwrap();
            let expected = result == "valid" && tag.len() == 32;
            assert_eq!(mac.verify_slice(&tag).is_ok(), expected, "vector {number}");
            believed += usize::from(expected);
        }
        assert_eq!(believed, 33);
    }

    #[test]
    fn changed_delivery_is_refused() {
        let changed = [
            Delivery {
                body: br#"{"test": 2432232315}"#,
                ..VECTOR
            },
            Delivery {
                body: br#"{"test":2432232314}"#,
                ..VECTOR
            },
            Delivery {
                id: "msg_p5jXN8AQM9LWM0D4loKWxJel",
                ..VECTOR
            },
            Delivery {
                timestamp: "1614265331",
                ..VECTOR
            },
            Delivery {
                timestamp: "01614265330",
                ..VECTOR
            },
            Delivery {
                signature: "v1,h0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                ..VECTOR
            },
        ];
        for delivery in changed {
            assert_eq!(
                check(SECRET, &delivery),
                Err(SignatureError::Mismatch),
                "{delivery:?}"
            );
        }
    }

    #[test]
    fn one_matching_signature_and_secret_is_enough() {
        let list = format!("v1a,c2ln v1,AAAA {} v2,c2ln", VECTOR.signature);
        let delivery = Delivery {
            signature: &list,
            ..VECTOR
        };
        assert_eq!(
            check(&format!(" {OTHER_SECRET}\n{SECRET} "), &delivery),
            Ok(())
        );
        assert_eq!(
            check(OTHER_SECRET, &delivery),
            Err(SignatureError::Mismatch)
        );
    }

    #[test]
    fn malformed_or_foreign_signature_does_not_count() {
        let (_, bare) = VECTOR.signature.split_once(',').unwrap();
        for signature in [
            String::new(),
            "v1,".to_owned(),
            bare.to_owned(),
            format!("v2,{bare}"),
            format!("V1,{bare}"),
            format!("v1, {bare}"),
            VECTOR.signature[..40].to_owned(),
            "v1,g0hM9SsE".to_owned(),
        ] {
            let delivery = Delivery {
                signature: &signature,
                ..VECTOR
            };
            assert_eq!(
                check(SECRET, &delivery),
                Err(SignatureError::Mismatch),
                "{signature}"
            );
        }
    }

    #[test]
    fn clock_difference_of_five_minutes_is_tolerated() {
        let secrets = SigningSecrets::parse(SECRET).unwrap();
        for (shift, expected) in [
            (300, Ok(())),
            (-300, Ok(())),
            (301, Err(SignatureError::Stale)),
            (-301, Err(SignatureError::Stale)),
        ] {
            assert_eq!(
                verify(&secrets, &VECTOR, at(SIGNED_AT + shift)),
                expected,
                "{shift}"
            );
        }
    }

    #[test]
    fn timestamp_other_than_digits_is_malformed() {
        for timestamp in [
            "",
            " 1614265330",
            "+1614265330",
            "-5",
            "1614265330.0",
            "1614265330 ",
            "0x1",
            "99999999999999999999",
            "١",
        ] {
            let delivery = Delivery {
                timestamp,
                ..VECTOR
            };
            assert_eq!(
                check(SECRET, &delivery),
                Err(SignatureError::Malformed),
                "{timestamp}"
            );
        }
        let delivery = Delivery {
            timestamp: "9223372036854775807",
            ..VECTOR
        };
        assert_eq!(check(SECRET, &delivery), Err(SignatureError::Stale));
    }

    #[test]
    fn delivery_without_id_is_malformed() {
        assert_eq!(
            check(SECRET, &Delivery { id: "", ..VECTOR }),
            Err(SignatureError::Malformed)
        );
    }

    #[test]
    fn first_secret_signs() {
        let secrets = SigningSecrets::parse(&format!("{OTHER_SECRET} {SECRET}")).unwrap();
        let signature = sign(&secrets, "m", at(SIGNED_AT), b"{}");
        let delivery = Delivery {
            id: "m",
            signature: &signature,
            body: b"{}",
            ..VECTOR
        };
        assert_eq!(check(OTHER_SECRET, &delivery), Ok(()));
        assert_eq!(check(SECRET, &delivery), Err(SignatureError::Mismatch));
    }

    #[test]
    fn malformed_secrets_are_refused() {
        for text in [
            "",
            " ",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_",
            "whsec_c2hvcnQ=",
            "whsec_@@@@",
            &format!("{SECRET} x"),
        ] {
            assert_eq!(
                SigningSecrets::parse(text).err(),
                Some(MalformedSecret),
                "{text}"
            );
        }
    }

    #[test]
    fn debug_output_hides_secrets() {
        assert_eq!(
            format!("{:?}", SigningSecrets::parse(SECRET).unwrap()),
            "Secrets(1 redacted)"
        );
    }
}
