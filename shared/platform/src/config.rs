//! The deployment's variables (Spin: application variables), each read and checked where it is used.
//!
//! A component is granted only the variables that it uses. An error names the variable and never contains its value.

// Top first: a module uses only modules below it.
mod optional_secrets;
mod parse;

pub use self::optional_secrets::operator_secret;
pub(crate) use self::optional_secrets::view_secrets;

use crate::problem::{self, Problem};
use crate::runtime;
use crate::store::{Keyring, PostgresAddress};
use billing::webhook::SigningSecrets;
use bridge::notifications::Receiver;
use oauth2::{ClientId, ClientSecret};
use quickbooks::oauth::{App, AuthorizePage};
use quickbooks::webhook::VerifierTokens;

/// The error of a variable that is missing or malformed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("variable {variable} {problem}")]
pub struct ConfigError {
    /// The variable's name.
    pub variable: &'static str,
    /// The error as the rest of a sentence that starts with the name, without the value.
    pub problem: &'static str,
}

impl From<ConfigError> for Problem {
    fn from(error: ConfigError) -> Self {
        problem::misconfigured(error.variable, error.problem)
    }
}

/// Returns `public_url`: the URL that these functions are reached at, without a trailing slash.
///
/// # Errors
/// If `public_url` is missing or not a URL.
pub async fn public_url() -> Result<String, ConfigError> {
    required("public_url", parse::base).await
}

/// Returns whether browsers reach these functions by https. `false` in a component that is not granted `public_url`.
pub(crate) async fn is_reached_by_https() -> bool {
    let url = optional("public_url", parse::base).await;
    url.is_ok_and(|url| url.is_some_and(|url| parse::is_https(&url)))
}

/// Returns `rivet_app_url`: the page in RIVET that the browser returns to.
///
/// # Errors
/// If `rivet_app_url` is missing or not a URL.
pub async fn rivet_app_url() -> Result<String, ConfigError> {
    required("rivet_app_url", parse::page).await
}

/// Returns the URL of the page in RIVET with the result that the page shows: `quickbooks` is `outcome`, and `code` is `code`.
///
/// # Errors
/// If `rivet_app_url` is missing or not a URL.
pub async fn return_url(outcome: &str, code: Option<&str>) -> Result<String, ConfigError> {
    let mut page = required("rivet_app_url", parse::page_url).await?;
    page.query_pairs_mut()
        .append_pair("quickbooks", outcome)
        .extend_pairs(code.map(|code| ("code", code)));
    Ok(page.into())
}

/// Returns the URL of the page in RIVET with a one-time confirmation: `quickbooks` is `confirm`, and `confirmation` is the value.
///
/// # Errors
/// If `rivet_app_url` is missing or not a URL.
pub async fn confirm_url(confirmation: &str) -> Result<String, ConfigError> {
    let mut page = required("rivet_app_url", parse::page_url).await?;
    page.query_pairs_mut()
        .append_pair("quickbooks", "confirm")
        .append_pair("confirmation", confirmation);
    Ok(page.into())
}

/// Returns the origin of [`rivet_app_url`]. Pages of this origin may call us.
///
/// # Errors
/// If `rivet_app_url` is missing or not a URL.
pub async fn rivet_app_origin() -> Result<String, ConfigError> {
    required("rivet_app_url", parse::origin_of).await
}

/// Returns `rivet_session_secret`: the keys that RIVET may sign session tokens with. There are several while one replaces another.
///
/// # Errors
/// If `rivet_session_secret` is missing or one of its keys has fewer than 32 bytes.
pub async fn session_keys() -> Result<Vec<Vec<u8>>, ConfigError> {
    required("rivet_session_secret", parse::session_keys).await
}

/// Returns `rivet_webhook_secret`: the secrets that RIVET may sign events with.
///
/// # Errors
/// If `rivet_webhook_secret` is missing or malformed.
pub async fn webhook_secrets() -> Result<SigningSecrets, ConfigError> {
    required("rivet_webhook_secret", parse::webhook_secrets).await
}

/// Returns `quickbooks_webhook_verifier`: the verifier tokens that Intuit may sign deliveries with.
///
/// # Errors
/// If `quickbooks_webhook_verifier` is missing or malformed.
pub async fn verifier_tokens() -> Result<VerifierTokens, ConfigError> {
    required("quickbooks_webhook_verifier", parse::verifier_tokens).await
}

/// Returns `scheduler_secret`: the bearer token of the scheduled routes.
///
/// # Errors
/// If `scheduler_secret` is missing, contains white space or has fewer than 16 characters.
pub async fn scheduler_secret() -> Result<String, ConfigError> {
    required("scheduler_secret", parse::bearer_secret).await
}

/// Returns `token_keys`: the keys that seal and open tokens in the store.
///
/// # Errors
/// If `token_keys` is missing or malformed.
pub async fn token_keys() -> Result<Keyring, ConfigError> {
    required("token_keys", parse::token_keys).await
}

/// Returns the database of PostgreSQL that keeps the records: `postgres_url` and `postgres_ca_root`.
///
/// # Errors
/// If `postgres_url` is missing or malformed, or `postgres_ca_root` is malformed.
pub async fn postgres() -> Result<PostgresAddress, ConfigError> {
    Ok(PostgresAddress {
        url: required("postgres_url", parse::postgres_url).await?,
        ca_root: optional("postgres_ca_root", parse::certificates).await?,
    })
}

