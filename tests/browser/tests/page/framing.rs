//! The page in a frame of RIVET's page, which hands the session over by a message.

use crate::manifest;
use browser::browser::Browser;
use browser::page::Page;
use bytes::Bytes;
use host::demo::local_deployment::{DeploymentOptions, LocalDeployment};
use host::{App, Front, Options, RunningApp};
use http::Response;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use std::collections::BTreeMap;
use tokio::net::TcpListener;

/// Serves RIVET's page with a frame around `url`, which gives `token` to whoever asks for it.
async fn serve_app(listener: TcpListener, url: &str, token: &str) -> RunningApp {
    let html = format!(
        "<!doctype html><title>RIVET</title><iframe src=\"{url}/\" width=1000 height=600></iframe><script>
        addEventListener('message', (event) => event.source.postMessage({{ type: 'rivet:session', token: '{token}' }}, '*'));
        </script>"
    );
    let front = move |_: &Parts| {
        let mut answer = Response::new(Bytes::from(html.clone()));
        let kind = "text/html".parse().unwrap();
        answer.headers_mut().insert(CONTENT_TYPE, kind);
        Front::Answer(answer)
    };
    let variables =
        host::demo::local_deployment::variables(&host::demo::rivet::Rivet::of_the_demo(), url, url);
    let options = Options {
        variables,
        ..Options::default()
    };
    let app = App::load(manifest(), options).unwrap();
    app.serve_behind(listener, front).unwrap()
}

/// Opens RIVET's page around the components, whose variable `rivet_app_url` names `app_url` or RIVET's page. Returns what the frame shows.
async fn frame_text(app_url: Option<&str>) -> Option<String> {
    let browser = Browser::start().await.unwrap()?;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let rivets = format!("http://{}/", listener.local_addr().unwrap());
    let app_url = app_url.unwrap_or(&rivets).to_owned();
    let options = DeploymentOptions {
        variables: BTreeMap::from([("rivet_app_url".to_owned(), app_url)]),
        ..DeploymentOptions::default()
    };
    let deployment = LocalDeployment::start(manifest(), options).await.unwrap();
    let token = deployment
        .rivet
        .session_token("firm_harbor", deployment.now());
    let running = serve_app(listener, &deployment.url, &token).await;
    let page = Page(&browser);
    page.open(&rivets).await.unwrap();
    browser.driver.enter_frame(0).await.unwrap();
    // A frame that the browser refuses has no page of ours, and no text.
    let shown = page.shows("Who signs in").await;
    let text = shown.map_or_else(|problem| problem.to_string(), |()| "signed in".into());
    browser.close().await.unwrap();
    running.stop().await;
    deployment.stop().await;
    Some(text)
}

#[tokio::test(flavor = "multi_thread")]
async fn frame_of_rivet_gets_session_by_message() {
    let Some(text) = frame_text(None).await else {
        return;
    };
    assert_eq!(text, "signed in");
}

#[tokio::test(flavor = "multi_thread")]
async fn frame_of_another_site_shows_nothing() {
    let Some(text) = frame_text(Some("https://app.rivet.example/")).await else {
        return;
    };
    assert!(
        !text.contains("Integrations") && text != "signed in",
        "{text}"
    );
}
