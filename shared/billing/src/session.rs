//! Session tokens of RIVET's users: JSON Web Tokens (RFC 7519) that are signed with HS256.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::de::{DeserializeOwned, Error, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Number;
use sha2::Sha256;

use crate::id::{FirmId, Id};
use crate::subscription_plan::SubscriptionPlan;
use crate::{text, wire};

const ISSUER: &str = "rivet";
const AUDIENCE: &str = "rivet-books";
const LEEWAY_SECONDS: i64 = 60;

/// The longest life of a session. RIVET's last an hour; a stolen one must not work for ever.
const MAX_LIFETIME_SECONDS: i64 = 24 * 60 * 60;

/// RFC 7518 section 3.2: a key for HS256 has at least the 256 bits of the hash.
const MIN_KEY_BYTES: usize = 32;

/// The role of a user in a firm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May do everything.
    Owner,
    /// May do everything that concerns the books.
    Manager,
    /// May look and change nothing.
    Staff,
    /// May look and change nothing.
    Viewer,
}

/// A user's session, as RIVET states it in the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The user's id.
    pub user: Id,
    /// The firm that the user acts for.
    pub firm: FirmId,
    /// The user's role in the firm.
    pub role: Role,
    /// The plan that the firm pays for.
    pub plan: SubscriptionPlan,
    /// The user's name, if RIVET states it.
    pub name: Option<String>,
}

/// The reason why a token opens no session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// The token was valid and has expired. Signing in again helps.
    #[error("the session has expired")]
    Expired,
    /// The token is valid for longer than 24 hours.
    #[error("the session is valid for longer than 24 hours")]
    TooLong,
    /// The token is malformed, not signed with our keys, not for us, or not valid yet.
    #[error("the session token is not valid")]
    Invalid,
    /// The deployment has no session key, or one with fewer than 32 bytes.
    #[error("session keys must have at least 32 bytes")]
    WeakKey,
}

/// Returns the session of `token`, which one of `keys` must have signed. Clocks may differ by 60 seconds.
///
/// A token is valid for 24 hours at most: from `iat` to `exp`, and from now to `exp`.
///
/// The algorithm is fixed to HS256, and the token's header must agree (RFC 8725 section 3.1). Header members that point to keys,
/// such as `kid` and `jku`, are ignored.
///
/// # Errors
/// [`SessionError`]
pub fn verify(token: &str, keys: &[&[u8]], now: Timestamp) -> Result<Session, SessionError> {
    if keys.is_empty() || keys.iter().any(|key| key.len() < MIN_KEY_BYTES) {
        return Err(SessionError::WeakKey);
    }
    let claims = verified_claims(token, keys).ok_or(SessionError::Invalid)?;
    claims.check_times(now.as_second())?;
    claims.into_session().ok_or(SessionError::Invalid)
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    crit: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audiences,
    #[serde(deserialize_with = "numeric_date")]
    exp: i64,
    #[serde(default, deserialize_with = "optional_numeric_date")]
    nbf: Option<i64>,
    #[serde(default, deserialize_with = "optional_numeric_date")]
    iat: Option<i64>,
    sub: Id,
    firm: FirmId,
    role: Role,
    plan: SubscriptionPlan,
    #[serde(default, deserialize_with = "text::optional::<_, 500>")]
    name: Option<String>,
}

/// The `aud` claim. RFC 7519 section 4.1.3 allows one audience or several.
struct Audiences(Vec<String>);

impl<'de> Deserialize<'de> for Audiences {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AudiencesVisitor)
    }
}

struct AudiencesVisitor;

impl<'de> Visitor<'de> for AudiencesVisitor {
    type Value = Audiences;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one audience or several")
    }

    fn visit_str<E: Error>(self, audience: &str) -> Result<Audiences, E> {
        Ok(Audiences(vec![audience.to_owned()]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rest: A) -> Result<Audiences, A::Error> {
        let mut audiences = Vec::new();
        while let Some(audience) = rest.next_element()? {
            audiences.push(audience);
        }
        Ok(Audiences(audiences))
    }
}

/// Returns the claims if one of `keys` signed them (RFC 7515 section 5.2). No claim is read before the signature is checked.
fn verified_claims(token: &str, keys: &[&[u8]]) -> Option<Claims> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let Header { alg, crit } = decode_json(header)?;
    // RFC 7515 section 4.1.11: a critical extension that we do not support must be refused, and we support none.
    if alg != "HS256" || crit.is_some() {
        return None;
    }
    let is_signed = keys
        .iter()
        .any(|key| is_signature_of(key, signed, &signature));
    if is_signed { decode_json(claims) } else { None }
}

/// Returns whether `signature` is that of `key` over `signed`. Compares in constant time.
fn is_signature_of(key: &[u8], signed: &str, signature: &[u8]) -> bool {
    let mac = Hmac::<Sha256>::new_from_slice(key).map(|mac| mac.chain_update(signed));
    mac.is_ok_and(|mac| mac.verify_slice(signature).is_ok())
}

