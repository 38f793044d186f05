//! Starts a sign-in: issues a one-time link for a new tab, and sends the browser that opens the link to Intuit.

use billing::session::Session;
use jiff::Timestamp;
use oauth2::CsrfToken;
use ports::entropy::Entropy;
use ports::records::{Records, StoreError};
use quickbooks::oauth::{self, AuthorizePage};
use store::Store;
use store::schedule::ScheduledJob;
use store::sign_in_attempt::operations::AttemptCheck;
use store::sign_in_attempt::{self, IssuedAttempt, SignInAttempt, SignInRefusal};

/// A one-time link that starts one sign-in attempt.
#[derive(Debug, PartialEq)]
pub struct ConnectLink {
    /// The secret that opens the link once.
    pub ticket: String,
    /// The link does not open after this instant.
    pub expires_at: Timestamp,
}

/// A browser's request to open a one-time link.
pub struct LinkRequest<'a> {
    /// The ticket that the browser brought.
    pub ticket: &'a str,
    /// Intuit's consent page for RIVET's app, to which the browser is sent.
    pub page: &'a AuthorizePage,
}

/// The result of a request to open a one-time link.
#[derive(Debug, PartialEq)]
pub enum LinkResult {
    /// The link was opened. The browser continues at Intuit.
    Opened(AuthorizeRedirect),
    /// The link stays as it was.
    Refused(SignInRefusal),
}

/// The redirect that sends one browser to Intuit.
#[derive(Debug, PartialEq)]
pub struct AuthorizeRedirect {
    /// Intuit's consent page for RIVET's app, with `state`.
    pub authorize_url: String,
    /// The value of the cookie that ties this browser to the attempt.
    pub browser: String,
}

/// Issues a link that the person of this session may open in a new tab within ten minutes.
///
/// The firm's connection record is created here, long before the callback claims it: a claim must lie in a record that exists.
///
/// # Errors
/// [`StoreError`] if a record could not be written.
pub async fn issue_link<R: Records>(
    store: &Store<R>,
    session: &Session,
    entropy: &mut Entropy,
    now: Timestamp,
) -> Result<ConnectLink, StoreError> {
    let (firm, user) = (session.firm.clone(), session.user.clone());
    store.prepare_connection(&firm).await?;
    let IssuedAttempt { attempt, ticket } = SignInAttempt::issue(firm, user, entropy, now);
    let removed_from = store.list_sign_in(&attempt).await?;
    let job = ScheduledJob::Connection;
    store.schedule_by(&attempt.firm, job, removed_from).await?;
    store.save_sign_in_attempt(&attempt).await?;
    Ok(ConnectLink {
        ticket,
        expires_at: attempt.expires_at,
    })
}

/// Opens a link once and gives the browser its `state` and its cookie.
///
/// # Errors
/// [`StoreError`] if the attempt could not be read or written.
pub async fn open_link<R: Records>(
    store: &Store<R>,
    LinkRequest { ticket, page }: LinkRequest<'_>,
    entropy: &mut Entropy,
    now: Timestamp,
) -> Result<LinkResult, StoreError> {
    let Some(id) = sign_in_attempt::id_in_token(ticket) else {
        return Ok(LinkResult::Refused(SignInRefusal::Unknown));
    };
    let opening = SignInAttempt::new_link_opening(id, entropy);
    let opened = store.open_link(id, ticket, &opening, now).await?;
    if let AttemptCheck::Refused(refusal) = opened {
        return Ok(LinkResult::Refused(refusal));
    }
    Ok(LinkResult::Opened(AuthorizeRedirect {
        authorize_url: oauth::authorize_url(page, &CsrfToken::new(opening.state)),
        browser: opening.browser,
    }))
}
