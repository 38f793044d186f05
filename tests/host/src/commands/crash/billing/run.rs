//! A run of `crash --billing`: firms bill until every document is in their companies' books.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use http::Request;
use simulator::{ClassTracking, Company};
use tokio::task::JoinSet;

use super::super::connection_run::BEYOND_LEASES;
use super::super::host::Place;
use super::super::kills::KillCounts;
use super::super::world::World;
use super::deliveries::{BillingFirm, Deliveries};
use super::expected::Expected;
use super::{RunOptions, faults, scenario};
use crate::demo::deployment::Deployment as _;
use crate::demo::firm::Firm;
use samples::tie_out::Accounts;

/// The state of one run.
pub(super) struct BillingRun {
    pub world: Arc<World>,
    pub options: RunOptions,
    pub deliveries: Arc<Deliveries>,
    /// The expected final state of each firm, by the firm's index.
    pub expected: Vec<Expected>,
    /// The accounts of each firm, by the firm's index.
    pub accounts: Vec<Accounts>,
    pub kills: KillCounts,
    /// Restarts without a kill, because the remaining work was due at a later time.
    pub idle_restarts: usize,
    /// The number of documents that a user retried, by reason code.
    pub retried: BTreeMap<String, usize>,
    /// The number of faults that happened, by name.
    pub faults: Vec<(&'static str, usize)>,
    pub violations: Vec<String>,
    pub random: fastrand::Rng,
    /// The progress at which 95 % of the events and transactions are done.
    pub nearly_done_at: usize,
}

/// The number of cycles without progress after which a run fails. No document needs as many.
pub(super) const MAX_CYCLES_WITHOUT_PROGRESS: usize = 12;

impl BillingRun {
    /// Connects the firms, generates their billing and injects the faults.
    pub async fn new(options: RunOptions, place: Place) -> anyhow::Result<Self> {
        let load = &options.load;
        ensure!(
            load.firms > 0 && load.senders > 0,
            "--firms and --senders must be at least 1"
        );
        let world = World::new(options.rotation, load.latency(), place).await?;
        let mut random = fastrand::Rng::with_seed(options.seed);
        let ids: Vec<_> = (0..load.firms)
            .map(|index| format!("firm_{index}"))
            .collect();
        let scenario = scenario::generate(&mut random, &ids, load.pay_apps);
        let nearly_done_at = scenario.size() * 19 / 20;
        let host = world.start_host(Duration::ZERO)?;
        let (mut firms, mut accounts) = (Vec::new(), Vec::new());
        for id in ids {
            let firm = new_firm(&world, id);
            accounts.push(connect(&firm).await?);
            firms.push(BillingFirm {
                id: firm.id,
                realm: firm.realm,
            });
        }
        world.kill_host(host)?;
        world.simulator().clear_traffic();
        world.simulator().switches_mut().requests_per_second = load.per_second;
        faults::inject(&mut world.simulator(), &mut random, load.faults);
        Ok(Self {
            world: Arc::new(world),
            deliveries: Arc::new(Deliveries::new(scenario.events, firms)),
            expected: scenario.firms,
            accounts,
            options,
            random,
            nearly_done_at,
            kills: KillCounts::default(),
            idle_restarts: 0,
            retried: BTreeMap::new(),
            faults: Vec::new(),
            violations: Vec::new(),
        })
    }

    /// Sends the events while the host is killed, then lets the work finish and checks the books.
    pub async fn play(&mut self) -> anyhow::Result<()> {
        let injected = faults::count_remaining(&self.world.simulator());
        let mut senders = JoinSet::new();
        for _ in 0..self.options.load.senders {
            let (world, deliveries) = (self.world.clone(), self.deliveries.clone());
            senders.spawn(async move { deliveries.send_all(&world).await });
        }
        let killed = self.kill_repeatedly().await;
        let remaining = faults::count_remaining(&self.world.simulator());
        let happened = |(name, count): (&'static str, usize)| {
            (name, count - remaining.get(name).unwrap_or(&0))
        };
        self.faults = injected
            .into_iter()
            .map(happened)
            .filter(|(_, count)| *count > 0)
            .collect();
        self.world.simulator().clear_injections();
        killed?;
        self.remove_app();
        self.finish().await?;
        self.tie_out(BEYOND_LEASES).await?;
        self.violations
            .append(&mut self.deliveries.state().violations);
        Ok(())
    }

    /// Returns whether all events are answered and 95 % of the work is done.
    pub fn is_nearly_done(&self) -> bool {
        self.deliveries.state().open == 0 && self.progress() >= self.nearly_done_at
    }

    /// Returns the number of accepted events and of changes in the companies.
    pub fn progress(&self) -> usize {
        self.deliveries.state().accepted + self.changes()
    }

    /// Returns the number of changes in the companies.
    pub fn changes(&self) -> usize {
        let simulator = self.world.simulator();
        let changes = |firm: &BillingFirm| simulator.changes(&firm.realm).len();
        self.deliveries.firms.iter().map(changes).sum()
    }

    /// Removes the app from each company, as its owner may. The firms learn it from their next call.
    fn remove_app(&self) {
        for firm in &self.deliveries.firms {
            let mut simulator = self.world.simulator();
            if let Ok(mut owner) = simulator.person(&firm.realm) {
                owner.disconnect_app();
            }
        }
    }

    /// Signs in each firm whose status says so.
    pub async fn sign_in_again(&self) {
        for firm in self.firms_to_sign_in().await {
            // If this sign-in fails too, the next cycle repeats it.
            let _ = self.firm(firm).connect().await;
        }
    }

    /// Returns the indexes of the firms whose status says that they must sign in again. With strict rotation a kill can cost a firm
    /// its grant.
    pub async fn firms_to_sign_in(&self) -> Vec<usize> {
        let mut firms = Vec::new();
        for index in 0..self.expected.len() {
            let request = Request::get("/v1/quickbooks/status");
            let status = self.firm(index).call(request, None).await;
            if status.is_ok_and(|answer| answer.body["reason"]["action"] == "reconnect") {
                firms.push(index);
            }
        }
        firms
    }

    /// Returns the firm with this index.
    pub fn firm(&self, index: usize) -> Firm<'_, World> {
        let BillingFirm { id, realm } = &self.deliveries.firms[index];
        Firm {
            deployment: &self.world,
            id: id.clone(),
            realm: realm.clone(),
        }
    }
}

/// Creates a company for a firm, with class tracking by line.
fn new_firm(world: &World, id: String) -> Firm<'_, World> {
    let company = Company::new(&format!("{id} Electric LLC"));
    let company = company.class_tracking(ClassTracking::PerLine);
    let realm = world.simulator().add_company(company);
    Firm {
        deployment: world,
        id,
        realm,
    }
}

/// Connects a firm, maps its accounts, and has a class created for each project.
async fn connect(firm: &Firm<'_, World>) -> anyhow::Result<Accounts> {
    firm.connect().await?;
    let saved = firm.map_accounts(|settings| {
        settings["class_tracking"]["mode"] = "auto_create".into();
    });
    saved.await
}
