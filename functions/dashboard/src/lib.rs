//! Serves the Integrations page of RIVET, and answers every path that no other component has. The component calls nobody and
//! stores nothing; the page asks the other components with the user's session.

// Top first: a module uses only modules below it.
mod assets;
mod shell;

#[cfg(test)]
mod words;

#[cfg(test)]
#[path = "../build/join.rs"]
mod join;

use assets::Asset;
use platform::{Answer, Call, Component, GET, Problem, Route, config, serve};
use spin_sdk::http::{IntoResponse, Request};

const ROUTES: &[Route] = &[Route::get("/"), Route::get("/assets/{name}")];

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    serve(Component::new("dashboard"), request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (GET, []) => show_page(call).await,
        (GET, ["assets", name]) => match assets::find(name) {
            Some(asset) => Ok(asset_answer(asset)),
            None => Err(call.unknown_route(&[])),
        },
        _ => Err(call.unknown_route(ROUTES)),
    }
}

/// Answers with the shell. A browser keeps it, but asks each time whether it is still the same.
async fn show_page(call: &Call<'_>) -> Result<Answer, Problem> {
    let app_url = config::rivet_app_url().await?;
    let app_origin = config::rivet_app_origin().await?;
    let html = shell::html(&app_url);
    let version = shell::version(&html);
    let answer = if call.header("if-none-match") == Some(&format!("\"{version}\"")) {
        Answer::empty(304)
    } else {
        Answer::bytes("text/html; charset=utf-8", html)
    };
    Ok(answer
        .etag(&version)
        .header("cache-control", "no-cache")
        .header(
            "content-security-policy",
            shell::content_policy(&app_origin),
        ))
}

/// Answers with a file whose name changes with its content, so that a browser keeps it for ever.
fn asset_answer(asset: &Asset) -> Answer {
    Answer::bytes(asset.content_type, asset.content)
        .header("cache-control", "public, max-age=31536000, immutable")
}
