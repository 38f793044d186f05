//! Starts a connection: issues the one-time link, and sends the browser that opens the link to Intuit.

use connection::sign_in::{self, AuthorizeRedirect, LinkRequest, LinkResult};
use platform::{
    Answer, Call, Component, Cookie, GET, POST, Problem, Route, callers, config, serve, services,
};
use serde_json::json;
use spin_sdk::http::{IntoResponse, Request};
use store::sign_in_attempt::{self, LIFETIME, SignInRefusal};

const PATH: &str = "/v1/quickbooks/connect";
const ROUTES: &[Route] = &[
    Route::post(PATH),
    Route::get(PATH),
    Route::get("/v1/quickbooks/reconnect"),
];

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    serve(Component::new("oauth-start").for_pages(), request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (POST, ["v1", "quickbooks", "connect"]) => issue_link(call).await,
        (GET, ["v1", "quickbooks", "connect"]) => open_link(call).await,
        (GET, ["v1", "quickbooks", "reconnect"]) => reconnect().await,
        _ => Err(call.unknown_route(ROUTES)),
    }
}

async fn issue_link(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = callers::require_session(call).await?;
    callers::require_manager(&session)?;
    callers::require_paid_plan(&session)?;
    let store = services::open_store_without_keys(call).await?;
    let mut entropy = call.new_entropy();
    let link = sign_in::issue_link(&store, &session, &mut entropy, call.received_at).await?;
    let public_url = config::public_url().await?;
    let connect_url = format!("{public_url}{PATH}?ticket={}", link.ticket);
    let body = json!({ "connect_url": connect_url, "expires_at": link.expires_at });
    Ok(Answer::json(201, &body).no_store())
}

/// Sends the browser to Intuit. If the link is refused, the browser returns to RIVET, where the person can ask for a new link.
async fn open_link(call: &Call<'_>) -> Result<Answer, Problem> {
    let ticket = call.query_parameter("ticket").unwrap_or_default();
    let store = services::open_store_without_keys(call).await?;
    let page = config::sign_in().await?;
    let mut entropy = call.new_entropy();
    let request = LinkRequest {
        ticket: &ticket,
        page: &page,
    };
    match sign_in::open_link(&store, request, &mut entropy, call.received_at).await? {
        LinkResult::Opened(redirect) => Ok(redirect_to_intuit(&ticket, &redirect)),
        LinkResult::Refused(refusal) => {
            let url = config::return_url("failed", Some(refusal_code(refusal))).await?;
            Ok(Answer::redirect(&url).no_store())
        }
    }
}

/// Sends the browser to RIVET's page. Intuit sends the browser here when a person asks there to reconnect. Only RIVET knows the
/// person, so the sign-in must start there.
async fn reconnect() -> Result<Answer, Problem> {
    let url = config::return_url("reconnect", None).await?;
    Ok(Answer::redirect(&url).no_store())
}

fn redirect_to_intuit(ticket: &str, redirect: &AuthorizeRedirect) -> Answer {
    let cookie = Cookie {
        name: &sign_in_attempt::cookie(sign_in_attempt::id_in_token(ticket).unwrap_or_default()),
        value: &redirect.browser,
        path: "/",
        max_age_seconds: u32::try_from(LIFETIME.as_secs()).unwrap_or_default(),
        is_secure: true,
    };
    Answer::redirect(&redirect.authorize_url)
        .cookie(&cookie)
        .no_store()
}

fn refusal_code(refusal: SignInRefusal) -> &'static str {
    match refusal {
        SignInRefusal::Unknown => "link_unknown",
        SignInRefusal::Used => "link_used",
        SignInRefusal::Expired => "link_expired",
        SignInRefusal::OtherBrowser => "other_browser",
    }
}
