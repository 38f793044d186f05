//! The generations of a grant: each answer with tokens makes the next one.

use crate::token_endpoint::error::{TokenError, refused};
use jiff::{SignedDuration, Timestamp};
use oauth2::RequestTokenError;
use oauth2::basic::BasicErrorResponse;
use ports::http::HttpError;
use ports::time::after;
use quickbooks::oauth::{TokenAnswer, TokenFailure, TokenResponse};
use store::connection::grant::{Grant, Secret};

/// Returns the tokens of an answer. An answer that lacks a token is unusable, so that no grant is overwritten with half of one.
pub(super) fn complete(
    answer: Result<TokenResponse, RequestTokenError<HttpError, BasicErrorResponse>>,
) -> Result<TokenAnswer, TokenError> {
    let response = answer.map_err(|error| refused(TokenFailure::from(error)))?;
    let incomplete = || TokenError::Unusable("the answer lacks a token".into());
    TokenAnswer::from_response(&response).ok_or_else(incomplete)
}

/// Returns the first generation of a grant.
pub(super) fn first_generation(answer: &TokenAnswer, now: Timestamp) -> Grant {
    let in_seconds = |seconds: u64| {
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        after(now, SignedDuration::from_secs(seconds))
    };
    Grant {
        generation: 1,
        access_token: Secret(answer.access_token.secret().clone()),
        access_expires_at: in_seconds(answer.expires_in_seconds),
        refresh_token: Secret(answer.refresh_token.secret().clone()),
        previous_refresh_token: None,
        refresh_expires_at: in_seconds(answer.refresh_expires_in_seconds),
        hard_expires_at: answer.hard_expires_in_seconds.map(in_seconds),
        warned: None,
    }
}

/// Returns the generation after `old`, of which `token` was used.
pub(super) fn next_generation(old: &Grant, token: &Secret, answered: Grant) -> Grant {
    let hard_expires_at = answered.hard_expires_at.or(old.hard_expires_at);
    Grant {
        generation: old.generation + 1,
        previous_refresh_token: Some(token.clone()),
        hard_expires_at,
        // Each refresh moves a rolling end on, and so its warnings start again.
        warned: old.warned.filter(|_| hard_expires_at.is_some()),
        ..answered
    }
}
