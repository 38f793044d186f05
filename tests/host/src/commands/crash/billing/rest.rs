//! Coming to rest: nothing goes wrong any more, and the schedule runs until nothing waits.

use anyhow::{Context as _, ensure};
use http::Request;
use serde_json::{Value, json};

use super::super::life::BEYOND_LEASES;
use super::super::world::World;
use super::run::{PATIENCE, Run};
use crate::demo::firm::Firm;

impl Run {
    /// Nothing goes wrong any more, and the clock moves on until nothing waits.
    pub async fn rest(&mut self) -> anyhow::Result<()> {
        for _ in 0..PATIENCE {
            let host = self.world.start(BEYOND_LEASES)?;
            let before = self.progress();
            self.sign_in_again().await;
            let mut reached = None;
            while reached != Some(self.progress()) {
                reached = Some(self.progress());
                let _ = self.world.refresh().await?;
                let _ = self.world.sync().await?;
            }
            let at_rest = self.is_at_rest().await?;
            if at_rest {
                self.check().await?;
            } else if self.progress() == before {
                self.retry().await?;
            }
            self.world.kill(host)?;
            if at_rest {
                return Ok(());
            }
            self.waits += 1;
        }
        let host = self.world.start(BEYOND_LEASES)?;
        self.violations.push(format!(
            "after {PATIENCE} waits something waits: {}",
            self.standings().await?
        ));
        self.check().await?;
        self.world.kill(host).map(drop)
    }

    /// The office asks again for what was refused. What is held has all that it waits for, and should have gone on by itself.
    async fn retry(&mut self) -> anyhow::Result<()> {
        for place in 0..self.expected.len() {
            let (mut again, mut stuck) = (Vec::new(), Vec::new());
            for (kind, id, _) in &self.expected[place].documents {
                let document = self.firm(place).document(kind, id).await?;
                let state = document["state"].as_str().unwrap_or_default();
                let why = &document["reason"];
                if state == "held" {
                    stuck.push(format!("{kind} {id} is held for ever: {why}"));
                }
                if ["failed", "held"].contains(&state) {
                    again.push(json!({ "kind": kind, "id": id }));
                    let why = why["code"].as_str().unwrap_or_default().to_owned();
                    *self.retried.entry(why).or_default() += 1;
                }
            }
            self.violations.append(&mut stuck);
            if !again.is_empty() {
                let asked = json!({ "documents": again });
                let retry = Request::post("/v1/quickbooks/sync");
                self.firm(place).call(retry, Some(&asked)).await?;
            }
        }
        Ok(())
    }

    async fn is_at_rest(&self) -> anyhow::Result<bool> {
        for place in 0..self.expected.len() {
            let status = self.status(place).await?;
            let waits = ["pending", "held", "failed", "uncertain"];
            if waits.iter().any(|what| status["sync"][what] != 0) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What each firm is told, for whoever wonders why.
    pub async fn standings(&self) -> anyhow::Result<String> {
        let mut told = Vec::new();
        for place in 0..self.expected.len() {
            told.push(match self.status(place).await {
                Ok(status) => format!(
                    "{}: {} {}",
                    self.deliveries.firms[place].0, status["status"], status["sync"]
                ),
                Err(error) => format!("{error:#}"),
            });
        }
        Ok(told.join("; "))
    }

    async fn status(&self, place: usize) -> anyhow::Result<Value> {
        let told = self
            .firm(place)
            .call(Request::get("/v1/quickbooks/status"), None)
            .await?;
        ensure!(told.status == 200, "status {}: {}", told.status, told.body);
        Ok(told.body)
    }
}

impl Firm<'_, World> {
    /// A document as the office sees it.
    pub(super) async fn document(&self, kind: &str, id: &str) -> anyhow::Result<Value> {
        let path = format!("/v1/quickbooks/documents/{kind}/{id}");
        let told = self
            .call(Request::get(path), None)
            .await
            .with_context(|| id.to_owned())?;
        Ok(told.body)
    }
}
