//! The cycles of starting and killing the host while firms bill.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use tokio::task::JoinSet;

use super::super::connection_run::{BEYOND_LEASES, PAUSES};
use super::super::world::World;
use super::run::{BillingRun, MAX_CYCLES_WITHOUT_PROGRESS};

/// The reason for which a cycle ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CycleEnd {
    /// The progress at which the host is to be killed was reached.
    Killed,
    /// The host made no progress for a time, as the remaining work is due later.
    Idle,
}

/// Detects that a run stands still.
#[derive(Default)]
struct Stall {
    reached: usize,
    idle_cycles: usize,
}

impl Stall {
    /// Returns whether too many cycles in a row were idle and made no progress. A cycle that ends with a kill counts for nothing: the number
    /// of kills is limited, and all work may be done before the last of them.
    fn is_reached(&mut self, end: CycleEnd, progress: usize) -> bool {
        if end == CycleEnd::Killed || progress > self.reached {
            self.idle_cycles = 0;
        } else {
            self.idle_cycles += 1;
        }
        self.reached = progress;
        self.idle_cycles == MAX_CYCLES_WITHOUT_PROGRESS
    }
}

/// The time without progress after which a cycle ends as idle.
const IDLE_AFTER: Duration = Duration::from_millis(1_500);

/// The longest delay between the drawn progress and the kill. One or two calls take as long.
const MAX_KILL_DELAY: Duration = Duration::from_millis(250);

/// The time between two runs of the schedule.
const SCHEDULE_INTERVAL: Duration = Duration::from_millis(400);

/// The moment of a kill.
pub(super) struct KillPoint {
    /// The progress that must be reached first. `None` if the host is not to be killed any more.
    pub progress: Option<usize>,
    /// The time from then to the kill.
    pub delay: Duration,
}

impl BillingRun {
    /// Starts and kills the host until all kills are done, all events answered, and nearly all documents posted.
    pub async fn kill_repeatedly(&mut self) -> anyhow::Result<()> {
        let mut kill_points: Vec<_> = (0..self.options.kills)
            .map(|_| self.random.usize(..=self.nearly_done_at))
            .collect();
        kill_points.sort_unstable_by_key(|progress| std::cmp::Reverse(*progress));
        let (mut pause, mut stall) = (Duration::ZERO, Stall::default());
        while !kill_points.is_empty() || !self.is_nearly_done() {
            let kill_point = KillPoint {
                delay: MAX_KILL_DELAY.mul_f64(self.random.f64()),
                progress: kill_points.last().copied(),
            };
            let end = self.run_cycle(pause, &kill_point).await?;
            if stall.is_reached(end, self.progress()) {
                return Err(self.stall().await);
            }
            pause = match end {
                CycleEnd::Idle => BEYOND_LEASES,
                CycleEnd::Killed => PAUSES[self.random.usize(..PAUSES.len())],
            };
            if end == CycleEnd::Killed {
                kill_points.pop();
            }
        }
        Ok(())
    }

    /// Returns the error that says how far the run came.
    async fn stall(&self) -> anyhow::Error {
        let statuses = match self.world.start_host(BEYOND_LEASES) {
            Ok(_host) => self.firm_statuses().await,
            Err(error) => Err(error),
        };
        let open = self.deliveries.state().open;
        anyhow!(
            "there is no more progress: {open} events have no answer, and {} of {} steps are done: {}",
            self.progress(),
            self.nearly_done_at,
            statuses.unwrap_or_else(|error| format!("{error:#}"))
        )
    }

    async fn run_cycle(
        &mut self,
        pause: Duration,
        kill_point: &KillPoint,
    ) -> anyhow::Result<CycleEnd> {
        let host = self.world.start_host(pause)?;
        let mut schedules = JoinSet::new();
        // Runs of a schedule may overlap, so two schedules run.
        for _ in 0..2 {
            schedules.spawn(run_schedule(self.world.clone()));
        }
        self.sign_in_again().await;
        let end = self.wait_for_end(kill_point).await;
        if end == CycleEnd::Idle {
            self.retry(&["failed"]).await?;
        }
        let interrupted = self.world.kill_host(host)?;
        schedules.join_all().await;
        match end {
            CycleEnd::Killed => self.kills.add(&interrupted),
            CycleEnd::Idle => self.idle_restarts += 1,
        }
        Ok(end)
    }

    /// Waits for the progress of a kill, or for the end of all work that is due.
    pub async fn wait_for_end(&self, kill_point: &KillPoint) -> CycleEnd {
        let (mut reached, mut since) = (self.progress(), Instant::now());
        loop {
            tokio::time::sleep(Duration::from_millis(5)).await;
            let progress = self.progress();
            if kill_point.progress.is_some_and(|point| progress >= point) {
                tokio::time::sleep(kill_point.delay).await;
                return CycleEnd::Killed;
            }
            if progress > reached {
                (reached, since) = (progress, Instant::now());
            }
            if since.elapsed() > IDLE_AFTER
                || (kill_point.progress.is_none() && self.is_nearly_done())
            {
                return CycleEnd::Idle;
            }
        }
    }
}

/// Calls both scheduled routes again and again until the host is killed.
pub(super) async fn run_schedule(world: Arc<World>) {
    while world.is_up() {
        // The answers do not matter: the books show what the runs did.
        let _ = world.run_token_refresh().await;
        let _ = world.run_sync().await;
        tokio::time::sleep(SCHEDULE_INTERVAL).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kills_after_the_last_step_are_no_stall() {
        let mut stall = Stall::default();
        for _ in 0..2 * MAX_CYCLES_WITHOUT_PROGRESS {
            assert!(!stall.is_reached(CycleEnd::Killed, 246));
        }
    }

    #[test]
    fn idle_cycles_without_progress_are_a_stall() {
        let mut stall = Stall::default();
        assert!(!stall.is_reached(CycleEnd::Idle, 1));
        for _ in 1..MAX_CYCLES_WITHOUT_PROGRESS {
            assert!(!stall.is_reached(CycleEnd::Idle, 1));
        }
        assert!(stall.is_reached(CycleEnd::Idle, 1));
    }
}