/// Returns Intuit's sign-in page with our client id and redirect URI (RFC 6749 section 4.1.1).
///
/// # Errors
/// If one of these variables is missing or malformed: `quickbooks_authorize_url`, `quickbooks_client_id`, `public_url`.
pub async fn sign_in() -> Result<AuthorizePage, ConfigError> {
    Ok(AuthorizePage {
        authorize_url: required("quickbooks_authorize_url", parse::page).await?,
        client_id: ClientId::new(required("quickbooks_client_id", parse::text).await?),
        redirect_uri: redirect_uri().await?,
    })
}

/// Returns the redirect URI: the URL that Intuit sends the browser back to (RFC 6749 section 3.1.2).
///
/// # Errors
/// If `public_url` is missing or not a URL.
pub async fn redirect_uri() -> Result<String, ConfigError> {
    Ok(format!("{}/v1/quickbooks/callback", public_url().await?))
}

/// Returns our app at Intuit's token endpoint: the endpoint's origin, the client id and the client secret.
///
/// # Errors
/// If one of these variables is missing or malformed: `quickbooks_oauth_origin`, `quickbooks_client_id`,
/// `quickbooks_client_secret`.
pub async fn oauth_app() -> Result<App, ConfigError> {
    Ok(App {
        oauth_origin: required("quickbooks_oauth_origin", parse::origin).await?,
        client_id: ClientId::new(required("quickbooks_client_id", parse::text).await?),
        client_secret: ClientSecret::new(required("quickbooks_client_secret", parse::text).await?),
    })
}

/// Returns `quickbooks_revoke_origin`: the origin of Intuit's revocation endpoint.
///
/// # Errors
/// If `quickbooks_revoke_origin` is missing or not an origin.
pub async fn revoke_origin() -> Result<String, ConfigError> {
    required("quickbooks_revoke_origin", parse::origin).await
}

/// Returns `quickbooks_api_origin`: the origin of the QuickBooks Online Accounting API.
///
/// # Errors
/// If `quickbooks_api_origin` is missing or not an origin.
pub async fn api_origin() -> Result<String, ConfigError> {
    required("quickbooks_api_origin", parse::origin).await
}

/// Returns the receiver of notifications; `None` if notifications are off.
///
/// Notifications are off if `rivet_notify_origin` is empty or names a host under `.invalid`, which cannot exist (RFC 6761 section 6.4).
///
/// # Errors
/// If `rivet_notify_origin` is not an origin, or `rivet_notify_secret` is missing or malformed.
pub async fn receiver() -> Result<Option<Receiver>, ConfigError> {
    let origin = optional("rivet_notify_origin", parse::notify_origin).await?;
    let Some(origin) = origin.flatten() else {
        return Ok(None);
    };
    let secrets = required("rivet_notify_secret", parse::webhook_secrets).await?;
    Ok(Some(Receiver { origin, secrets }))
}

/// Returns whether notifications about documents are on. A component that is not granted `rivet_notify_origin` sends none.
///
/// # Errors
/// If `rivet_notify_origin` is not an origin.
pub async fn notifies_documents() -> Result<bool, ConfigError> {
    let origin = optional("rivet_notify_origin", parse::notify_origin).await?;
    Ok(origin.flatten().is_some())
}

/// A function that parses a variable's text. The error ends a sentence that starts with the variable's name.
type Parser<T> = fn(&str) -> Result<T, &'static str>;

async fn required<T>(variable: &'static str, parse: Parser<T>) -> Result<T, ConfigError> {
    require_value(variable, optional(variable, parse).await?)
}

async fn optional<T>(variable: &'static str, parse: Parser<T>) -> Result<Option<T>, ConfigError> {
    let value = runtime::variable(variable).await;
    let value = value.map_err(|problem| ConfigError { variable, problem })?;
    parse_value(variable, value.as_deref(), parse)
}

fn require_value<T>(variable: &'static str, value: Option<T>) -> Result<T, ConfigError> {
    let problem = "is missing";
    value.ok_or(ConfigError { variable, problem })
}

/// Parses a value without the white space around it. An empty variable counts as missing.
fn parse_value<T>(
    variable: &'static str,
    value: Option<&str>,
    parse: Parser<T>,
) -> Result<Option<T>, ConfigError> {
    match value.map(str::trim) {
        None | Some("") => Ok(None),
        Some(value) => {
            let parsed = parse(value).map(Some);
            parsed.map_err(|problem| ConfigError { variable, problem })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::ProblemCode;

    fn parsed<T>(value: Option<&str>, parse: Parser<T>) -> Result<Option<T>, ConfigError> {
        parse_value("public_url", value, parse)
    }

    #[test]
    fn value_is_trimmed() {
        let url = parsed(Some(" http://127.0.0.1:3000\n"), parse::base);
        assert_eq!(url, Ok(Some("http://127.0.0.1:3000".to_owned())));
    }

    #[test]
    fn empty_value_counts_as_missing() {
        for value in [None, Some(""), Some("  ")] {
            assert_eq!(parsed(value, parse::base), Ok(None));
        }
    }

    #[test]
    fn malformed_value_error_names_only_the_variable() {
        let error = parsed(Some("s3cr3t"), parse::base).unwrap_err();
        assert_eq!(error.variable, "public_url");
        let problem = Problem::from(error.clone());
        assert_eq!(problem.code(), ProblemCode::Misconfigured);
        assert!(!format!("{error} {error:?} {problem:?}").contains("s3cr3t"));
    }

    #[test]
    fn missing_value_error_names_the_variable() {
        let error = require_value::<String>("public_url", None).unwrap_err();
        assert_eq!(error.to_string(), "variable public_url is missing");
    }
}
