//! OAuth 2.0 as Intuit offers it: the authorization code grant of RFC 6749 for a confidential client. Intuit documents no PKCE.
//!
//! A person signs in on the page at [`authorize_url`], and [`callback`] reads the result. The `oauth2` crate's client, built by
//! [`client`], exchanges codes (`exchange_code`) and refresh tokens (`exchange_refresh_token`) over the caller's transport. The
//! caller passes each request through [`with_hard_expiry`], and the result through [`TokenAnswer::from_response`] or
//! [`TokenFailure::from`].

mod callback;
mod sign_in;
mod revocation;
mod token_request;
mod token_answer;
mod app;

pub use app::App;
pub use callback::{Callback, read_callback};
pub use revocation::revoke_request;
pub use sign_in::{AuthorizePage, SCOPE, authorize_url};
pub use token_answer::{IntuitFields, TokenAnswer, TokenFailure, TokenResponse};
pub use token_request::{Client, token_client, with_hard_expiry};

#[cfg(test)]
mod tests;
