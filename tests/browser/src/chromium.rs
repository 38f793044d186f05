//! Commands of chromedriver that the standard does not have.

use anyhow::Context as _;
use fantoccini::Client;
use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// A command below the path of the session.
#[derive(Debug)]
struct Command {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, driver: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        let session = session.unwrap_or_default();
        driver.join(&format!("session/{session}/{}", self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// Sends a command of the browser's own protocol (<https://chromedevtools.github.io/devtools-protocol/>).
///
/// # Errors
/// If the browser does not answer, or refuses the command.
pub async fn tell(driver: &Client, command: &str, parameters: Value) -> anyhow::Result<()> {
    let told = Command {
        path: "goog/cdp/execute",
        body: json!({ "cmd": command, "params": parameters }),
    };
    driver.issue_cmd(told).await?;
    Ok(())
}

/// An entry of the console.
pub struct LogEntry {
    /// The severity, such as `SEVERE`.
    pub level: String,
    /// The text, with the place in the page that wrote it.
    pub message: String,
}

/// Returns what the console got since the last call.
///
/// # Errors
/// If the browser does not answer, or an entry has no level or text.
pub async fn take_log(driver: &Client) -> anyhow::Result<Vec<LogEntry>> {
    let asked = Command {
        path: "se/log",
        body: json!({ "type": "browser" }),
    };
    let log = driver.issue_cmd(asked).await?;
    let entries = log.as_array().context("the log is no list")?;
    entries.iter().map(entry).collect()
}

fn entry(entry: &Value) -> anyhow::Result<LogEntry> {
    let text = |name: &str| {
        let text = entry[name].as_str();
        text.map(str::to_owned)
            .with_context(|| format!("an entry of the log has no {name}: {entry}"))
    };
    Ok(LogEntry {
        level: text("level")?,
        message: text("message")?,
    })
}