/// Reads one base64url part of a token as JSON.
fn decode_json<T: DeserializeOwned>(part: &str) -> Option<T> {
    let decoded = URL_SAFE_NO_PAD.decode(part).ok()?;
    json::read(&wire::json(&decoded).ok()?).ok()
}

/// Reads a `NumericDate` (RFC 7519 section 2) in whole seconds. The number may have a fraction, and must lie within the calendar,
/// so that adding the leeway cannot overflow.
fn numeric_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    // `Number` accepts only numbers. `Decimal` would also accept a text.
    let number = Number::deserialize(deserializer)?;
    let number =
        Decimal::from_str(number.as_str()).or_else(|_| Decimal::from_scientific(number.as_str()));
    let seconds = number
        .ok()
        .and_then(|number| number.trunc().to_i64())
        .filter(|seconds| Timestamp::from_second(*seconds).is_ok());
    seconds.ok_or_else(|| D::Error::custom("must be a time in seconds"))
}

fn optional_numeric_date<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<i64>, D::Error> {
    numeric_date(deserializer).map(Some)
}

impl Claims {
    fn check_times(&self, now_seconds: i64) -> Result<(), SessionError> {
        let starts_at = [self.nbf, self.iat].into_iter().flatten().max();
        if starts_at.is_some_and(|starts_at| starts_at > now_seconds + LEEWAY_SECONDS) {
            return Err(SessionError::Invalid);
        }
        if now_seconds >= self.exp + LEEWAY_SECONDS {
            return Err(SessionError::Expired);
        }
        let latest = now_seconds + LEEWAY_SECONDS;
        if self.exp - self.iat.unwrap_or(latest) > MAX_LIFETIME_SECONDS {
            Err(SessionError::TooLong)
        } else {
            Ok(())
        }
    }

