//! Parsers of the variables' texts. No error quotes a value, since the value may be a secret.

mod postgres;
mod secret;
mod url;

pub(super) use postgres::{certificates, postgres_url};
pub(super) use secret::{
    bearer_secret, session_keys, token_keys, verifier_tokens, webhook_secrets,
};
pub(super) use url::{base, is_https, notify_origin, origin, origin_of, page, page_url};

/// Accepts any text.
pub(super) fn text(value: &str) -> Result<String, &'static str> {
    Ok(value.to_owned())
}
