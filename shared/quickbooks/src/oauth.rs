//! OAuth 2.0 as Intuit offers it: the authorization code grant of RFC 6749 for a confidential client. Intuit documents no PKCE.
//!
//! A person signs in on the page at [`authorize_url`], and [`callback`] reads the result. [`code_request`] exchanges a code and
//! [`refresh_request`] uses a refresh token. [`TokenAnswer::of`] reads the answers to both.

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
pub use token_answer::{TokenAnswer, TokenFailure};
pub use token_request::{code_request, refresh_request};

#[cfg(test)]
mod tests;
