//! What a firm chooses, what it may choose from, what it decides about a document, and ending the connection.

mod resolve;

use bridge::choices::{self, Choice, Purpose};
use bridge::disconnect::disconnect;
use bridge::entropy::Entropy;
use bridge::settings::{Replacement, replace};
use bridge::status;
use platform::{Answer, Call, Component, GET, POST, PUT, Permissions, Problem, config, serve};
use serde::Deserialize;
use serde_json::json;
use spin_sdk::http::{IntoResponse, Request};

const ROUTES: &[(&str, &str)] = &[
    (GET, "/v1/quickbooks/settings"),
    (PUT, "/v1/quickbooks/settings"),
    (GET, "/v1/quickbooks/accounts"),
    (GET, "/v1/quickbooks/classes"),
    (GET, "/v1/quickbooks/customers"),
    (POST, "/v1/quickbooks/disconnect"),
    (POST, "/v1/quickbooks/documents/{kind}/{id}/resolve"),
];

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    serve(Component::new("settings").for_pages(), request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (GET, ["v1", "quickbooks", "settings"]) => show(call).await,
        (PUT, ["v1", "quickbooks", "settings"]) => change(call).await,
        (GET, ["v1", "quickbooks", "accounts"]) => accounts(call).await,
        (GET, ["v1", "quickbooks", "classes"]) => classes(call).await,
        (GET, ["v1", "quickbooks", "customers"]) => customers(call).await,
        (POST, ["v1", "quickbooks", "disconnect"]) => end(call).await,
        (POST, ["v1", "quickbooks", "documents", kind, id, "resolve"]) => {
            resolve::document(call, kind, id).await
        }
        _ => Err(call.unmatched(ROUTES)),
    }
}

async fn show(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = call.session().await?;
    let record = call.store().await?.settings(&session.firm).await?;
    Ok(Answer::json(200, &record.settings).etag(&record.version.to_string()))
}

async fn change(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = call.session().await?;
    session.require_manager()?;
    session.require_paid_plan()?;
    let version = version(call)?;
    let settings = mapping::settings::parse(&call.body)?;
    let replacement = Replacement { version, settings };
    let owner = Entropy::new(call.entropy()).token();
    let bridge = call.bridge().await?;
    let saved = replace(&bridge, &session.firm, replacement, (&owner, call.now)).await?;
    Ok(Answer::json(200, &saved.settings).etag(&saved.version.to_string()))
}

/// The version that the caller read. One that was never ours is as stale as an old one.
fn version(call: &Call<'_>) -> Result<u64, Problem> {
    let tag = call
        .header("if-match")
        .ok_or_else(Problem::precondition_required)?;
    let number = tag
        .trim()
        .strip_prefix('"')
        .and_then(|tag| tag.strip_suffix('"'));
    number
        .and_then(|number| number.parse().ok())
        .ok_or_else(Problem::settings_changed)
}

async fn accounts(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = call.session().await?;
    let purpose = call
        .query("for")
        .as_deref()
        .and_then(Purpose::named)
        .ok_or_else(|| {
            let known = "must be contract_revenue, accounts_receivable, retainage or deposit";
            Problem::invalid_field("for", known)
        })?;
    let owner = Entropy::new(call.entropy()).token();
    let at = (owner.as_str(), call.now);
    let found = choices::accounts(&call.bridge().await?, &session.firm, purpose, at).await?;
    Ok(listed("accounts", &found))
}

async fn classes(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = call.session().await?;
    let owner = Entropy::new(call.entropy()).token();
    let at = (owner.as_str(), call.now);
    let found = choices::classes(&call.bridge().await?, &session.firm, at).await?;
    Ok(listed("classes", &found))
}

async fn customers(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = call.session().await?;
    let part = call.query("q").unwrap_or_default();
    let owner = Entropy::new(call.entropy()).token();
    let at = (owner.as_str(), call.now);
    let found = choices::customers(&call.bridge().await?, &session.firm, &part, at).await?;
    Ok(listed("customers", &found))
}

fn listed(name: &str, found: &[Choice]) -> Answer {
    Answer::json(200, &json!({ name: found }))
}

#[derive(Deserialize)]
struct Confirmation {
    confirm: bool,
}

async fn end(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = call.session().await?;
    session.require_manager()?;
    let Confirmation { confirm } = call.json()?;
    if !confirm {
        return Err(Problem::invalid_field(
            "confirm",
            "must be true to disconnect",
        ));
    }
    let (bridge, origin) = (call.bridge().await?, config::revoke_origin().await?);
    let owner = Entropy::new(call.entropy()).token();
    let by = (owner.as_str(), call.now);
    disconnect(&bridge.grants(), &session.firm, &origin, by).await?;
    Ok(Answer::json(
        200,
        &status::status(&bridge.store, &session.firm, call.now).await?,
    ))
}
