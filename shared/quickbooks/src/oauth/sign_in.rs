//! The page on which a person signs in.

use crate::request::escaped;
use oauth2::{ClientId, CsrfToken};

/// The permission that is asked for: the accounting API, for which there is no read-only form.
pub const SCOPE: &str = "com.intuit.quickbooks.accounting";

/// Where a browser is sent to let the app into a company.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Intuit's page (`https://appcenter.intuit.com/connect/oauth2`).
    pub authorize_url: String,
    /// The app's id.
    pub client_id: ClientId,
    /// Where Intuit sends the browser back to; equal, to the letter, to one registered with Intuit.
    pub redirect_uri: String,
}

/// The page on which a person lets the app into a company. `state` comes back with the answer.
pub fn authorize_url(page: &SignIn, state: &CsrfToken) -> String {
    format!(
        "{}?client_id={}&response_type=code&scope={}&redirect_uri={}&state={}",
        page.authorize_url,
        escaped(&page.client_id),
        escaped(SCOPE),
        escaped(&page.redirect_uri),
        escaped(state.secret()),
    )
}