    /// Returns the session if RIVET issued the token for us.
    fn into_session(self) -> Option<Session> {
        let Audiences(audiences) = &self.aud;
        let is_for_us = audiences.iter().any(|audience| audience == AUDIENCE);
        (is_for_us && self.iss == ISSUER).then_some(Session {
            user: self.sub,
            firm: self.firm,
            role: self.role,
            plan: self.plan,
            name: self.name,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";
    const OTHER_KEY: &[u8] = b"fedcba9876543210fedcba9876543210";
    const NOW: i64 = 1_772_463_845;

    /// Signs without the code under test.
    fn token(header: &Value, claims: &Value, key: &[u8]) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(signed.as_bytes());
        format!(
            "{signed}.{}",
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        )
    }

    fn claims() -> Value {
        json!({"iss": "rivet", "aud": "rivet-books", "exp": NOW + 300, "iat": NOW, "sub": "usr_17",
               "firm": "firm_harbor", "role": "manager", "plan": "pro", "name": "Dana O'Neil"})
    }

    fn with(name: &str, value: Value) -> Value {
        let mut claims = claims();
        claims[name] = value;
        claims
    }

    fn without(name: &str) -> Value {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        claims
    }

    fn open(claims: &Value) -> Result<Session, SessionError> {
        check(&token(&json!({"alg": "HS256", "typ": "JWT"}), claims, KEY))
    }

    fn check(token: &str) -> Result<Session, SessionError> {
        verify(token, &[KEY], Timestamp::from_second(NOW).unwrap())
    }

    #[test]
    fn valid_token_opens_its_session() {
        let session = open(&claims()).unwrap();
        assert_eq!(
            (session.user.as_ref(), session.firm.as_ref()),
            ("usr_17", "firm_harbor")
        );
        assert_eq!(
            (session.role, session.plan),
            (Role::Manager, SubscriptionPlan::Pro)
        );
        assert_eq!(session.name.as_deref(), Some("Dana O'Neil"));
    }

    #[test]
    fn unknown_and_optional_claims_may_vary() {
        assert!(open(&with("ver", json!(2.5))).is_ok());
        assert!(open(&without("name")).is_ok());
        assert!(open(&without("iat")).is_ok());
        assert!(open(&with("aud", json!(["rivet-web", "rivet-books"]))).is_ok());
    }

    #[test]
    fn wrong_or_missing_claim_is_refused() {
        let wrong = [
            with("iss", json!("rivet.example")),
            with("aud", json!("rivet-web")),
            with("aud", json!([])),
            with("aud", json!(["rivet-web"])),
            with("sub", json!("usr 17")),
            with("firm", json!("")),
            with("firm", json!(["firm_harbor"])),
            with("role", json!("admin")),
            with("role", json!("Owner")),
            with("plan", json!("free")),
            with("exp", json!("never")),
            with("exp", json!((NOW + 300).to_string())),
            with("exp", json!(null)),
            with("nbf", json!(NOW + 61)),
            with("iat", json!(NOW + 61)),
        ];
        for claims in wrong {
            assert_eq!(open(&claims), Err(SessionError::Invalid), "{claims}");
        }
        for name in ["iss", "aud", "sub", "firm", "role", "plan", "exp"] {
            assert_eq!(open(&without(name)), Err(SessionError::Invalid), "{name}");
        }
    }

    #[test]
    fn clock_difference_up_to_a_minute_is_tolerated() {
        assert!(open(&with("exp", json!(NOW - 59))).is_ok());
        assert_eq!(
            open(&with("exp", json!(NOW - 60))),
            Err(SessionError::Expired)
        );
        assert!(open(&with("nbf", json!(NOW + 60))).is_ok());
        assert!(open(&with("iat", json!(NOW + 60))).is_ok());
    }

    #[test]
    fn session_over_a_day_is_refused() {
        let lasting = |from: i64, to: i64| {
            let mut claims = with("exp", json!(NOW + to));
            claims["iat"] = json!(NOW + from);
            open(&claims)
        };
        let day = 24 * 60 * 60;
        assert!(lasting(0, day).is_ok());
        assert!(lasting(60, day + 60).is_ok());
        assert_eq!(lasting(0, day + 1), Err(SessionError::TooLong));
        assert!(lasting(300 - day, 300).is_ok());
        assert_eq!(lasting(299 - day, 300), Err(SessionError::TooLong));
        let without_start = |to: i64| {
            let mut claims = without("iat");
            claims["exp"] = json!(NOW + to);
            open(&claims)
        };
        assert!(without_start(day + 60).is_ok());
        assert_eq!(without_start(day + 61), Err(SessionError::TooLong));
    }

    #[test]
    fn extreme_expiry_is_refused_without_panic() {
        for time in [i64::MAX, i64::MIN, 0, -1] {
            assert!(open(&with("exp", json!(time))).is_err());
        }
        for time in [1e20, -1e20, 1e300] {
            assert!(open(&with("exp", json!(time))).is_err());
        }
    }

    #[test]
    fn time_with_fraction_is_accepted() {
        assert!(open(&with("exp", json!(NOW as f64 - 58.5))).is_ok());
        assert!(open(&with("nbf", json!(NOW as f64 + 60.5))).is_ok());
    }

    #[test]
    fn algorithm_other_than_hs256_is_refused() {
        for algorithm in ["none", "None", "HS384", "HS512", "RS256", "hs256", ""] {
            let token = token(&json!({"alg": algorithm}), &claims(), KEY);
            assert_eq!(check(&token), Err(SessionError::Invalid), "{algorithm}");
        }
        let unsigned = token(&json!({"alg": "none"}), &claims(), KEY);
        let (unsigned, _) = unsigned.rsplit_once('.').unwrap();
        assert_eq!(check(&format!("{unsigned}.")), Err(SessionError::Invalid));
    }

    #[test]
    fn header_that_points_to_keys_is_ignored() {
        let header =
            json!({"alg": "HS256", "kid": "../../dev/null", "jku": "https://evil.example/keys"});
        assert!(check(&token(&header, &claims(), KEY)).is_ok());
        assert_eq!(
            check(&token(&header, &claims(), OTHER_KEY)),
            Err(SessionError::Invalid)
        );
    }

    #[test]
    fn critical_extension_is_refused() {
        for crit in [json!(["b64"]), json!([]), json!("exp")] {
            let token = token(
                &json!({"alg": "HS256", "crit": crit, "b64": false}),
                &claims(),
                KEY,
            );
            assert_eq!(check(&token), Err(SessionError::Invalid));
        }
    }

    #[test]
    fn rotated_keys_both_open_sessions() {
        let now = Timestamp::from_second(NOW).unwrap();
        let token = token(&json!({"alg": "HS256"}), &claims(), OTHER_KEY);
        assert!(verify(&token, &[KEY, OTHER_KEY], now).is_ok());
        assert_eq!(verify(&token, &[KEY], now), Err(SessionError::Invalid));
    }

    #[test]
    fn missing_or_short_key_is_weak_key() {
        let token = token(&json!({"alg": "HS256"}), &claims(), KEY);
        for keys in [&[][..], &[&KEY[..31]], &[KEY, b""]] {
            assert_eq!(
                verify(&token, keys, Timestamp::UNIX_EPOCH),
                Err(SessionError::WeakKey)
            );
        }
    }

    #[test]
    fn malformed_token_is_refused_without_panic() {
        let sound = token(&json!({"alg": "HS256"}), &claims(), KEY);
        let cut: Vec<_> = (0..sound.len()).map(|end| &sound[..end]).collect();
        let other = [
            "",
            ".",
            "..",
            "...",
            "a.b.c",
            "🙂.🙂.🙂",
            "e30.e30.",
            "Bearer x",
        ];
        for text in cut.into_iter().chain(other) {
            assert_eq!(check(text), Err(SessionError::Invalid), "{text}");
        }
        assert_eq!(check(&format!("{sound}=")), Err(SessionError::Invalid));
    }
}
