//! The sample firm: its owner connects a company and maps accounts, and its billing sends events.

use super::deployment::Deployment;
use super::local_deployment::LocalDeployment;
use anyhow::{Context as _, ensure};
use bytes::Bytes;
use http::header::{AUTHORIZATION, COOKIE, ETAG, IF_MATCH, LOCATION, SET_COOKIE};
use http::request::Builder;
use http::{HeaderMap, Request, Response};
use samples::tie_out::Accounts;
use serde_json::{Value, json};
use simulator::ConsentDecision;

/// A firm with a company at the simulated QuickBooks.
pub struct Firm<'a, S = LocalDeployment> {
    /// The components that the firm uses.
    pub deployment: &'a S,
    /// RIVET's id of the firm.
    pub id: String,
    /// QuickBooks' id of its company (`realmId`).
    pub realm: String,
}

/// An answer of the components, with its body parsed.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The JSON body. Null if the body is not JSON.
    pub body: Value,
}

impl<S: Deployment> Firm<'_, S> {
    /// Sends a request as the firm's owner.
    ///
    /// # Errors
    /// Fails if there is no complete answer.
    pub async fn call(&self, request: Builder, body: Option<&Value>) -> anyhow::Result<Answer> {
        let token = self
            .deployment
            .rivet()
            .session_token(&self.id, self.deployment.now());
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = request
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .body(Bytes::from(body))?;
        Ok(parse_answer(self.deployment.send(request).await?))
    }

    /// Signs in through the components and Intuit's page, and confirms a new company as the firm's owner. Returns `connected` if that was
    /// confirmed, the code if it was refused, or else the query of the address where the browser lands.
    ///
    /// # Errors
    /// Fails if a step does not redirect to the next one.
    pub async fn connect(&self) -> anyhow::Result<String> {
        let landing = self.sign_in().await?;
        let query = landing.split_once('?').map_or("", |(_, query)| query);
        match query.strip_prefix("quickbooks=confirm&confirmation=") {
            Some(confirmation) => {
                let confirmed = self.confirm(confirmation).await?;
                let refused = confirmed.body["code"].as_str().map(str::to_owned);
                Ok(refused.unwrap_or_else(|| "connected".to_owned()))
            }
            None => Ok(query.to_owned()),
        }
    }

    /// Confirms a new company as the firm's owner.
    ///
    /// # Errors
    /// Fails if there is no complete answer.
    pub async fn confirm(&self, confirmation: &str) -> anyhow::Result<Answer> {
        let request = Request::post("/v1/quickbooks/connect/confirm");
        let body = json!({ "confirmation": confirmation });
        self.call(request, Some(&body)).await
    }

    /// Signs in through the components and Intuit's page. Returns the address to which the browser is redirected at last.
    ///
    /// # Errors
    /// Fails if a step does not redirect to the next one.
    pub async fn sign_in(&self) -> anyhow::Result<String> {
        let issued = self
            .call(Request::post("/v1/quickbooks/connect"), None)
            .await?;
        let link = issued.body["connect_url"]
            .as_str()
            .with_context(|| format!("no connect_url: {}", issued.body))?;
        let link = link
            .strip_prefix(self.deployment.url())
            .context("the connect_url points to another host")?;
        let redirected = self.browse(Request::get(link)).await?;
        let cookie = header(&redirected.headers, SET_COOKIE.as_str())?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let authorize_url = header(&redirected.headers, LOCATION.as_str())?;
        let back = self.deployment.simulator().consent(
            &authorize_url,
            &self.realm,
            ConsentDecision::Connect,
        );
        let back = back.map_err(|error| anyhow::anyhow!("Intuit's page: {error}"))?;
        let back = format!("{}?{}", back.path(), back.query().unwrap_or_default());
        let returned = self
            .browse(Request::get(back).header(COOKIE, cookie))
            .await?;
        header(&returned.headers, LOCATION.as_str())
    }

    /// Maps the accounts among those that the settings page offers, applies `change`, and saves the settings.
    ///
    /// # Errors
    /// Fails if an account is not offered or the settings are refused.
    pub async fn map_accounts(&self, change: impl FnOnce(&mut Value)) -> anyhow::Result<Accounts> {
        let accounts = Accounts {
            revenue: self
                .find_account("contract_revenue", "Contract Revenue")
                .await?,
            receivable: self
                .find_account("accounts_receivable", "Accounts Receivable (A/R)")
                .await?,
            retainage: self
                .find_account("retainage", "Retainage Receivable")
                .await?,
            deposits: self.find_account("deposit", "Undeposited Funds").await?,
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

    async fn find_account(&self, purpose: &str, name: &str) -> anyhow::Result<String> {
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
    /// Fails if there is no complete answer.
    pub async fn deliver(&self, id: &str, body: &str) -> anyhow::Result<Answer> {
        let mut request = Request::post("/v1/webhooks/billing");
        for (name, value) in
            self.deployment
                .rivet()
                .signature_headers(id, body, self.deployment.now())
        {
            request = request.header(name, value);
        }
        let request = request.body(Bytes::from(body.to_owned()))?;
        Ok(parse_answer(self.deployment.send(request).await?))
    }

    async fn browse(&self, request: Builder) -> anyhow::Result<Answer> {
        let answer = parse_answer(self.deployment.send(request.body(Bytes::new())?).await?);
        ensure!(
            answer.status == 302,
            "the browser was not redirected: {}",
            answer.body
        );
        Ok(answer)
    }
}

/// Parses an answer.
pub fn parse_answer(answer: Response<Bytes>) -> Answer {
    let (head, body) = answer.into_parts();
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    Answer {
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
