//! Finishes a connection: takes Intuit's answer and lands the browser in RIVET, whatever came of it.

use bridge::callback::{Arrival, Landing, Runway, land};
use bridge::consent;
use platform::{Answer, Call, Cookie, GET, Problem, config, serve};
use spin_sdk::http::{IntoResponse, Request};

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    serve("oauth-callback", request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (GET, ["v1", "quickbooks", "callback"]) => callback(call).await,
        _ => Err(call.unmatched(&[(GET, "/v1/quickbooks/callback")])),
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
    Ok(land(&call.bridge().await?, &runway, arrival, call.now).await?)
}

fn shown(landing: Landing) -> (&'static str, Option<&'static str>) {
    match landing {
        Landing::Connected => ("connected", None),
        Landing::Reconnected => ("reconnected", None),
        Landing::Denied => ("denied", Some("access_denied")),
        Landing::Failed(why) => ("failed", Some(why.code())),
    }
}
