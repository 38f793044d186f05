//! The drill of a restore: the store is copied while firms bill, and set back to the copy later.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use bytes::Bytes;
use http::Request;
use http::header::AUTHORIZATION;
use jiff::Timestamp;
use serde_json::json;
use tokio::task::JoinSet;

use super::deliveries::Deliveries;
use super::kill_cycles::{KillPoint, run_schedule};
use super::run::BillingRun;
use super::scenario::Event;
use crate::demo::deployment::Deployment as _;
use crate::demo::local_deployment::OPERATOR_SECRET;
use crate::key_value::{StoreCopy, Stores};

/// The time after the restore from which changes in QuickBooks are judged again, with an hour to spare.
const BEYOND_RESTORE: Duration = Duration::from_secs(7 * 3_600);

/// A copy of the store, and what was done by then.
struct Backup {
    copy: StoreCopy,
    taken_at: Timestamp,
    /// The events that RIVET does not have to send again.
    accepted: usize,
    resent: Vec<Event>,
    transactions: usize,
}

impl BillingRun {
    /// Bills, copies the store, bills on, sets the store back, and sends everything since again. Then the work is finished and checked.
    pub async fn play_restore(&mut self, stores: &Stores, folder: &Path) -> anyhow::Result<()> {
        let copied_at = self
            .random
            .usize(self.nearly_done_at / 10..=self.nearly_done_at / 2);
        let lost_at = self.random.usize(copied_at..=self.nearly_done_at);
        let host = self.world.start_host(Duration::ZERO)?;
        let work = self.start_work();
        self.wait_for(copied_at).await;
        let backup = self.back_up(stores, folder)?;
        self.wait_for(lost_at).await;
        self.world.kill_host(host)?;
        drop(work);
        let (accepted, changes) = (self.deliveries.state().accepted, self.changes());
        println!(
            "  copied after {} events and {} changes in QuickBooks; set back after {accepted} and {changes}",
            backup.accepted, backup.transactions
        );
        tokio::task::block_in_place(|| stores.put_back(backup.copy))?;
        let host = self.world.start_host(Duration::ZERO)?;
        self.report_restore(backup.taken_at).await?;
        println!(
            "  sent again or for the first time: {} events",
            backup.resent.len()
        );
        self.send_again(backup.resent).await;
        self.world.kill_host(host)?;
        self.finish().await?;
        self.tie_out(BEYOND_RESTORE).await
    }

    /// Copies the store while the host works. An event that was accepted before is in the copy.
    fn back_up(&self, stores: &Stores, folder: &Path) -> anyhow::Result<Backup> {
        let accepted = self.deliveries.state().accepted_ids.clone();
        let mut events = self.deliveries.events.clone();
        events.retain(|event| !accepted.contains(&event.id));
        Ok(Backup {
            taken_at: self.world.now(),
            accepted: accepted.len(),
            resent: events,
            transactions: self.changes(),
            copy: tokio::task::block_in_place(|| stores.copy(folder))?,
        })
    }

    /// Tells the components that the store was set back, as the operator does before anything else reaches them.
    async fn report_restore(&self, since: Timestamp) -> anyhow::Result<()> {
        let request = Request::post("/v1/operations/restored")
            .header(AUTHORIZATION, format!("Bearer {OPERATOR_SECRET}"))
            .body(Bytes::from(json!({ "since": since }).to_string()))?;
        let answer = self.world.send(request).await?;
        let body = String::from_utf8_lossy(answer.body()).into_owned();
        ensure!(answer.status() == 200, "the restore was answered {body}");
        Ok(())
    }

    /// Sends these events, in any order, beside the schedule. Returns when all are answered.
    async fn send_again(&mut self, mut events: Vec<Event>) {
        self.random.shuffle(&mut events);
        let firms = self.deliveries.firms.clone();
        self.deliveries = Arc::new(Deliveries::new(events, firms));
        let work = self.start_work();
        // Only the answers are awaited. Documents that wait are posted once the clock has moved on.
        while self.deliveries.state().open > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        drop(work);
    }

    /// Starts RIVET's senders and the schedule. They end with the set.
    fn start_work(&self) -> JoinSet<()> {
        let mut work = JoinSet::new();
        for _ in 0..self.options.load.senders {
            let (world, deliveries) = (self.world.clone(), self.deliveries.clone());
            work.spawn(async move { deliveries.send_all(&world).await });
        }
        work.spawn(run_schedule(self.world.clone()));
        work
    }

    /// Waits for this progress. Ends earlier if all work is due later.
    async fn wait_for(&self, progress: usize) {
        let point = KillPoint {
            progress: Some(progress),
            delay: Duration::ZERO,
        };
        self.wait_for_end(&point).await;
    }
}
