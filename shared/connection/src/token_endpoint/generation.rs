//! The generations of a grant: each answer with tokens makes the next one.

use crate::token_endpoint::error::TokenError;
use jiff::{SignedDuration, Timestamp};
use oauth2::{AccessToken, RefreshToken};
use ports::time::after;
use quickbooks::oauth::TokenAnswer;
use store::connection::grant::{Grant, Secret};

/// Returns the first generation of a grant.
///
/// # Errors
/// [`TokenError::Unusable`] if the answer lacks a token: a sign-in needs both, and the person can simply repeat it.
pub(super) fn first_generation(answer: &TokenAnswer, now: Timestamp) -> Result<Grant, TokenError> {
    let tokens = access_token(answer).zip(answer.refresh_token.as_ref());
    let lacks_token = || TokenError::Unusable("the answer lacks a token".into());
    let (access_token, refresh_token) = tokens.ok_or_else(lacks_token)?;
    Ok(Grant {
        generation: 1,
        access_token,
        access_expires_at: access_expires_at(answer, now),
        refresh_token: secret(refresh_token),
        previous_refresh_token: None,
        refresh_expires_at: in_seconds(answer.refresh_expires_in_seconds, now),
        hard_expires_at: hard_expires_at(answer, now),
        warned: None,
    })
}

/// Returns the generation after `old`, of which `token` was used. A token that the answer lacks stays as it was: an old access token is
/// due at once, and an old refresh token goes on (RFC 6749 section 6).
pub(super) fn next_generation(
    old: &Grant,
    token: &Secret,
    answer: &TokenAnswer,
    now: Timestamp,
) -> Grant {
    let hard_expires_at = hard_expires_at(answer, now).or(old.hard_expires_at);
    let kept = Grant {
        generation: old.generation + 1,
        access_token: access_token(answer).unwrap_or(old.access_token.clone()),
        access_expires_at: access_expires_at(answer, now),
        refresh_token: token.clone(),
        refresh_expires_at: in_seconds(answer.refresh_expires_in_seconds, now),
        hard_expires_at,
        // Each refresh moves a rolling end on, and so its warnings start again.
        warned: old.warned.filter(|_| hard_expires_at.is_some()),
        previous_refresh_token: old.previous_refresh_token.clone(),
    };
    match &answer.refresh_token {
        Some(issued) => Grant {
            refresh_token: secret(issued),
            previous_refresh_token: Some(token.clone()),
            ..kept
        },
        None => kept,
    }
}

fn access_token(answer: &TokenAnswer) -> Option<Secret> {
    let token: Option<&AccessToken> = answer.access_token.as_ref();
    token.map(|token| Secret(token.secret().clone()))
}

fn secret(token: &RefreshToken) -> Secret {
    Secret(token.secret().clone())
}

/// Returns the end of the access token. Without a new one, the next call refreshes again.
fn access_expires_at(answer: &TokenAnswer, now: Timestamp) -> Timestamp {
    match answer.access_token {
        Some(_) => in_seconds(answer.expires_in_seconds, now),
        None => now,
    }
}

fn hard_expires_at(answer: &TokenAnswer, now: Timestamp) -> Option<Timestamp> {
    let seconds = answer.hard_expires_in_seconds;
    seconds.map(|seconds| in_seconds(seconds, now))
}

fn in_seconds(seconds: u64, now: Timestamp) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    after(now, SignedDuration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::Response;

    fn answer(body: &'static str) -> TokenAnswer {
        TokenAnswer::of(&Response::new(Bytes::from_static(body.as_bytes()))).unwrap()
    }

    fn old() -> Grant {
        let body = r#"{"access_token":"A1","refresh_token":"R1"}"#;
        let first = first_generation(&answer(body), Timestamp::UNIX_EPOCH).unwrap();
        Grant {
            previous_refresh_token: Some(Secret("R0".into())),
            ..first
        }
    }

    fn next(body: &'static str) -> Grant {
        let token = Secret("R1".into());
        next_generation(&old(), &token, &answer(body), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn issued_refresh_token_is_kept_without_access_token() {
        let grant = next(r#"{"refresh_token":"R2","expires_in":3600}"#);
        assert_eq!((grant.generation, &*grant.refresh_token.0), (2, "R2"));
        assert_eq!(grant.previous_refresh_token, Some(Secret("R1".into())));
        assert_eq!(grant.access_expires_at, Timestamp::UNIX_EPOCH);
    }

    #[test]
    fn missing_refresh_token_keeps_the_used_one() {
        let grant = next(r#"{"access_token":"A2","expires_in":"3600"}"#);
        assert_eq!(
            (&*grant.access_token.0, &*grant.refresh_token.0),
            ("A2", "R1")
        );
        assert_eq!(grant.previous_refresh_token, Some(Secret("R0".into())));
        assert_eq!(grant.access_expires_at.as_second(), 3600);
    }
}
