//! The deployment's variables, each read and checked where it is used.
//!
//! A component is granted only what it uses, so nothing here reads them all at once. An error names the variable, never its value.

mod parse;

use crate::problem::Problem;
use crate::runtime;
use crate::store::Keyring;
use billing::webhook::Secrets;
use bridge::notify::Receiver;
use oauth2::{ClientId, ClientSecret};
use quickbooks::oauth::{App, SignIn};
use quickbooks::webhook::VerifierTokens;

/// A variable that is missing or malformed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("variable {variable} {problem}")]
pub struct Misconfigured {
    /// Its name.
    pub variable: &'static str,
    /// What is wrong with it, without its value.
    pub problem: &'static str,
}

impl From<Misconfigured> for Problem {
    fn from(error: Misconfigured) -> Self {
        Self::misconfigured(error.variable, error.problem)
    }
}

/// Where these functions are reached, without a trailing slash.
///
/// # Errors
/// If `public_url` is missing or not a URL.
pub async fn public_url() -> Result<String, Misconfigured> {
    required("public_url", parse::base).await
}

/// The page in RIVET that the browser returns to.
///
/// # Errors
/// If `rivet_app_url` is missing or not a URL.
pub async fn rivet_app_url() -> Result<String, Misconfigured> {
    required("rivet_app_url", parse::page).await
}

/// The page in RIVET with these query parameters added to those that it has.
///
/// # Errors
/// If `rivet_app_url` is missing or not a URL.
pub async fn landing(query: &[(&str, &str)]) -> Result<String, Misconfigured> {
    let mut page = required("rivet_app_url", parse::page_url).await?;
    page.query_pairs_mut().extend_pairs(query);
    Ok(page.into())
}

/// The origin of [`rivet_app_url`], which browsers may call us from.
///
/// # Errors
/// If `rivet_app_url` is missing or not a URL.
pub async fn rivet_app_origin() -> Result<String, Misconfigured> {
    required("rivet_app_url", parse::origin_of).await
}

/// The keys that session tokens may be signed with: one, or several while one is being replaced.
///
/// # Errors
/// If `rivet_session_secret` is missing or one of its keys has fewer than 32 bytes.
pub async fn session_keys() -> Result<Vec<Vec<u8>>, Misconfigured> {
    required("rivet_session_secret", parse::session_keys).await
}

/// The secrets that RIVET's events may be signed with.
///
/// # Errors
/// If `rivet_webhook_secret` is missing or malformed.
pub async fn webhook_secrets() -> Result<Secrets, Misconfigured> {
    required("rivet_webhook_secret", parse::webhook_secrets).await
}

/// The tokens that Intuit's deliveries may be signed with: one, or several while one is being replaced.
///
/// # Errors
/// If `quickbooks_webhook_verifier` is missing or malformed.
pub async fn verifier_tokens() -> Result<VerifierTokens, Misconfigured> {
    required("quickbooks_webhook_verifier", parse::verifier_tokens).await
}

/// The bearer of the scheduled routes.
///
/// # Errors
/// If `scheduler_secret` is missing or has spaces.
pub async fn scheduler_secret() -> Result<String, Misconfigured> {
    required("scheduler_secret", parse::scheduler_secret).await
}

/// The keys that tokens are sealed with at rest.
///
/// # Errors
/// If `token_keys` is missing or malformed.
pub async fn token_keys() -> Result<Keyring, Misconfigured> {
    required("token_keys", parse::token_keys).await
}

/// Intuit's sign-in page, and what it is told of us.
///
/// # Errors
/// If one of the variables that it is made of is missing or malformed.
pub async fn sign_in() -> Result<SignIn, Misconfigured> {
    Ok(SignIn {
        authorize_url: required("quickbooks_authorize_url", parse::page).await?,
        client_id: ClientId::new(required("quickbooks_client_id", parse::text).await?),
        redirect_uri: redirect_uri().await?,
    })
}

/// Where Intuit sends the browser back to.
///
/// # Errors
/// If `public_url` is missing or not a URL.
pub async fn redirect_uri() -> Result<String, Misconfigured> {
    Ok(format!("{}/v1/quickbooks/callback", public_url().await?))
}

