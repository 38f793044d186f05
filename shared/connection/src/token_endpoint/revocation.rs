//! Revokes tokens at Intuit.

use crate::services::AuthServices;
use crate::token_endpoint::error::{TokenError, unanswered, unsendable};
use oauth2::RefreshToken;
use ports::http::Http;
use quickbooks::oauth;
use store::connection::grant::Secret;

/// Revokes a token at Intuit, which ends its grant. Status 400 also counts: the grant has ended already.
///
/// # Errors
/// See [`TokenError`].
pub async fn revoke<H: Http, R>(
    auth: &AuthServices<'_, H, R>,
    origin: &str,
    token: &Secret,
) -> Result<(), TokenError> {
    let token = RefreshToken::new(token.0.clone());
    let request =
        oauth::revoke_request(auth.app, origin, &token).map_err(|error| unsendable(&error))?;
    let answer = auth.http.send(request).await.map_err(unanswered)?;
    match answer.status().as_u16() {
        200..=299 | 400 => Ok(()),
        status @ 401..=403 => Err(TokenError::Misconfigured(format!("status {status}"))),
        status => Err(TokenError::Unusable(format!("status {status}"))),
    }
}
