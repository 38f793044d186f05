//! The app as Intuit knows it.

use oauth2::{ClientId, ClientSecret};

/// The app as a confidential client of Intuit's token endpoint (RFC 6749 section 2.1).
#[derive(Debug, Clone)]
pub struct App {
    /// The origin of the token endpoint, `https://oauth.platform.intuit.com`, without a trailing slash.
    pub oauth_origin: String,
    /// The app's client id.
    pub client_id: ClientId,
    /// The app's client secret.
    pub client_secret: ClientSecret,
}
