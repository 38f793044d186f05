//! A run: firms that bill, until all of it stands in their companies.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use http::Request;
use simulator::{ClassTracking, Company};
use tokio::task::JoinSet;

use super::super::kills::Kills;
use super::super::world::World;
use super::Setting;
use super::deliveries::Deliveries;
use super::expected::Expected;
use super::story;
use super::trouble;
use crate::demo::firm::Firm;
use crate::demo::site::Site as _;
use crate::demo::tie_out::Accounts;

/// Everything of one run.
pub(super) struct Run {
    pub world: Arc<World>,
    pub setting: Setting,
    pub deliveries: Arc<Deliveries>,
    pub expected: Vec<Expected>,
    pub accounts: Vec<Accounts>,
    pub kills: Kills,
    /// Times that the host ended although nothing went on: whoever waited had to wait for the clock.
    pub waits: usize,
    /// Documents that the office asked for again, by what was the matter.
    pub retried: BTreeMap<String, usize>,
    /// Calls that went wrong, by how.
    pub faults: Vec<(&'static str, usize)>,
    pub violations: Vec<String>,
    pub chance: fastrand::Rng,
    /// How far things are when all but the last is done.
    pub nearly_all: usize,
}

/// More lives without progress than anything can need.
pub(super) const PATIENCE: usize = 12;

impl Run {
    /// The firms are connected, and what goes wrong is laid out.
    pub async fn begin(setting: Setting, folder: PathBuf) -> anyhow::Result<Self> {
        let load = &setting.load;
        ensure!(load.firms > 0 && load.senders > 0, "nobody bills");
        let world = World::begin(setting.rotation, load.latency(), folder).await?;
        let mut chance = fastrand::Rng::with_seed(setting.seed);
        let firms: Vec<_> = (0..load.firms)
            .map(|place| format!("firm_{place}"))
            .collect();
        let story = story::draw(&mut chance, &firms, load.pay_apps);
        let nearly_all = story.size() * 19 / 20;
        let host = world.start(Duration::ZERO)?;
        let (mut offices, mut accounts) = (Vec::new(), Vec::new());
        for id in firms {
            let (realm, chosen) = open_office(&world, &id).await?;
            accounts.push(chosen);
            offices.push((id, realm));
        }
        world.kill(host)?;
        world.simulator().clear_traffic();
        world.simulator().switches_mut().requests_per_second = load.per_second;
        trouble::lay(&mut world.simulator(), &mut chance, load.faults);
        Ok(Self {
            world: Arc::new(world),
            deliveries: Arc::new(Deliveries::of(story.events, Arc::new(offices))),
            expected: story.firms,
            accounts,
            setting,
            chance,
            nearly_all,
            kills: Kills::default(),
            waits: 0,
            retried: BTreeMap::new(),
            faults: Vec::new(),
            violations: Vec::new(),
        })
    }

    /// Sends, kills, comes to rest, checks.
    pub async fn play(&mut self) -> anyhow::Result<()> {
        let ahead = trouble::ahead(&self.world.simulator());
        let mut senders = JoinSet::new();
        for _ in 0..self.setting.load.senders {
            let (world, deliveries) = (self.world.clone(), self.deliveries.clone());
            senders.spawn(async move { deliveries.send_all(&world).await });
        }
        let lived = self.lives().await;
        let left = trouble::ahead(&self.world.simulator());
        let met =
            |(name, count): (&'static str, usize)| (name, count - left.get(name).unwrap_or(&0));
        self.faults = ahead
            .into_iter()
            .map(met)
            .filter(|(_, met)| *met > 0)
            .collect();
        self.world.simulator().clear_injections();
        lived?;
        self.rest().await?;
        self.violations.append(&mut self.deliveries.state().wrong);
        Ok(())
    }

    /// Whether only the last is left to be posted.
    pub fn is_nearly_done(&self) -> bool {
        self.deliveries.state().left == 0 && self.progress() >= self.nearly_all
    }

    /// Events that were answered, and what changed in the companies.
    pub fn progress(&self) -> usize {
        let simulator = self.world.simulator();
        let changes = |(_, realm): &(String, String)| simulator.changes(realm).len();
        let changes: usize = self.deliveries.firms.iter().map(changes).sum();
        drop(simulator);
        self.deliveries.state().answered + changes
    }

    /// A firm whose grant a kill has cost, which strict rotation makes possible, does as it is told.
    pub async fn sign_in_again(&self) {
        for place in 0..self.expected.len() {
            let firm = self.firm(place);
            let status = firm.call(Request::get("/v1/quickbooks/status"), None).await;
            if status.is_ok_and(|told| told.body["reason"]["action"] == "reconnect") {
                // If that fails too, the next life sees to it.
                let _ = firm.connect().await;
            }
        }
    }

    pub fn firm(&self, place: usize) -> Firm<'_, World> {
        let (id, realm) = self.deliveries.firms[place].clone();
        Firm {
            stage: &self.world,
            id,
            realm,
        }
    }
}

/// Connects a firm to a company of its own, with a class for each project.
async fn open_office(world: &World, id: &str) -> anyhow::Result<(String, Accounts)> {
    let company = Company::new(&format!("{id} Electric LLC"));
    let company = company.class_tracking(ClassTracking::PerLine);
    let realm = world.simulator().add_company(company);
    let firm = Firm {
        stage: world,
        id: id.to_owned(),
        realm: realm.clone(),
    };
    firm.connect().await?;
    let chosen = firm.choose(|settings| {
        settings["class_tracking"]["mode"] = "auto_create".into();
    });
    Ok((realm, chosen.await?))
}
