//! A page in a browser, as a person uses it and as a test looks at it.

use crate::accessibility;
use crate::browser::Browser;
use crate::chromium;
use crate::look::Look;
use anyhow::{Context as _, bail, ensure};
use fantoccini::Locator;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::{Value, json};

/// The time that a text may take to appear, in milliseconds.
const PATIENCE: u32 = 20_000;

/// Waits in the page until it has a text, visible or for readers of screens.
const WAIT: &str = "const [text, patience, done] = arguments;
    const has = () => document.body?.innerText.includes(text);
    if (has()) { done(true); return; }
    const observer = new MutationObserver(() => { if (has()) end(true); });
    const end = (found) => { observer.disconnect(); done(found); };
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    setTimeout(() => end(has()), patience);";

/// The page in the current tab of a browser.
#[derive(Clone, Copy)]
pub struct Page<'a>(
    /// The browser.
    pub &'a Browser,
);

impl Page<'_> {
    /// Opens an address. A page that is open already is loaded anew, even if only the fragment differs.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn open(&self, address: &str) -> anyhow::Result<()> {
        self.0.driver.goto("about:blank").await?;
        Ok(self.0.driver.goto(address).await?)
    }

    /// Waits until the page shows a text.
    ///
    /// # Errors
    /// If the text does not appear in time. The error has what the page shows.
    pub async fn shows(&self, text: &str) -> anyhow::Result<()> {
        for _ in 0..8 {
            let arguments = vec![json!(text), json!(PATIENCE)];
            // A navigation ends the script; the next page is asked again.
            let Ok(found) = self.0.driver.execute_async(WAIT, arguments).await else {
                continue;
            };
            if found == Value::Bool(true) {
                return Ok(());
            }
            break;
        }
        let shown = self.run(
            "return location.href + '\\n' + document.body.innerText",
            vec![],
        );
        bail!("the page does not show {text:?} but:\n{}", shown.await?)
    }

    /// Runs a script in the page and returns its value.
    ///
    /// # Errors
    /// If the script throws.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> anyhow::Result<Value> {
        Ok(self.0.driver.execute(script, arguments).await?)
    }

    /// Runs a script that ends by calling its last argument, and returns what it passes.
    ///
    /// # Errors
    /// If the script throws or does not end in time.
    pub async fn run_to_end(&self, script: &str) -> anyhow::Result<Value> {
        Ok(self.0.driver.execute_async(script, vec![]).await?)
    }

    /// Clicks what a selector finds, as soon as it is there.
    ///
    /// # Errors
    /// If the selector finds nothing in time, or something covers it.
    pub async fn click(&self, selector: &str) -> anyhow::Result<()> {
        let appears = "const [selector, patience, done] = arguments;
            const has = () => document.querySelector(selector) && !document.querySelector(selector).disabled;
            if (has()) { done(true); return; }
            const observer = new MutationObserver(() => { if (has()) { observer.disconnect(); done(true); } });
            observer.observe(document, { subtree: true, childList: true, attributes: true });
            setTimeout(() => { observer.disconnect(); done(false); }, patience);";
        for _ in 0..3 {
            let arguments = vec![json!(selector), json!(PATIENCE)];
            // A navigation ends the script; the next page is asked again.
            if self
                .0
                .driver
                .execute_async(appears, arguments)
                .await
                .is_ok()
            {
                break;
            }
        }
        let found = self.0.driver.find(Locator::Css(selector)).await;
        let element = found.with_context(|| format!("nothing is at {selector}"))?;
        let scroll = "arguments[0].scrollIntoView({ block: 'center', inline: 'center' })";
        let place = serde_json::to_value(&element)?;
        self.run(scroll, vec![place]).await?;
        element
            .click()
            .await
            .with_context(|| format!("{selector} cannot be clicked"))
    }

    /// Types a text into the field that a selector finds.
    ///
    /// # Errors
    /// If the selector finds no field.
    pub async fn type_into(&self, selector: &str, text: &str) -> anyhow::Result<()> {
        let field = self.0.driver.find(Locator::Css(selector)).await?;
        Ok(field.send_keys(text).await?)
    }

    /// Chooses the entry with this text in the menu that a selector finds.
    ///
    /// # Errors
    /// If the menu has no such entry.
    pub async fn choose(&self, selector: &str, text: &str) -> anyhow::Result<()> {
        let choose = "const menu = document.querySelector(arguments[0]);
            const entry = [...menu.options].find((option) => option.textContent === arguments[1]);
            menu.value = entry.value;
            menu.dispatchEvent(new Event('change', { bubbles: true }));";
        let arguments = vec![json!(selector), json!(text)];
        self.run(choose, arguments).await.map(drop)
    }

    /// Presses a key where the focus is.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn press(&self, key: Key) -> anyhow::Result<()> {
        let value = char::from(key);
        let keys = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
        Ok(self.0.driver.perform_actions(keys).await?)
    }

    /// Returns the id of the element that has the focus.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn focused(&self) -> anyhow::Result<String> {
        let id = self
            .run("return document.activeElement?.id ?? ''", vec![])
            .await?;
        Ok(id.as_str().unwrap_or_default().to_owned())
    }

    /// Goes to the tab that was opened last, as soon as there are so many.
    ///
    /// # Errors
    /// If there are fewer tabs in the end.
    pub async fn switch_to_tab(&self, count: usize) -> anyhow::Result<()> {
        for _ in 0..200 {
            let tabs = self.0.driver.windows().await?;
            if let Some(tab) = tabs.get(count - 1) {
                return Ok(self.0.driver.switch_to_window(tab.clone()).await?);
            }
        }
        bail!("there are fewer than {count} tabs")
    }

    /// Closes all tabs but the first, and goes there.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn close_other_tabs(&self) -> anyhow::Result<()> {
        let tabs = self.0.driver.windows().await?;
        let first = tabs.first().context("no tab is open")?;
        for tab in tabs.iter().skip(1) {
            self.0.driver.switch_to_window(tab.clone()).await?;
            self.0.driver.close_window().await?;
        }
        Ok(self.0.driver.switch_to_window(first.clone()).await?)
    }

    /// Sets the size and the colors.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn look(&self, look: Look) -> anyhow::Result<()> {
        let scheme = if look == Look::Dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.tell(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        )
        .await?;
        self.resize(look, 800).await
    }

    async fn resize(&self, look: Look, height: u64) -> anyhow::Result<()> {
        let is_phone = look == Look::Phone;
        let size = json!({ "width": look.width(), "height": height, "deviceScaleFactor": 1, "mobile": is_phone });
        self.tell("Emulation.setDeviceMetricsOverride", size).await
    }

    /// Sends a command of the browser's own protocol (<https://chromedevtools.github.io/devtools-protocol/>).
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn tell(&self, command: &str, parameters: Value) -> anyhow::Result<()> {
        chromium::tell(&self.0.driver, command, parameters).await
    }

    /// Waits until nothing on the page moves: what fades in has no contrast yet.
    async fn wait_for_motion(&self) -> anyhow::Result<()> {
        let motion = "const settle = async () => {
            const moving = document.getAnimations();
            if (moving.length === 0) return;
            await Promise.allSettled(moving.map((motion) => motion.finished));
            await settle();
        };
        return settle();";
        self.run(motion, vec![]).await.map(drop)
    }

    /// Returns a picture of the whole page.
    ///
    /// # Errors
    /// If the page is wider than the screen, or the browser does not answer.
    pub async fn picture(&self, look: Look) -> anyhow::Result<Vec<u8>> {
        self.wait_for_motion().await?;
        let size =
            "return [document.documentElement.scrollWidth, document.documentElement.scrollHeight]";
        let size = self.run(size, vec![]).await?;
        let width = size[0].as_u64().unwrap_or_default();
        ensure!(width <= u64::from(look.width()), "the page is {width} wide");
        self.resize(look, size[1].as_u64().unwrap_or_default().clamp(600, 5000))
            .await?;
        Ok(self.0.driver.screenshot().await?)
    }

    /// Returns what the page reported since the last call: errors of scripts and violations of its security policy. Refused requests
    /// are left out, since the page shows them in words.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn complaints(&self) -> anyhow::Result<Vec<String>> {
        let log = chromium::take_log(&self.0.driver).await?;
        let reported = log.into_iter().filter(|entry| {
            let is_refusal = entry.message.contains("Failed to load resource");
            let is_severe = entry.level == "SEVERE" || entry.message.contains("Security Policy");
            is_severe && !is_refusal && !entry.message.contains("favicon.ico")
        });
        Ok(reported.map(|entry| entry.message).collect())
    }

    /// Returns the violations of WCAG that axe-core finds.
    ///
    /// # Errors
    /// If the script cannot be installed or run.
    pub async fn violations(&self) -> anyhow::Result<Vec<String>> {
        let Some(script) = accessibility::script()? else {
            return Ok(Vec::new());
        };
        self.run(script, vec![]).await?;
        self.wait_for_motion().await?;
        let found = self.run(accessibility::RUN, vec![]).await?;
        Ok(serde_json::from_value(found)?)
    }
}
