//! OAuth 2.0 as Intuit does it: RFC 6749 with a confidential client. There is no PKCE, Intuit documents none.
//!
//! Codes and refresh tokens are exchanged by the `oauth2` crate's own client, over whatever transport the caller has:
//! [`client`], then `exchange_code` or `exchange_refresh_token`, each request through [`with_hard_expiry`], the result through
//! [`TokenAnswer::from_response`] or [`TokenFailure::from`].

mod callback;
mod sign_in;
mod revocation;
mod token_request;
mod token_answer;
mod app;

pub use app::App;
pub use callback::{Callback, callback};
pub use revocation::revoke_request;
pub use sign_in::{SCOPE, SignIn, authorize_url};
pub use token_answer::{IntuitFields, TokenAnswer, TokenFailure, TokenResponse};
pub use token_request::{Client, client, with_hard_expiry};

#[cfg(test)]
mod tests;
