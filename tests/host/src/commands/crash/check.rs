//! What must be true when the dust has settled.

use std::time::Duration;

use serde_json::Value;

use super::Rotation;
use super::cast::Member;
use super::life::Run;

/// Every lease, reservation and one-time link has ended by then, and every access token is due.
const AFTERWARDS: Duration = Duration::from_secs(3_600);

/// More runs of the schedule than it can need.
const RUNS: usize = 20;

/// So many firms stay; older ones disconnect.
const CAST: usize = 8;

impl Run {
    /// Starts the host once more, lets the schedule finish, and looks at each firm.
    pub async fn check(&mut self) -> anyhow::Result<()> {
        let host = self.world.start(AFTERWARDS)?;
        let refreshed = self.settle().await?;
        let mut standings = Vec::new();
        for member in &self.cast.members {
            standings.push(member.status(&self.world).await?);
        }
        let connected = standings
            .iter()
            .filter(|status| status["status"] == "connected")
            .count();
        if refreshed != connected {
            self.wrong(format!(
                "{connected} firms are connected, {refreshed} are refreshed"
            ));
        }
        self.part_rivals(&standings).await;
        for (at, status) in standings.iter().enumerate() {
            self.look_at(at, status).await;
        }
        self.retire().await?;
        self.world.kill(host).map(drop)
    }

    /// Runs the schedule until nothing is due. Gives how many connections were refreshed.
    async fn settle(&mut self) -> anyhow::Result<usize> {
        let mut refreshed = 0;
        for _ in 0..RUNS {
            let answer = self.world.refresh().await?;
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
        self.wrong(format!(
            "after {RUNS} runs of the schedule there is still something due"
        ));
        Ok(refreshed)
    }

    /// Of two firms that went for the same company, the one that did not get it founds its own.
    async fn part_rivals(&mut self, standings: &[Value]) {
        for later in 1..standings.len() {
            let members = &self.cast.members;
            let (firm, others) = (&members[later], &members[..later]);
            let Some(earlier) = others.iter().position(|other| other.books == firm.books) else {
                continue;
            };
            let loser = match [earlier, later].map(|at| has_company(&standings[at])) {
                [true, true] => {
                    self.wrong(format!(
                        "{} and {} have the same company",
                        members[earlier].id, firm.id
                    ));
                    continue;
                }
                [false, true] => earlier,
                [true, false] => later,
                // It may be kept for one of them; that one can have it.
                [false, false] => match members[earlier].connect(&self.world).await {
                    Ok(landed) if landed.ends_with("=company_taken") => earlier,
                    _ => later,
                },
            };
            self.cast.members[loser].books = self.cast.found(&self.world);
        }
    }

    async fn look_at(&mut self, at: usize, status: &Value) {
        let member = self.cast.members[at].clone();
        let lapses = self.world.receiver.lapses(&member.id);
        let realm = &status["company"]["realm_id"];
        if !realm.is_null() && *realm != member.books.realm {
            self.wrong(format!(
                "{} has the company of another: {status}",
                member.id
            ));
        }
        match (
            status["status"].as_str(),
            status["reason"]["action"].as_str(),
        ) {
            (Some("connected"), _) => {
                if let Err(error) = member.works(&self.world).await {
                    self.wrong(format!("{} is connected, but: {error:#}", member.id));
                }
                self.tally.healed += 1;
            }
            (Some("needs_reauthorization"), Some("reconnect")) => {
                if self.rotation == Rotation::Grace && member.established && !member.cut {
                    self.wrong(format!("{} worked and needs a person: {status}", member.id));
                }
                if lapses == member.lapses {
                    self.wrong(format!(
                        "{} needs a person and RIVET is not told",
                        member.id
                    ));
                }
                self.tally.reconnected += 1;
                self.connect_again(&member).await;
            }
            (Some("disconnected"), Some("connect")) if !member.established => {
                self.tally.connected += 1;
                self.connect_again(&member).await;
            }
            _ => self.wrong(format!("{} is told: {status}", member.id)),
        }
        let member = &mut self.cast.members[at];
        (member.established, member.cut, member.lapses) = (true, false, lapses);
    }

    /// Does what the firm is told to do: it must help at once.
    async fn connect_again(&mut self, member: &Member) {
        let helped = match member.connect(&self.world).await {
            Ok(landed) if landed.ends_with("=connected") || landed.ends_with("=reconnected") => {
                member.works(&self.world).await
            }
            Ok(landed) => Err(anyhow::anyhow!("landed at {landed}")),
            Err(error) => Err(error),
        };
        if let Err(error) = helped {
            self.wrong(format!("{} did as it was told, but: {error:#}", member.id));
        }
    }

    /// The oldest firms disconnect, so that the work does not grow with the kills.
    async fn retire(&mut self) -> anyhow::Result<()> {
        let leaving = self.cast.members.len().saturating_sub(CAST);
        for member in self.cast.members.drain(..leaving).collect::<Vec<_>>() {
            let told = member.disconnect(&self.world).await?;
            if told.status != 200 || told.body["status"] != "disconnected" {
                self.wrong(format!(
                    "{} disconnects and is told: {}",
                    member.id, told.body
                ));
            }
        }
        Ok(())
    }

    fn wrong(&mut self, what: String) {
        self.tally.violations.push(what);
    }
}

fn has_company(status: &Value) -> bool {
    !status["company"].is_null()
}
