//! Intuit's authorization server: consent, codes, tokens, revocation.

mod consent;
mod endpoint;
mod grant;
mod page;
mod permission;
mod revoke;
mod secrets;

pub(crate) use consent::{Authorization, Consent, redirect_url};
pub(crate) use endpoint::answer_token;
pub(crate) use grant::{AuthorizationCode, Oauth, TokenRules};
pub(crate) use page::{consent_page, error_page};
pub(crate) use revoke::answer_revocation;
pub(crate) use secrets::Secrets;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Config;
use crate::call::Call;

/// Returns whether the call carries the app's id and secret as HTTP Basic credentials.
fn is_client(config: &Config, call: &Call) -> bool {
    let expected = STANDARD.encode(format!("{}:{}", config.client_id, config.client_secret));
    call.header("authorization")
        .and_then(|value| value.split_once(' '))
        .is_some_and(|(scheme, given)| scheme.eq_ignore_ascii_case("basic") && given == expected)
}
