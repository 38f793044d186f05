//! The app.

use oauth2::{ClientId, ClientSecret};

/// The app as Intuit's token endpoint knows it.
#[derive(Debug, Clone)]
pub struct App {
    /// Where codes and tokens are exchanged (`https://oauth.platform.intuit.com`), no trailing slash.
    pub oauth_origin: String,
    /// The app's id.
    pub client_id: ClientId,
    /// The app's secret.
    pub client_secret: ClientSecret,
}
