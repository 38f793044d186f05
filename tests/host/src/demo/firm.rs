//! The sample firm's office: it connects its company, chooses its accounts, and its billing sends events.

use super::site::Site;
use super::stage::Stage;
use super::tie_out::Accounts;
use anyhow::{Context as _, ensure};
use bytes::Bytes;
use http::header::{AUTHORIZATION, COOKIE, ETAG, IF_MATCH, LOCATION, SET_COOKIE};
use http::request::Builder;
use http::{HeaderMap, Request, Response};
use serde_json::{Value, json};
use simulator::ConsentDecision;

/// A firm with a company at the simulated QuickBooks.
pub struct Firm<'a, S = Stage> {
    /// Where it plays.
    pub stage: &'a S,
    /// RIVET's id of it.
    pub id: String,
    /// QuickBooks' id of its company.
    pub realm: String,
}

/// An answer of the components, read.
#[derive(Debug)]
pub struct Told {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; null if it is not JSON.
    pub body: Value,
}

impl<S: Site> Firm<'_, S> {
    /// Calls as the firm's owner.
    ///
    /// # Errors
    /// If the answer breaks off.
    pub async fn call(&self, request: Builder, body: Option<&Value>) -> anyhow::Result<Told> {
        let token = self.stage.rivet().session(&self.id, self.stage.now());
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = request
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .body(Bytes::from(body))?;
        Ok(told(self.stage.send(request).await?))
    }

    /// The whole way through the real components and Intuit's page: where the browser lands.
    ///
    /// # Errors
    /// If a step answers something else than the way on.
    pub async fn connect(&self) -> anyhow::Result<String> {
        let issued = self
            .call(Request::post("/v1/quickbooks/connect"), None)
            .await?;
        let link = issued.body["connect_url"]
            .as_str()
            .with_context(|| format!("no connect_url: {}", issued.body))?;
        let link = link
            .strip_prefix(self.stage.url())
            .context("a link elsewhere")?;
        let departed = self.browse(Request::get(link)).await?;
        let cookie = header(&departed.headers, SET_COOKIE.as_str())?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let intuit = header(&departed.headers, LOCATION.as_str())?;
        let back = self
            .stage
            .simulator()
            .consent(&intuit, &self.realm, ConsentDecision::Connect);
        let back = back.map_err(|error| anyhow::anyhow!("Intuit's page: {error}"))?;
        let back = format!("{}?{}", back.path(), back.query().unwrap_or_default());
        let landed = self
            .browse(Request::get(back).header(COOKIE, cookie))
            .await?;
        header(&landed.headers, LOCATION.as_str())
    }

    /// Maps the accounts from what is offered, with `change` applied to the settings.
    ///
    /// # Errors
    /// If an account is not offered or the settings are refused.
    pub async fn choose(&self, change: impl FnOnce(&mut Value)) -> anyhow::Result<Accounts> {
        let accounts = Accounts {
            revenue: self.offered("contract_revenue", "Contract Revenue").await?,
            receivable: self
                .offered("accounts_receivable", "Accounts Receivable (A/R)")
                .await?,
            retainage: self.offered("retainage", "Retainage Receivable").await?,
            deposits: self.offered("deposit", "Undeposited Funds").await?,
        };
        let shown = self
            .call(Request::get("/v1/quickbooks/settings"), None)
            .await?;
        let mut settings = shown.body;
        settings["accounts"] = json!({
            "contract_revenue": accounts.revenue,
            "accounts_receivable": accounts.receivable,
            "retainage": accounts.retainage,
            "deposit": null,
        });
        change(&mut settings);
        let version = header(&shown.headers, ETAG.as_str())?;
        let put = Request::put("/v1/quickbooks/settings").header(IF_MATCH, version);
        let saved = self.call(put, Some(&settings)).await?;
        ensure!(
            saved.status == 200,
            "the settings were refused: {}",
            saved.body
        );
        Ok(accounts)
    }

    async fn offered(&self, purpose: &str, name: &str) -> anyhow::Result<String> {
        let path = format!("/v1/quickbooks/accounts?for={purpose}");
        let offered = self.call(Request::get(path), None).await?;
        let accounts = offered.body["accounts"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let found = accounts.iter().find(|account| account["name"] == name);
        let id = found.and_then(|account| account["id"].as_str());
        Ok(id
            .with_context(|| format!("{name} is not offered: {}", offered.body))?
            .to_owned())
    }

    /// Sends an event as RIVET's billing does.
    ///
    /// # Errors
    /// If the answer breaks off.
    pub async fn deliver(&self, id: &str, body: &str) -> anyhow::Result<Told> {
        let mut request = Request::post("/v1/webhooks/billing");
        for (name, value) in self.stage.rivet().signed(id, body, self.stage.now()) {
            request = request.header(name, value);
        }
        let request = request.body(Bytes::from(body.to_owned()))?;
        Ok(told(self.stage.send(request).await?))
    }

    async fn browse(&self, request: Builder) -> anyhow::Result<Told> {
        let landed = told(self.stage.send(request.body(Bytes::new())?).await?);
        ensure!(
            landed.status == 302,
            "the browser was not sent on: {}",
            landed.body
        );
        Ok(landed)
    }
}

/// An answer, read.
pub fn told(answer: Response<Bytes>) -> Told {
    let (head, body) = answer.into_parts();
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    Told {
        status: head.status.as_u16(),
        headers: head.headers,
        body,
    }
}

fn header(headers: &HeaderMap, name: &str) -> anyhow::Result<String> {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    Ok(value
        .with_context(|| format!("no {name} in the answer"))?
        .to_owned())
}
