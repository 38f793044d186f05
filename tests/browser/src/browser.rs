//! A browser without a window, steered through WebDriver (<https://www.w3.org/TR/webdriver2/>).

use crate::run_size::is_full;
use anyhow::{Context as _, bail};
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use std::env;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-device-scale-factor=1",
];

/// A running browser with a profile of its own. [`Browser::close`] ends it.
pub struct Browser {
    /// The session.
    pub driver: Client,
    process: Child,
    profile: PathBuf,
}

impl Browser {
    /// Starts a browser. `None` if this machine has none and the tests need not be complete; then a line says so.
    ///
    /// # Errors
    /// If the browser does not start, or has to be there and is not.
    pub async fn start() -> anyhow::Result<Option<Self>> {
        let started = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let mut process = match started {
            Ok(process) => process,
            Err(problem) if problem.kind() == ErrorKind::NotFound => return missing(),
            Err(problem) => return Err(problem).context("chromedriver does not start"),
        };
        let port = port_of(&mut process).await?;
        let profile = new_profile();
        let mut connection = ClientBuilder::new(HttpConnector::new());
        connection.capabilities(capabilities(&profile));
        let address = format!("http://127.0.0.1:{port}");
        let driver = connection.connect(&address).await?;
        Ok(Some(Self {
            driver,
            process,
            profile,
        }))
    }

    /// Ends the browser and removes its profile.
    ///
    /// # Errors
    /// If the session does not end.
    pub async fn close(mut self) -> anyhow::Result<()> {
        self.driver.close().await?;
        self.process.kill().await?;
        // A profile that is left over is only disk space.
        let _ = std::fs::remove_dir_all(&self.profile);
        Ok(())
    }
}

/// Returns what the session needs: its own profile, a log of the console, and time for scripts that wait for a text.
fn capabilities(profile: &Path) -> Capabilities {
    let profile = format!("--user-data-dir={}", profile.display());
    let flags: Vec<&str> = FLAGS.into_iter().chain([profile.as_str()]).collect();
    Capabilities::from_iter([
        ("browserName".to_owned(), json!("chrome")),
        ("goog:chromeOptions".to_owned(), json!({ "args": flags })),
        ("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" })),
        ("timeouts".to_owned(), json!({ "script": 60_000 })),
    ])
}

fn missing() -> anyhow::Result<Option<Browser>> {
    let remedy = "install Debian's chromium and chromium-driver";
    if is_full() {
        bail!("chromedriver is missing; {remedy}");
    }
    println!("skipped: no chromedriver here; {remedy} to test the page");
    Ok(None)
}

/// Returns the port that chromedriver found, as it prints it.
async fn port_of(process: &mut Child) -> anyhow::Result<u16> {
    let output = process
        .stdout
        .take()
        .context("chromedriver has no output")?;
    let mut lines = BufReader::new(output).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some((_, port)) = line.rsplit_once("successfully on port ") {
            return Ok(port.trim_end_matches('.').parse()?);
        }
    }
    bail!("chromedriver ended before it listened")
}

fn new_profile() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("rivet-browser-{}-{number}", std::process::id());
    env::temp_dir().join(name)
}
