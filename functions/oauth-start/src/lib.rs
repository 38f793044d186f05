//! Starts a connection: hands out the one-time link, then sends the browser that follows it to Intuit.

use bridge::connect::{self, Departure};
use bridge::consent::{self, ConsentRefusal, LIFETIME};
use bridge::entropy::Entropy;
use platform::{Answer, Call, Component, Cookie, GET, POST, Permissions, Problem, config, serve};
use serde_json::json;
use spin_sdk::http::{IntoResponse, Request};

const PATH: &str = "/v1/quickbooks/connect";
const ROUTES: &[(&str, &str)] = &[(POST, PATH), (GET, PATH), (GET, "/v1/quickbooks/reconnect")];

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    serve(Component::new("oauth-start").for_pages(), request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (POST, ["v1", "quickbooks", "connect"]) => issue(call).await,
        (GET, ["v1", "quickbooks", "connect"]) => depart(call).await,
        (GET, ["v1", "quickbooks", "reconnect"]) => reconnect().await,
        _ => Err(call.unmatched(ROUTES)),
    }
}

async fn issue(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = call.session().await?;
    session.require_manager()?;
    session.require_paid_plan()?;
    let store = call.store_without_keys().await?;
    let mut entropy = Entropy::new(call.entropy());
    let ticket = connect::issue(&store, &session, &mut entropy, call.now).await?;
    let url = format!(
        "{}{PATH}?ticket={}",
        config::public_url().await?,
        ticket.ticket
    );
    let body = json!({ "connect_url": url, "expires_at": ticket.expires_at });
    Ok(Answer::json(201, &body).no_store())
}

/// A link that does not open leads back to RIVET, where the person can ask for another.
async fn depart(call: &Call<'_>) -> Result<Answer, Problem> {
    let ticket = call.query("ticket").unwrap_or_default();
    let (store, page) = (call.store_without_keys().await?, config::sign_in().await?);
    let at = (&mut Entropy::new(call.entropy()), call.now);
    match connect::depart(&store, &page, &ticket, at).await? {
        Ok(departure) => Ok(to_intuit(&ticket, &departure)),
        Err(refusal) => {
            let landing = [("quickbooks", "failed"), ("code", code(refusal))];
            Ok(Answer::redirect(&config::landing(&landing).await?).no_store())
        }
    }
}

/// Intuit sends the browser here when its person asks there to reconnect. Who that is only RIVET knows, so it begins there.
async fn reconnect() -> Result<Answer, Problem> {
    let page = config::landing(&[("quickbooks", "reconnect")]).await?;
    Ok(Answer::redirect(&page).no_store())
}

fn to_intuit(ticket: &str, departure: &Departure) -> Answer {
    let cookie = Cookie {
        name: &consent::cookie(consent::named_by(ticket).unwrap_or_default()),
        value: &departure.browser,
        path: "/",
        max_age: u32::try_from(LIFETIME.as_secs()).unwrap_or_default(),
        secure: true,
    };
    Answer::redirect(&departure.authorize_url)
        .cookie(&cookie)
        .no_store()
}

fn code(refusal: ConsentRefusal) -> &'static str {
    match refusal {
        ConsentRefusal::Unknown => "link_unknown",
        ConsentRefusal::Used => "link_used",
        ConsentRefusal::Expired => "link_expired",
        ConsentRefusal::OtherBrowser => "other_browser",
    }
}
