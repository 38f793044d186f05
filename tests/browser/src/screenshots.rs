//! Plays each state in a browser, and keeps a picture of each look.

use crate::browser::Browser;
use crate::look::Look;
use crate::page::Page;
use crate::scripted_api::ScriptedApi;
use crate::states::{self, State};
use anyhow::{Context as _, bail};
use host::demo::rivet::{Rivet, User};
use host::demo::session_hand_over::VISITORS;
use host::{App, Logs, Manifest, Options, RunningApp, build};
use jiff::Timestamp;
use std::path::Path;
use tokio::net::TcpListener;

/// The real component that serves the page, behind scripted answers.
pub struct ScriptedPage {
    api: ScriptedApi,
    rivet: Rivet,
    running: RunningApp,
}

impl ScriptedPage {
    /// Starts to serve on a free port. The components must be built.
    ///
    /// # Errors
    /// If the component cannot be started.
    pub async fn start(manifest: &Manifest) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let rivet = Rivet::of_the_demo();
        let variables = host::demo::local_deployment::variables(&rivet, &url, &url);
        let options = Options {
            variables,
            logs: Logs::in_memory(),
            ..Options::default()
        };
        let app = App::load(manifest, options)?;
        let api = ScriptedApi::default();
        let front = api.clone();
        let running = app.serve_behind(listener, move |head| front.answer(head))?;
        Ok(Self {
            api,
            rivet,
            running,
        })
    }

    /// Opens the page in a state, and does what a person does there.
    ///
    /// # Errors
    /// If a step is not possible, or the page does not show what the state says.
    pub async fn play(&self, state: &State, page: Page<'_>) -> anyhow::Result<()> {
        self.api.play(state)?;
        page.open(&format!("{}/assets/none", self.running.url()))
            .await?;
        page.run("sessionStorage.clear()", vec![]).await?;
        page.complaints().await?;
        page.open(&self.address(state)).await?;
        for step in &state.steps {
            take(step, page).await.with_context(|| step.clone())?;
        }
        page.shows(&state.shows).await
    }

    /// Returns the address with the visitor's session, as RIVET hands it over.
    fn address(&self, state: &State) -> String {
        let url = self.running.url();
        let (query, view) = match state.address.split_once("#/") {
            Some((query, view)) => (query, view),
            None => (state.address.as_str(), ""),
        };
        let Some(user) = visitor(state) else {
            return format!("{url}/{query}");
        };
        let token = self
            .rivet
            .user_token(&user, "firm_harbor", Timestamp::now());
        let view: String = url_encoded(view);
        format!("{url}/{query}#session={token}&view={view}")
    }
}

fn visitor(state: &State) -> Option<User> {
    let visitor = VISITORS
        .iter()
        .find(|visitor| visitor.path == state.visitor);
    visitor.map(|visitor| visitor.user)
}

fn url_encoded(text: &str) -> String {
    let encoded = text.bytes().map(|byte| format!("%{byte:02X}"));
    encoded.collect()
}

async fn take(step: &str, page: Page<'_>) -> anyhow::Result<()> {
    match step.split_once(' ') {
        Some(("click", selector)) => page.click(selector).await,
        Some(("text", text)) => page.shows(text).await,
        Some(("block", _)) => page.run("window.open = () => null", vec![]).await.map(drop),
        Some(("ask", _)) => {
            let again = "dispatchEvent(new Event('online'))";
            page.run(again, vec![]).await.map(drop)
        }
        _ => bail!("nobody knows this step"),
    }
}

/// Renders each state in each look to `folder`, as `<state>-<look>.png`.
///
/// # Errors
/// If there is no browser, a state does not show what it should, or a file cannot be written.
pub async fn render(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let manifest = Manifest::read_for_test(Path::new("spin.toml"))?;
    build::components(&manifest)?;
    let served = ScriptedPage::start(&manifest).await?;
    let browser = Browser::start().await?.context("no browser")?;
    let page = Page(&browser);
    for state in states::all()? {
        for look in Look::ALL {
            let name = format!("{}-{}", state.name, look.name());
            page.look(look).await?;
            served
                .play(&state, page)
                .await
                .with_context(|| name.clone())?;
            let picture = page.picture(look).await.with_context(|| name.clone())?;
            std::fs::write(folder.join(format!("{name}.png")), picture)?;
            page.close_other_tabs().await?;
        }
        println!("{}", state.name);
    }
    browser.close().await
}
