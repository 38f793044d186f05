//! The lives of the host while firms bill.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::bail;
use tokio::task::JoinSet;

use super::super::life::{BEYOND_LEASES, PAUSES};
use super::super::world::World;
use super::run::{PATIENCE, Run};

/// How a life ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// So much was done that the host is to die.
    Killed,
    /// Nothing goes on.
    Idle,
}

/// A host that does nothing for so long waits for the clock.
const STALL: Duration = Duration::from_millis(1_500);

/// The longest time from the moment that is drawn to the kill: a call or two.
const AIM: Duration = Duration::from_millis(250);

/// Between two runs of the schedule.
const SCHEDULE: Duration = Duration::from_millis(400);

impl Run {
    /// Until all events are answered, nearly all is posted and the host was killed as often as it is to be.
    pub async fn lives(&mut self) -> anyhow::Result<()> {
        let mut marks: Vec<_> = (0..self.setting.kills)
            .map(|_| self.chance.usize(..=self.nearly_all))
            .collect();
        marks.sort_unstable_by_key(|mark| std::cmp::Reverse(*mark));
        let (mut pause, mut in_vain, mut reached) = (Duration::ZERO, 0, 0);
        while !marks.is_empty() || !self.is_nearly_done() {
            let aim = AIM.mul_f64(self.chance.f64());
            let end = self.life(pause, (marks.last().copied(), aim)).await?;
            let progress = self.progress();
            in_vain = if progress > reached { 0 } else { in_vain + 1 };
            reached = progress;
            if in_vain == PATIENCE {
                let _host = self.world.start(BEYOND_LEASES)?;
                bail!("nothing goes on: {}", self.standings().await?);
            }
            pause = match end {
                End::Idle => BEYOND_LEASES,
                End::Killed => PAUSES[self.chance.usize(..PAUSES.len())],
            };
            if end == End::Killed {
                marks.pop();
            }
        }
        Ok(())
    }

    async fn life(
        &mut self,
        pause: Duration,
        (mark, aim): (Option<usize>, Duration),
    ) -> anyhow::Result<End> {
        let host = self.world.start(pause)?;
        let mut schedule = JoinSet::new();
        // Two at once: schedulers overlap.
        for _ in 0..2 {
            schedule.spawn(keep_schedule(self.world.clone()));
        }
        self.sign_in_again().await;
        let end = self.watch(mark, aim).await;
        let under_way = self.world.kill(host)?;
        schedule.join_all().await;
        match end {
            End::Killed => self.kills.count(&under_way),
            End::Idle => self.waits += 1,
        }
        Ok(end)
    }

    async fn watch(&self, mark: Option<usize>, aim: Duration) -> End {
        let (mut reached, mut since) = (self.progress(), Instant::now());
        loop {
            tokio::time::sleep(Duration::from_millis(5)).await;
            let progress = self.progress();
            if mark.is_some_and(|mark| progress >= mark) {
                tokio::time::sleep(aim).await;
                return End::Killed;
            }
            if progress > reached {
                (reached, since) = (progress, Instant::now());
            }
            if since.elapsed() > STALL || (mark.is_none() && self.is_nearly_done()) {
                return End::Idle;
            }
        }
    }
}

/// Calls both scheduled routes again and again until the host is gone.
async fn keep_schedule(world: Arc<World>) {
    while world.is_up() {
        // What they answer is in the books.
        let _ = world.refresh().await;
        let _ = world.sync().await;
        tokio::time::sleep(SCHEDULE).await;
    }
}
