//! Connecting, first half: a one-time link for a new tab, and the way from it to Intuit.

use billing::session::Session;
use jiff::Timestamp;
use oauth2::CsrfToken;
use ports::entropy::Entropy;
use ports::records::Records;
use ports::records::StoreError;
use quickbooks::oauth::{self, AuthorizePage};
use store::Store;
use store::sign_in_attempt;
use store::sign_in_attempt::{SignInAttempt, SignInRefusal};

/// A one-time link.
#[derive(Debug, PartialEq)]
pub struct ConnectLink {
    /// What opens the consent, once.
    pub ticket: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// The way to Intuit for one browser.
#[derive(Debug, PartialEq)]
pub struct AuthorizeRedirect {
    /// Intuit's consent page for our app, with `state`.
    pub authorize_url: String,
    /// The value of the cookie that ties this browser to it.
    pub browser: String,
}

/// Issues a link that the person of this session may open in a new tab within ten minutes.
///
/// The record that the answer will claim is created now, long before it is claimed.
pub async fn issue<R: Records>(
    store: &Store<R>,
    session: &Session,
    entropy: &mut Entropy,
    now: Timestamp,
) -> Result<ConnectLink, StoreError> {
    let (firm, user) = (session.firm.clone(), session.user.clone());
    store.prepare_connection(&firm).await?;
    let (consent, ticket) = SignInAttempt::issue(firm, user, entropy, now);
    store.save_sign_in_attempt(&consent).await?;
    Ok(ConnectLink {
        ticket,
        expires_at: consent.expires_at,
    })
}

/// Opens a link, once: gives the browser its `state` and its cookie.
pub async fn depart<R: Records>(
    store: &Store<R>,
    page: &AuthorizePage,
    ticket: &str,
    (entropy, now): (&mut Entropy, Timestamp),
) -> Result<Result<AuthorizeRedirect, SignInRefusal>, StoreError> {
    let Some(id) = sign_in_attempt::id_in_token(ticket) else {
        return Ok(Err(SignInRefusal::Unknown));
    };
    let opening = SignInAttempt::new_link_opening(id, entropy);
    let opened = store.open_link((id, ticket), &opening, now).await?;
    Ok(opened.map(|_| AuthorizeRedirect {
        authorize_url: oauth::authorize_url(page, &CsrfToken::new(opening.state)),
        browser: opening.browser,
    }))
}