/// Our app at Intuit's token endpoint.
///
/// # Errors
/// If one of the variables that it is made of is missing or malformed.
pub async fn oauth_app() -> Result<App, Misconfigured> {
    let secret = required("quickbooks_client_secret", parse::text).await?;
    Ok(App {
        oauth_origin: required("quickbooks_oauth_origin", parse::origin).await?,
        client_id: ClientId::new(required("quickbooks_client_id", parse::text).await?),
        client_secret: ClientSecret::new(secret),
    })
}

/// Where grants are given back.
///
/// # Errors
/// If `quickbooks_revoke_origin` is missing or not an origin.
pub async fn revoke_origin() -> Result<String, Misconfigured> {
    required("quickbooks_revoke_origin", parse::origin).await
}

/// The origin of the accounting API.
///
/// # Errors
/// If `quickbooks_api_origin` is missing or not an origin.
pub async fn api_origin() -> Result<String, Misconfigured> {
    required("quickbooks_api_origin", parse::origin).await
}

/// Whom notifications go to; `None` if `rivet_notify_origin` is empty or names a host under `.invalid`, either of which
/// switches them off.
///
/// Spin resolves the variable among the hosts that a component may call and refuses an empty one there, so the manifest's
/// default is a host that cannot exist (RFC 6761 section 6.4).
///
/// # Errors
/// If the origin is not one, or the secret that goes with it is missing or malformed.
pub async fn receiver() -> Result<Option<Receiver>, Misconfigured> {
    let origin = optional("rivet_notify_origin", parse::notify_origin).await?;
    let Some(origin) = origin.flatten() else {
        return Ok(None);
    };
    let secrets = required("rivet_notify_secret", parse::webhook_secrets).await?;
    Ok(Some(Receiver { origin, secrets }))
}

/// Whether there is somebody whom notifications go to. A component that is not granted `rivet_notify_origin` has nothing to tell.
///
/// # Errors
/// If the origin is not one.
pub async fn tells() -> Result<bool, Misconfigured> {
    let origin = optional("rivet_notify_origin", parse::notify_origin).await?;
    Ok(origin.flatten().is_some())
}

/// What a reader says about a value: what it is, or what is wrong with it.
type Read<T> = fn(&str) -> Result<T, &'static str>;

async fn required<T>(variable: &'static str, read: Read<T>) -> Result<T, Misconfigured> {
    wanted(variable, optional(variable, read).await?)
}

async fn optional<T>(variable: &'static str, read: Read<T>) -> Result<Option<T>, Misconfigured> {
    let value = runtime::variable(variable).await;
    let value = value.map_err(|problem| Misconfigured { variable, problem })?;
    given(variable, value.as_deref(), read)
}

fn wanted<T>(variable: &'static str, value: Option<T>) -> Result<T, Misconfigured> {
    let problem = "is missing";
    value.ok_or(Misconfigured { variable, problem })
}

/// A variable that is set to nothing counts as not set.
fn given<T>(
    variable: &'static str,
    value: Option<&str>,
    read: Read<T>,
) -> Result<Option<T>, Misconfigured> {
    match value.map(str::trim) {
        None | Some("") => Ok(None),
        Some(value) => {
            let read = read(value).map(Some);
            read.map_err(|problem| Misconfigured { variable, problem })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Code;

    fn understood<T>(value: Option<&str>, read: Read<T>) -> Result<Option<T>, Misconfigured> {
        given("public_url", value, read)
    }

    #[test]
    fn a_value_is_read_without_the_white_space_around_it() {
        let url = understood(Some(" http://127.0.0.1:3000\n"), parse::base);
        assert_eq!(url, Ok(Some("http://127.0.0.1:3000".to_owned())));
    }

    #[test]
    fn an_empty_value_is_as_good_as_none() {
        for value in [None, Some(""), Some("  ")] {
            assert_eq!(understood(value, parse::base), Ok(None));
        }
    }

    #[test]
    fn a_malformed_value_is_named_and_not_shown() {
        let error = understood(Some("s3cr3t"), parse::base).unwrap_err();
        assert_eq!(error.variable, "public_url");
        let problem = Problem::from(error.clone());
        assert_eq!(problem.code(), Code::Misconfigured);
        assert!(!format!("{error} {error:?} {problem:?}").contains("s3cr3t"));
    }

    #[test]
    fn a_missing_value_is_named() {
        let error = wanted::<String>("public_url", None).unwrap_err();
        assert_eq!(error.to_string(), "variable public_url is missing");
    }
}
