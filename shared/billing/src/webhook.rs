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
    let parts = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
    mac_over(secret, &parts)
}

fn mac_over(secret: &[u8], parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    for part in parts {
        mac.update(part);
    }
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vector that most of Standard Webhooks' own libraries share.
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
        verify(&Secrets::parse(secrets).unwrap(), delivery, at(SIGNED_AT))
    }

    #[test]
    fn the_public_test_vector_verifies_and_is_what_we_sign() {
        assert_eq!(check(SECRET, &VECTOR), Ok(()));
        let secrets = Secrets::parse(SECRET).unwrap();
        assert_eq!(
            sign(&secrets, VECTOR.id, at(SIGNED_AT), VECTOR.body),
            VECTOR.signature
        );
    }

    #[test]
    fn the_vectors_of_the_rust_library_hold() {
        let now = at(1_649_367_553);
        let signed_so = |signature| Delivery {
            id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            timestamp: "1649367553",
            signature,
            body: br#"{"email":"test@example.com","username":"test_user"}"#,
        };
        let secrets = Secrets::parse(OTHER_SECRET).unwrap();
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
    fn the_vectors_of_wycheproof_hold() {
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
            let mac = mac_over(&key, &[head, b"", tail]).unwrap();
            let expected = result == "valid" && tag.len() == 32;
            assert_eq!(mac.verify_slice(&tag).is_ok(), expected, "vector {number}");
            believed += usize::from(expected);
        }
        assert_eq!(believed, 33);
    }

    #[test]
    fn a_change_anywhere_breaks_the_signature() {
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
    fn any_signature_of_the_list_and_any_secret_will_do() {
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
    fn signatures_that_are_cut_unversioned_or_of_another_version_do_not_count() {
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
    fn five_minutes_either_way_are_tolerated() {
        let secrets = Secrets::parse(SECRET).unwrap();
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
    fn a_timestamp_is_plain_digits() {
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
    fn a_delivery_without_an_id_is_malformed() {
        assert_eq!(
            check(SECRET, &Delivery { id: "", ..VECTOR }),
            Err(SignatureError::Malformed)
        );
    }

    #[test]
    fn the_first_secret_signs() {
        let secrets = Secrets::parse(&format!("{OTHER_SECRET} {SECRET}")).unwrap();
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
            assert_eq!(Secrets::parse(text).err(), Some(MalformedSecret), "{text}");
        }
    }

    #[test]
    fn secrets_do_not_show_in_debug_output() {
        assert_eq!(
            format!("{:?}", Secrets::parse(SECRET).unwrap()),
            "Secrets(1 redacted)"
        );
    }
}
