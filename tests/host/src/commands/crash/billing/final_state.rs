//! The end of a run: without further faults and kills, the schedule runs until no document waits.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use http::Request;
use serde_json::{Value, json};

use super::super::connection_run::BEYOND_LEASES;
use super::super::world::World;
use super::run::{BillingRun, MAX_CYCLES_WITHOUT_PROGRESS};
use crate::demo::firm::{Answer, Firm};

impl BillingRun {
    /// Moves the clock on and runs the schedule until no document waits, then checks every firm.
    pub async fn finish(&mut self) -> anyhow::Result<()> {
        for _ in 0..MAX_CYCLES_WITHOUT_PROGRESS {
            let host = self.world.start_host(BEYOND_LEASES)?;
            let before = self.progress();
            self.sign_in_again().await;
            let mut reached = None;
            while reached != Some(self.progress()) {
                reached = Some(self.progress());
                let _ = self.world.run_token_refresh().await?;
                let _ = self.world.run_sync().await?;
            }
            let is_finished = self.is_finished().await?;
            if is_finished {
                self.check().await?;
            } else if self.progress() == before && self.firms_to_sign_in().await.is_empty() {
                // No document may stay held, because its reason to wait is over.
                let mut held = self.retry(&["failed", "held"]).await?;
                self.violations.append(&mut held);
            }
            self.world.kill_host(host)?;
            if is_finished {
                return Ok(());
            }
            self.idle_restarts += 1;
        }
        let host = self.world.start_host(BEYOND_LEASES)?;
        self.violations.push(format!(
            "documents still wait after {MAX_CYCLES_WITHOUT_PROGRESS} restarts: {}",
            self.firm_statuses().await?
        ));
        self.check().await?;
        self.world.kill_host(host).map(drop)
    }

    /// Asks the components whether each company's books tie out, after this time.
    pub async fn tie_out(&mut self, pause: Duration) -> anyhow::Result<()> {
        let host = self.world.start_host(pause)?;
        self.sign_in_again().await;
        let _ = self.world.run_token_refresh().await?;
        let _ = self.world.run_sync().await?;
        for index in 0..self.expected.len() {
            let mut answer = self.ask_for_tie_out(index).await?;
            // A firm without work learns only from this call that its owner removed the app.
            if answer.body["code"] == "not_connected" {
                self.sign_in_again().await;
                answer = self.ask_for_tie_out(index).await?;
            }
            if answer.body["tied_out"] != Value::Bool(true) {
                let firm = &self.deliveries.firms[index].id;
                let what = format!("{firm}: RIVET's tie-out is {}", answer.body);
                self.violations.push(what);
            }
        }
        self.world.kill_host(host).map(drop)
    }

    async fn ask_for_tie_out(&self, index: usize) -> anyhow::Result<Answer> {
        let request = Request::get("/v1/quickbooks/tie-out");
        self.firm(index).call(request, None).await
    }

    /// Retries the documents in these states, as a user would. Returns each held one, with its reason.
    pub async fn retry(&mut self, states: &[&str]) -> anyhow::Result<Vec<String>> {
        let mut held = Vec::new();
        for index in 0..self.expected.len() {
            let mut retried = Vec::new();
            for expected in &self.expected[index].documents {
                let (kind, id) = (expected.kind, &expected.id);
                let document = self.firm(index).document(kind, id).await?;
                let state = document["state"].as_str().unwrap_or_default();
                let reason = &document["reason"];
                if !states.contains(&state) {
                    continue;
                }
                if state == "held" {
                    held.push(format!("{kind} {id} stays held: {reason}"));
                }
                retried.push(json!({ "kind": kind, "id": id }));
                let code = reason["code"].as_str().unwrap_or_default().to_owned();
                *self.retried.entry(code).or_default() += 1;
            }
            if !retried.is_empty() {
                let body = json!({ "documents": retried });
                let request = Request::post("/v1/quickbooks/sync");
                self.firm(index).call(request, Some(&body)).await?;
            }
        }
        Ok(held)
    }

    /// Returns whether no document of any firm waits.
    async fn is_finished(&self) -> anyhow::Result<bool> {
        for index in 0..self.expected.len() {
            let status = self.status(index).await?;
            let waiting = ["pending", "held", "failed", "uncertain"];
            if waiting.iter().any(|state| status["sync"][state] != 0) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns the status of each firm, for an error message.
    pub async fn firm_statuses(&self) -> anyhow::Result<String> {
        let mut statuses = Vec::new();
        for index in 0..self.expected.len() {
            statuses.push(match self.status(index).await {
                Ok(status) => format!(
                    "{}: {} {}",
                    self.deliveries.firms[index].id, status["status"], status["sync"]
                ),
                Err(error) => format!("{error:#}"),
            });
        }
        Ok(statuses.join("; "))
    }

    async fn status(&self, index: usize) -> anyhow::Result<Value> {
        let answer = self
            .firm(index)
            .call(Request::get("/v1/quickbooks/status"), None)
            .await?;
        ensure!(
            answer.status == 200,
            "the status was answered {}: {}",
            answer.status,
            answer.body
        );
        Ok(answer.body)
    }
}

impl Firm<'_, World> {
    /// Returns a document as the firm's page shows it.
    pub(super) async fn document(&self, kind: &str, id: &str) -> anyhow::Result<Value> {
        let path = format!("/v1/quickbooks/documents/{kind}/{id}");
        let answer = self
            .call(Request::get(path), None)
            .await
            .with_context(|| id.to_owned())?;
        Ok(answer.body)
    }
}
