//! A life of the host: it starts, firms and schedule are at it, it dies.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::Rotation;
use super::cast::Cast;
use super::tally::Tally;
use super::world::World;

/// Everything of one run of the command.
pub(super) struct Run {
    pub world: Arc<World>,
    pub cast: Cast,
    pub tally: Tally,
    pub rotation: Rotation,
    random: fastrand::Rng,
    spans: BTreeMap<Scene, Duration>,
}

/// What goes on while the host dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Scene {
    Connects,
    Refreshes,
    Both,
}

const SCENES: [Scene; 3] = [Scene::Connects, Scene::Refreshes, Scene::Both];

/// How long Intuit takes for each answer: as long as the host's own work, so that kills fall into both.
const LATENCY: Duration = Duration::from_millis(20);

/// By then every access token of before is due.
const ALL_DUE: Duration = Duration::from_secs(3_000);

/// After this every lease and every reservation has ended.
pub(super) const BEYOND_LEASES: Duration = Duration::from_secs(150);

/// How much later a host is started that dies again before anything is checked: at once, after every lease, or when
/// everything is due.
pub(super) const PAUSES: [Duration; 3] = [Duration::ZERO, BEYOND_LEASES, ALL_DUE];

/// The longest row of kills without a check.
const STREAK: usize = 3;

/// What came of something that was begun while the host was up.
enum Outcome {
    /// The browser of a member landed here.
    Landed(usize, String),
    /// No answer.
    Cut(Option<usize>),
    /// It went wrong although the host was up.
    Wrong(String),
    Done,
}

impl Run {
    pub async fn begin(rotation: Rotation, seed: u64, folder: PathBuf) -> anyhow::Result<Self> {
        Ok(Self {
            world: Arc::new(World::begin(rotation, LATENCY, folder).await?),
            cast: Cast::default(),
            tally: Tally::default(),
            rotation,
            random: fastrand::Rng::with_seed(seed),
            spans: BTreeMap::new(),
        })
    }

    /// Plays each scene undisturbed, to know how long it takes.
    pub async fn measure(&mut self) -> anyhow::Result<()> {
        // The first one meets a cold machine and is played again.
        for scene in [Scene::Connects].into_iter().chain(SCENES) {
            let host = self.world.start(ALL_DUE)?;
            let began = Instant::now();
            let tasks = self.play(scene);
            self.note(tasks.join_all().await);
            self.spans.insert(scene, began.elapsed());
            self.world.kill(host)?;
        }
        self.tally.spans = self.spans.values().copied().collect();
        self.check().await
    }

    /// A few kills in a row, at most until there are `kills` of them.
    pub async fn streak(&mut self, kills: usize) -> anyhow::Result<()> {
        for turn in 0..self.random.usize(1..=STREAK) {
            if self.tally.kills.total == kills {
                break;
            }
            let pause = match turn {
                0 => ALL_DUE,
                _ => PAUSES[self.random.usize(..PAUSES.len())],
            };
            self.life(pause).await?;
        }
        Ok(())
    }

    async fn life(&mut self, pause: Duration) -> anyhow::Result<()> {
        let scene = SCENES[self.random.usize(..SCENES.len())];
        let span = self.spans.get(&scene).copied().unwrap_or_default();
        let moment = span.mul_f64(self.random.f64());
        let host = self.world.start(pause)?;
        let tasks = self.play(scene);
        tokio::time::sleep(moment).await;
        let under_way = self.world.kill(host)?;
        self.tally.kills.count(&under_way);
        self.note(tasks.join_all().await);
        Ok(())
    }

    /// Begins what the scene is made of.
    fn play(&mut self, scene: Scene) -> JoinSet<Outcome> {
        let mut tasks = JoinSet::new();
        if scene != Scene::Refreshes {
            for member in self.departing() {
                let (world, firm) = (self.world.clone(), self.cast.members[member].clone());
                tasks.spawn(async move {
                    match firm.connect(&world).await {
                        Ok(landed) => Outcome::Landed(member, landed),
                        // What a dead host began to create may stay reserved for two minutes.
                        Err(error) if error.to_string().contains("store_busy") => {
                            Outcome::Landed(member, "?store_busy".to_owned())
                        }
                        Err(error) if world.is_up() => {
                            Outcome::Wrong(format!("{}: {error:#}", firm.id))
                        }
                        Err(_) => Outcome::Cut(Some(member)),
                    }
                });
            }
        }
        if scene != Scene::Connects {
            // Two at once: schedulers overlap.
            for _ in 0..2 {
                let world = self.world.clone();
                tasks.spawn(async move {
                    match world.refresh().await {
                        Ok(answer) if answer.status() == 200 => Outcome::Done,
                        Err(_) if !world.is_up() => Outcome::Cut(None),
                        other => Outcome::Wrong(format!("the schedule was answered {other:?}")),
                    }
                });
            }
        }
        tasks
    }

    /// Two new firms, at times one of them with a rival for its company, and two of those that are connected.
    fn departing(&mut self) -> Vec<usize> {
        let present = self.cast.members.len();
        let mut departing = Vec::new();
        for _ in 0..2 {
            let books = self.cast.found(&self.world);
            departing.push(self.cast.hire(books.clone()));
            if self.random.u8(..6) == 0 {
                departing.push(self.cast.hire(books));
            }
        }
        for _ in 0..2 {
            let again = self.random.usize(..present.max(1));
            if again < present && !departing.contains(&again) {
                departing.push(again);
            }
        }
        departing
    }

    fn note(&mut self, outcomes: Vec<Outcome>) {
        for outcome in outcomes {
            match outcome {
                Outcome::Landed(member, landed) => {
                    let landed = landed
                        .rsplit_once('?')
                        .map_or("", |(_, told)| told)
                        .to_owned();
                    let member = &mut self.cast.members[member];
                    let well = ["quickbooks=connected", "quickbooks=reconnected"]
                        .contains(&landed.as_str());
                    member.established |= well;
                    member.cut = !well;
                    self.tally.landed(landed);
                }
                Outcome::Cut(Some(member)) => self.cast.members[member].cut = true,
                Outcome::Wrong(what) => self.tally.violations.push(what),
                Outcome::Cut(None) | Outcome::Done => {}
            }
        }
    }
}
