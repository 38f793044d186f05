//! A run of `crash` over connections: the host is started, firms connect, the schedule refreshes, the host is killed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::Rotation;
use super::firms::Firms;
use super::host::Place;
use super::summary::Summary;
use super::world::World;

/// The state of one run.
pub(super) struct ConnectionRun {
    pub world: Arc<World>,
    pub firms: Firms,
    pub summary: Summary,
    pub rotation: Rotation,
    random: fastrand::Rng,
    /// The time that each workload takes without a kill.
    durations: BTreeMap<Workload, Duration>,
}

/// The requests that the host serves until it is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Workload {
    SignIns,
    Refreshes,
    Both,
}

const WORKLOADS: [Workload; 3] = [Workload::SignIns, Workload::Refreshes, Workload::Both];

/// The time that Intuit takes for each answer. The host's own work takes about as long, so that kills meet both.
const LATENCY: Duration = Duration::from_millis(20);

/// The time after which every access token is due.
const ALL_DUE: Duration = Duration::from_secs(3_000);

/// The time after which every lease and every reservation has expired.
pub(super) const BEYOND_LEASES: Duration = Duration::from_secs(150);

/// The times between a kill and the next start without a check in between. The host starts at once, after every lease, or
/// when every token is due.
pub(super) const PAUSES: [Duration; 3] = [Duration::ZERO, BEYOND_LEASES, ALL_DUE];

/// The largest number of kills between two checks.
const MAX_KILLS_IN_SERIES: usize = 3;

/// The result of a task that ran until the host was killed.
enum TaskResult {
    /// The sign-in of the firm with this index had this outcome.
    SignedIn { firm: usize, outcome: String },
    /// The sign-in of the firm with this index got no answer.
    SignInInterrupted { firm: usize },
    /// A request failed although the host was up.
    Failed(String),
    /// The schedule was answered, or the kill interrupted it.
    ScheduleEnded,
}

impl ConnectionRun {
    /// Prepares a run with its records in `folder`.
    pub async fn new(rotation: Rotation, seed: u64, place: Place) -> anyhow::Result<Self> {
        Ok(Self {
            world: Arc::new(World::new(rotation, LATENCY, place).await?),
            firms: Firms::default(),
            summary: Summary::default(),
            rotation,
            random: fastrand::Rng::with_seed(seed),
            durations: BTreeMap::new(),
        })
    }

    /// Runs each workload without a kill and saves its duration, from which the moments of the kills are drawn.
    pub async fn measure(&mut self) -> anyhow::Result<()> {
        // The first workload warms the machine up and is run again.
        for workload in [Workload::SignIns].into_iter().chain(WORKLOADS) {
            let host = self.world.start_host(ALL_DUE)?;
            let began = Instant::now();
            let tasks = self.spawn(workload);
            self.record(tasks.join_all().await);
            self.durations.insert(workload, began.elapsed());
            self.world.kill_host(host)?;
        }
        self.summary.durations = self.durations.values().copied().collect();
        self.check().await
    }

    /// Kills the host a few times without a check in between, until there were `kills` kills in total.
    pub async fn kill_series(&mut self, kills: usize) -> anyhow::Result<()> {
        for number in 0..self.random.usize(1..=MAX_KILLS_IN_SERIES) {
            if self.summary.kills.total == kills {
                break;
            }
            let pause = match number {
                0 => ALL_DUE,
                _ => PAUSES[self.random.usize(..PAUSES.len())],
            };
            self.start_and_kill(pause).await?;
        }
        Ok(())
    }

    async fn start_and_kill(&mut self, pause: Duration) -> anyhow::Result<()> {
        let workload = WORKLOADS[self.random.usize(..WORKLOADS.len())];
        let duration = self.durations.get(&workload).copied().unwrap_or_default();
        let moment = duration.mul_f64(self.random.f64());
        let host = self.world.start_host(pause)?;
        let tasks = self.spawn(workload);
        tokio::time::sleep(moment).await;
        let interrupted = self.world.kill_host(host)?;
        self.summary.kills.add(&interrupted);
        self.record(tasks.join_all().await);
        Ok(())
    }

    /// Starts the requests of a workload.
    fn spawn(&mut self, workload: Workload) -> JoinSet<TaskResult> {
        let mut tasks = JoinSet::new();
        if workload != Workload::Refreshes {
            for index in self.draw_sign_ins() {
                let (world, firm) = (self.world.clone(), self.firms.tracked[index].clone());
                tasks.spawn(async move {
                    match firm.connect(&world).await {
                        Ok(outcome) => TaskResult::SignedIn {
                            firm: index,
                            outcome,
                        },
                        // A record that a killed host began to create may stay reserved for two minutes.
                        Err(error) if error.to_string().contains("store_busy") => {
                            TaskResult::SignedIn {
                                firm: index,
                                outcome: "store_busy".to_owned(),
                            }
                        }
                        Err(error) if world.is_up() => {
                            TaskResult::Failed(format!("{}: {error:#}", firm.id))
                        }
                        Err(_) => TaskResult::SignInInterrupted { firm: index },
                    }
                });
            }
        }
        if workload != Workload::SignIns {
            // Runs of a schedule may overlap, so two are started.
            for _ in 0..2 {
                tasks.spawn(refresh(self.world.clone()));
            }
        }
        tasks
    }

    /// Draws the firms that sign in: two new ones, at times with a rival for their company, and up to two known ones.
    fn draw_sign_ins(&mut self) -> Vec<usize> {
        let present = self.firms.tracked.len();
        let mut drawn = Vec::new();
        for _ in 0..2 {
            let company = self.firms.add_company(&self.world);
            drawn.push(self.firms.add_firm(company.clone()));
            if self.random.u8(..6) == 0 {
                drawn.push(self.firms.add_firm(company));
            }
        }
        for _ in 0..2 {
            let known = self.random.usize(..present.max(1));
            if known < present && !drawn.contains(&known) {
                drawn.push(known);
            }
        }
        drawn
    }

    fn record(&mut self, results: Vec<TaskResult>) {
        for result in results {
            match result {
                TaskResult::SignedIn { firm, outcome } => {
                    let firm = &mut self.firms.tracked[firm];
                    let is_connected = is_connected(&outcome);
                    firm.is_connected |= is_connected;
                    firm.is_interrupted = !is_connected;
                    self.summary.add_outcome(outcome);
                }
                TaskResult::SignInInterrupted { firm } => {
                    self.firms.tracked[firm].is_interrupted = true;
                }
                TaskResult::Failed(what) => self.summary.violations.push(what),
                TaskResult::ScheduleEnded => {}
            }
        }
    }
}

/// Returns whether the firm is connected after a sign-in with this outcome.
pub(super) fn is_connected(outcome: &str) -> bool {
    ["connected", "quickbooks=reconnected"].contains(&outcome)
}

async fn refresh(world: Arc<World>) -> TaskResult {
    match world.run_token_refresh().await {
        Ok(answer) if answer.status() == 200 => TaskResult::ScheduleEnded,
        Err(_) if !world.is_up() => TaskResult::ScheduleEnded,
        other => TaskResult::Failed(format!("the schedule was answered {other:?}")),
    }
}
