//! A firm's settings and the QuickBooks objects to choose from, the check-up of its company, decisions about documents, and the end of the
//! connection.

// Top first: a module uses only modules below it.
mod decision;

use bridge::checkup::checkup;
use bridge::replace_settings::{Replacement, changed_fields, replace};
use bridge::setting_options::{self, SettingOption};
use bridge::views;
use connection::disconnect::disconnect;
use mapping::AccountPurpose;
use platform::{
    Answer, Audit, Call, Component, GET, POST, PUT, Problem, Route, callers, config, problem,
    serve, services,
};
use serde::Deserialize;
use serde_json::json;
use spin_sdk::http::{IntoResponse, Request};
use store::Claimant;

const ROUTES: &[Route] = &[
    Route::get("/v1/quickbooks/settings"),
    Route::put("/v1/quickbooks/settings"),
    Route::get("/v1/quickbooks/accounts"),
    Route::get("/v1/quickbooks/classes"),
    Route::get("/v1/quickbooks/customers"),
    Route::get("/v1/quickbooks/checkup"),
    Route::post("/v1/quickbooks/disconnect"),
    Route::post("/v1/quickbooks/documents/{kind}/{id}/resolve"),
];

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    serve(Component::new("settings").for_pages(), request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (GET, ["v1", "quickbooks", "settings"]) => show_settings(call).await,
        (PUT, ["v1", "quickbooks", "settings"]) => replace_settings(call).await,
        (GET, ["v1", "quickbooks", "accounts"]) => list_accounts(call).await,
        (GET, ["v1", "quickbooks", "classes"]) => list_classes(call).await,
        (GET, ["v1", "quickbooks", "customers"]) => list_customers(call).await,
        (GET, ["v1", "quickbooks", "checkup"]) => check_company(call).await,
        (POST, ["v1", "quickbooks", "disconnect"]) => end_connection(call).await,
        (POST, ["v1", "quickbooks", "documents", kind, id, "resolve"]) => {
            decision::record(call, kind, id).await
        }
        _ => Err(call.unknown_route(ROUTES)),
    }
}

async fn show_settings(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = callers::require_session(call).await?;
    let store = services::open_store(call).await?;
    let record = store.settings(&session.firm).await?;
    Ok(Answer::json(200, &record.settings).etag(&record.version.to_string()))
}

async fn replace_settings(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = callers::require_session(call).await?;
    callers::require_manager(&session)?;
    callers::require_paid_plan(&session)?;
    let version = read_version(call)?;
    let settings = mapping::settings::parse(&call.body)?;
    let replacement = Replacement { version, settings };
    let owner = call.new_entropy().token();
    let services = services::open_services(call).await?;
    let claimant = Claimant {
        owner: &owner,
        now: call.received_at,
    };
    let before = services.store.settings(&session.firm).await?.settings;
    let saved = replace(&services, &session.firm, replacement, claimant).await?;
    let changed = changed_fields(&before, &saved.settings).join("; ");
    let act = Audit::new("settings_replaced", session.user.as_ref(), claimant.now);
    call.audit(act.what(&changed));
    Ok(Answer::json(200, &saved.settings).etag(&saved.version.to_string()))
}

/// Reads the version of `If-Match` (RFC 9110 section 13.1.1). A malformed entity tag is treated as the tag of an old version.
fn read_version(call: &Call<'_>) -> Result<u64, Problem> {
    let tag = call
        .header("if-match")
        .ok_or_else(problem::precondition_required)?;
    let number = tag
        .trim()
        .strip_prefix('"')
        .and_then(|tag| tag.strip_suffix('"'));
    number
        .and_then(|number| number.parse().ok())
        .ok_or_else(problem::settings_changed)
}

async fn list_accounts(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = callers::require_session(call).await?;
    let purpose = read_purpose(call)?;
    let owner = call.new_entropy().token();
    let claimant = Claimant {
        owner: &owner,
        now: call.received_at,
    };
    let services = services::open_services(call).await?;
    let found = setting_options::accounts(&services, &session.firm, purpose, claimant).await?;
    Ok(list_answer("accounts", &found))
}

fn read_purpose(call: &Call<'_>) -> Result<AccountPurpose, Problem> {
    let purpose = call.query_parameter("for");
    purpose
        .as_deref()
        .and_then(AccountPurpose::from_name)
        .ok_or_else(|| {
            let problem = "must be contract_revenue, accounts_receivable, retainage or deposit";
            problem::invalid_field("for", problem)
        })
}

async fn list_classes(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = callers::require_session(call).await?;
    let owner = call.new_entropy().token();
    let claimant = Claimant {
        owner: &owner,
        now: call.received_at,
    };
    let services = services::open_services(call).await?;
    let found = setting_options::classes(&services, &session.firm, claimant).await?;
    Ok(list_answer("classes", &found))
}

async fn list_customers(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = callers::require_session(call).await?;
    let name_part = call.query_parameter("q").unwrap_or_default();
    let owner = call.new_entropy().token();
    let claimant = Claimant {
        owner: &owner,
        now: call.received_at,
    };
    let services = services::open_services(call).await?;
    let found = setting_options::customers(&services, &session.firm, &name_part, claimant).await?;
    Ok(list_answer("customers", &found))
}

async fn check_company(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = callers::require_session(call).await?;
    let owner = call.new_entropy().token();
    let claimant = Claimant {
        owner: &owner,
        now: call.received_at,
    };
    let services = services::open_services(call).await?;
    let found = checkup(&services, &session.firm, claimant).await?;
    Ok(Answer::json(200, &found))
}

fn list_answer(name: &str, found: &[SettingOption]) -> Answer {
    Answer::json(200, &json!({ name: found }))
}

/// The body that confirms the end of the connection.
#[derive(Deserialize)]
struct Confirmation {
    confirm: bool,
}

async fn end_connection(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = callers::require_session(call).await?;
    callers::require_manager(&session)?;
    let Confirmation { confirm } = call.read_json()?;
    if !confirm {
        let problem = "must be true to disconnect";
        return Err(problem::invalid_field("confirm", problem));
    }
    let services = services::open_services(call).await?;
    let revoke_origin = config::revoke_origin().await?;
    let owner = call.new_entropy().token();
    let claimant = Claimant {
        owner: &owner,
        now: call.received_at,
    };
    disconnect(&services.auth(), &session.firm, &revoke_origin, claimant).await?;
    let user = session.user.as_ref();
    call.audit(Audit::new("disconnected", user, claimant.now));
    let status = views::status(&services.store, &session, call.received_at).await?;
    Ok(Answer::json(200, &status))
}
