//! Where browsers arrive from Intuit: with the answer to a sign-in, or from the page that ended a connection. Either way they
//! land in RIVET.

use bridge::callback::{Arrival, Landing, Runway, land};
use bridge::consent;
use bridge::entropy::Entropy;
use bridge::verify::verify;
use platform::{Answer, Call, Cookie, GET, Problem, config, serve};
use spin_sdk::http::{IntoResponse, Request};

const ROUTES: &[(&str, &str)] = &[
    (GET, "/v1/quickbooks/callback"),
    (GET, "/v1/quickbooks/disconnected"),
];

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    serve("oauth-callback", request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (GET, ["v1", "quickbooks", "callback"]) => callback(call).await,
        (GET, ["v1", "quickbooks", "disconnected"]) => disconnected(call).await,
        _ => Err(call.unmatched(ROUTES)),
    }
}

/// A person is looking: a failure of ours lands like any other, and the log has the cause.
async fn callback(call: &Call<'_>) -> Result<Answer, Problem> {
    let state = call.query("state");
    let cookie = state
        .as_deref()
        .and_then(consent::named_by)
        .map(consent::cookie);
    let arrival = Arrival {
        browser: cookie
            .as_deref()
            .and_then(|name| call.cookie(name))
            .map(ToOwned::to_owned),
        state,
        code: call.query("code"),
        realm_id: call.query("realmId"),
        error: call.query("error"),
    };
    let (outcome, code) = match arrive(call, &arrival).await {
        Ok(landing) => shown(landing),
        Err(problem) => {
            call.despite(problem);
            ("failed", Some("try_again"))
        }
    };
    let mut query = vec![("quickbooks", outcome)];
    query.extend(code.map(|code| ("code", code)));
    let mut answer = Answer::redirect(&config::landing(&query).await?).no_store();
    if let Some(name) = &cookie {
        answer = answer.cookie(&Cookie {
            name,
            value: "",
            path: "/",
            max_age: 0,
            secure: true,
        });
    }
    Ok(answer)
}

async fn arrive(call: &Call<'_>, arrival: &Arrival) -> Result<Landing, Problem> {
    let (redirect_uri, revoke_origin) = (
        config::redirect_uri().await?,
        config::revoke_origin().await?,
    );
    let runway = Runway {
        redirect_uri: &redirect_uri,
        revoke_origin: &revoke_origin,
    };
    let owner = Entropy::new(call.entropy()).token();
    let by = (owner.as_str(), call.now);
    Ok(land(&call.bridge().await?, &runway, arrival, by).await?)
}

/// Intuit sends the browser here after somebody ended the connection in QuickBooks. Anybody can come here: Intuit is asked, and
/// every browser lands alike.
async fn disconnected(call: &Call<'_>) -> Result<Answer, Problem> {
    if let Err(problem) = check(call).await {
        call.despite(problem);
    }
    let page = config::landing(&[("quickbooks", "disconnected")]).await?;
    Ok(Answer::redirect(&page).no_store())
}

async fn check(call: &Call<'_>) -> Result<(), Problem> {
    let Some(realm_id) = call.query("realmId") else {
        return Ok(());
    };
    let owner = Entropy::new(call.entropy()).token();
    let bridge = call.bridge().await?;
    Ok(verify(&bridge.grants(), &realm_id, (&owner, call.now)).await?)
}

fn shown(landing: Landing) -> (&'static str, Option<&'static str>) {
    match landing {
        Landing::Connected => ("connected", None),
        Landing::Reconnected => ("reconnected", None),
        Landing::Denied => ("denied", Some("access_denied")),
        Landing::Failed(why) => ("failed", Some(why.code())),
    }
}
