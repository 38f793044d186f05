//! The page on which a person gives the app access to a company.

use crate::request::escaped;
use oauth2::{ClientId, CsrfToken};

/// The scope that the app asks for: the accounting API. Intuit has no read-only scope for it.
pub const SCOPE: &str = "com.intuit.quickbooks.accounting";

/// The parameters of the page on which a person gives the app access to a company.
#[derive(Debug, Clone)]
pub struct AuthorizePage {
    /// The address of Intuit's page, `https://appcenter.intuit.com/connect/oauth2`.
    pub authorize_url: String,
    /// The app's client id.
    pub client_id: ClientId,
    /// The address to which Intuit sends the browser back. It must equal one that is registered with Intuit, character by
    /// character.
    pub redirect_uri: String,
}

/// Returns the address of the page on which a person gives the app access (RFC 6749 section 4.1.1). Intuit returns `state` with
/// the browser.
pub fn authorize_url(page: &AuthorizePage, state: &CsrfToken) -> String {
    format!(
        "{}?client_id={}&response_type=code&scope={}&redirect_uri={}&state={}",
        page.authorize_url,
        escaped(&page.client_id),
        escaped(SCOPE),
        escaped(&page.redirect_uri),
        escaped(state.secret()),
    )
}
