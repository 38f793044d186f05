//! Session tokens of RIVET's users: JSON Web Tokens (RFC 7519) signed with HS256 and nothing else.

use jiff::Timestamp;
use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{AlgorithmExt, Claims, UntrustedToken};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{FirmId, Id, Plan, text};

const ISSUER: &str = "rivet";
const AUDIENCE: &str = "rivet-books";
const LEEWAY_SECONDS: i64 = 60;

/// RFC 7518 §3.2: a key for HS256 has at least the 256 bits of its hash.
const MIN_KEY_BYTES: usize = 32;

/// What a person may do in a firm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Owner,
    /// Everything that concerns the books.
    Manager,
    /// Look.
    Staff,
    /// Look.
    Viewer,
}

/// A person of a firm, as RIVET vouches for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub user: Id,
    /// In which firm.
    pub firm: FirmId,
    /// What they may do there.
    pub role: Role,
    /// The plan that the firm pays for.
    pub plan: Plan,
    /// Their name, for histories.
    pub name: Option<String>,
}

/// Why a token does not open a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SessionError {
    /// It was sound once; signing in again helps.
    #[error("the session has expired")]
    Expired,
    /// It is not a token of ours for us, or not yet.
    #[error("the session token is not valid")]
    Invalid,
    /// Our own configuration: there is no key, or one with fewer than 32 bytes.
    #[error("session keys must have at least 32 bytes")]
    WeakKey,
}

/// Opens the session of `token`, signed with any of `keys`. Clocks may differ by a minute.
///
/// The algorithm is ours to choose: the token's header only has to agree (RFC 8725 §3.1), and its `kid`, `jku` and
/// the like are never followed.
///
/// # Errors
/// [`SessionError`]
pub fn verify(token: &str, keys: &[&[u8]], now: Timestamp) -> Result<Session, SessionError> {
    if keys.is_empty() || keys.iter().any(|key| key.len() < MIN_KEY_BYTES) {
        return Err(SessionError::WeakKey);
    }
    let token = UntrustedToken::<Extensions>::try_from(token).map_err(|_| SessionError::Invalid)?;
    // RFC 7515 §4.1.11: whoever does not understand every critical extension must refuse, and we understand none.
    if token.header().other_fields.crit.is_some() {
        return Err(SessionError::Invalid);
    }
    let claims = keys
        .iter()
        .find_map(|key| open(&token, key))
        .ok_or(SessionError::Invalid)?;
    check_times(&claims, now)?;
    claims.custom.session().ok_or(SessionError::Invalid)
}

#[derive(Clone, Default, Deserialize)]
struct Extensions {
    crit: Option<IgnoredAny>,
}

#[derive(Clone, Deserialize)]
struct Vouched {
    iss: String,
    aud: Audience,
    sub: Id,
    firm: FirmId,
    role: Role,
    plan: Plan,
    #[serde(default, deserialize_with = "text::optional::<_, 500>")]
    name: Option<String>,
}

/// RFC 7519 §4.1.3 allows one audience or several.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

fn open(token: &UntrustedToken<'_, Extensions>, key: &[u8]) -> Option<Claims<Vouched>> {
    let validated = Hs256
        .validator::<Vouched>(&Hs256Key::new(key))
        .validate(token)
        .ok()?;
    Some(validated.into_parts().1)
}

fn check_times(claims: &Claims<Vouched>, now: Timestamp) -> Result<(), SessionError> {
    let now = now.as_second();
    let expires = claims.expiration.ok_or(SessionError::Invalid)?.timestamp();
    let starts = [claims.not_before, claims.issued_at]
        .into_iter()
        .flatten()
        .map(|time| time.timestamp())
        .max();
    if starts.is_some_and(|starts| starts > now + LEEWAY_SECONDS) {
        return Err(SessionError::Invalid);
    }
    if now >= expires.saturating_add(LEEWAY_SECONDS) {
        Err(SessionError::Expired)
    } else {
        Ok(())
    }
}

impl Vouched {
    fn session(self) -> Option<Session> {
        let for_us = match &self.aud {
            Audience::One(audience) => audience == AUDIENCE,
            Audience::Several(audiences) => audiences.iter().any(|audience| audience == AUDIENCE),
        };
        (for_us && self.iss == ISSUER).then_some(Session {
            user: self.sub,
            firm: self.firm,
            role: self.role,
            plan: self.plan,
            name: self.name,
        })
    }
}
