//! The checks after a series of kills: every connection works, or its status names an action that repairs it.

use std::time::Duration;

use serde_json::Value;

use super::Rotation;
use super::connection_run::{ConnectionRun, is_connected};
use super::firms::TrackedFirm;

/// The time from the last kill to the checks. By then every lease, reservation and one-time link has expired, and every
/// access token is due.
const TIME_TO_CHECK: Duration = Duration::from_secs(3_600);

/// The largest number of runs of the schedule, more than it can need.
const MAX_RUNS: usize = 20;

/// The number of firms that stay. Older ones disconnect.
const MAX_FIRMS: usize = 8;

impl ConnectionRun {
    /// Starts the host once more, runs the schedule until nothing is due, and checks each firm.
    pub async fn check(&mut self) -> anyhow::Result<()> {
        let host = self.world.start_host(TIME_TO_CHECK)?;
        let refreshed = self.refresh_all_due().await?;
        let mut statuses = Vec::new();
        for firm in &self.firms.tracked {
            statuses.push(firm.status(&self.world).await?);
        }
        let connected = statuses
            .iter()
            .filter(|status| status["status"] == "connected")
            .count();
        if refreshed != connected {
            self.violation(format!(
                "{connected} firms are connected, but {refreshed} were refreshed"
            ));
        }
        self.separate_rivals(&statuses).await;
        for (index, status) in statuses.iter().enumerate() {
            self.check_firm(index, status).await;
        }
        self.disconnect_oldest().await?;
        self.world.kill_host(host).map(drop)
    }

    /// Runs the schedule until nothing is due. Returns the number of refreshed connections.
    async fn refresh_all_due(&mut self) -> anyhow::Result<usize> {
        let mut refreshed = 0;
        for _ in 0..MAX_RUNS {
            let answer = self.world.run_token_refresh().await?;
            let report: Value = serde_json::from_slice(answer.body())?;
            let count = |name: &str| {
                report[name]
                    .as_u64()
                    .and_then(|count| usize::try_from(count).ok())
            };
            refreshed += count("refreshed").unwrap_or_default();
            if count("due") == Some(0) {
                return Ok(refreshed);
            }
        }
        self.violation(format!(
            "connections are still due after {MAX_RUNS} runs of the schedule"
        ));
        Ok(refreshed)
    }

    /// Two firms may have tried to connect the same company. Gives a new company to the firm that did not get it.
    async fn separate_rivals(&mut self, statuses: &[Value]) {
        for later in 1..statuses.len() {
            let firms = &self.firms.tracked;
            let (firm, others) = (&firms[later], &firms[..later]);
            let Some(earlier) = others
                .iter()
                .position(|other| other.company == firm.company)
            else {
                continue;
            };
            let loser = match [earlier, later].map(|index| has_company(&statuses[index])) {
                [true, true] => {
                    self.violation(format!(
                        "{} and {} have the same company",
                        firms[earlier].id, firm.id
                    ));
                    continue;
                }
                [false, true] => earlier,
                [true, false] => later,
                // The company may be reserved for one of the two, which can then connect it.
                [false, false] => match firms[earlier].connect(&self.world).await {
                    Ok(outcome) if outcome.ends_with("company_taken") => earlier,
                    _ => later,
                },
            };
            self.firms.tracked[loser].company = self.firms.add_company(&self.world);
        }
    }

    async fn check_firm(&mut self, index: usize, status: &Value) {
        let firm = self.firms.tracked[index].clone();
        let notified = self.world.receiver.reauthorizations(&firm.id);
        let realm = &status["company"]["realm_id"];
        if !realm.is_null() && *realm != firm.company.realm {
            self.violation(format!("{} has the company of another: {status}", firm.id));
        }
        match (
            status["status"].as_str(),
            status["reason"]["action"].as_str(),
        ) {
            (Some("connected"), _) => {
                if let Err(error) = firm.check_connection(&self.world).await {
                    self.violation(format!("{} is connected, but: {error:#}", firm.id));
                }
                self.summary.still_connected += 1;
            }
            (Some("needs_reauthorization"), Some("reconnect")) => {
                if self.rotation == Rotation::Grace && firm.is_connected && !firm.is_interrupted {
                    self.violation(format!(
                        "{} was connected and needs a person: {status}",
                        firm.id
                    ));
                }
                if notified == firm.notified_reauthorizations {
                    self.violation(format!(
                        "{} needs a person, but RIVET was not notified",
                        firm.id
                    ));
                }
                self.summary.had_to_reconnect += 1;
                self.connect_again(&firm).await;
            }
            (Some("disconnected"), Some("connect")) if !firm.is_connected => {
                self.summary.had_to_connect += 1;
                self.connect_again(&firm).await;
            }
            _ => self.violation(format!("{} has an unexpected status: {status}", firm.id)),
        }
        let firm = &mut self.firms.tracked[index];
        (firm.is_connected, firm.is_interrupted) = (true, false);
        firm.notified_reauthorizations = notified;
    }

    /// Carries out the action that the status names. The connection must then work at once.
    async fn connect_again(&mut self, firm: &TrackedFirm) {
        let result = match firm.connect(&self.world).await {
            Ok(outcome) if is_connected(&outcome) => firm.check_connection(&self.world).await,
            Ok(outcome) => Err(anyhow::anyhow!("the sign-in ended with {outcome}")),
            Err(error) => Err(error),
        };
        if let Err(error) = result {
            self.violation(format!(
                "{} connected as its status asked, but: {error:#}",
                firm.id
            ));
        }
    }

    /// Disconnects the oldest firms, so that a check does not take longer and longer.
    async fn disconnect_oldest(&mut self) -> anyhow::Result<()> {
        let leaving = self.firms.tracked.len().saturating_sub(MAX_FIRMS);
        for firm in self.firms.tracked.drain(..leaving).collect::<Vec<_>>() {
            let answer = firm.disconnect(&self.world).await?;
            if answer.status != 200 || answer.body["status"] != "disconnected" {
                self.violation(format!(
                    "{} disconnects and is answered: {}",
                    firm.id, answer.body
                ));
            }
        }
        Ok(())
    }

    fn violation(&mut self, what: String) {
        self.summary.violations.push(what);
    }
}

fn has_company(status: &Value) -> bool {
    !status["company"].is_null()
}
