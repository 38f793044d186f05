//! What survives the kills: QuickBooks, RIVET, time, and who waits for an answer of the host.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use http::{Method, Request, Response};
use jiff::{SignedDuration, Timestamp};
use simulator::Simulator;

use super::Rotation;
use super::host::Host;
use super::receiver::Receiver;
use crate::client;
use crate::demo::rivet::Rivet;
use crate::demo::site::Site;
use crate::demo::stage::{self, SCHEDULER_SECRET};

/// Where the host believes to be reached. Nobody calls there: each start finds a free port.
const PUBLIC_URL: &str = "http://127.0.0.1:3000";

/// A request that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) struct World {
    folder: PathBuf,
    rivet: Rivet,
    /// Where the host's notifications arrive.
    pub receiver: Receiver,
    simulator: Arc<Mutex<Simulator>>,
    clock: simulator::Clock,
    variables: BTreeMap<String, String>,
    host: Mutex<Option<SocketAddr>>,
    under_way: Mutex<BTreeMap<Step, usize>>,
}

/// What a request to the host is a step of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// Asking for the link, and following it to Intuit.
    Departure,
    /// Coming back from Intuit.
    Landing,
    /// A run of the schedule that looks after connections.
    Refresh,
    /// A run of the schedule that posts.
    Sync,
    /// An event.
    Event,
}

impl World {
    /// Intuit takes `latency` for each answer.
    pub async fn begin(
        rotation: Rotation,
        latency: Duration,
        folder: PathBuf,
    ) -> anyhow::Result<Self> {
        let clock = simulator::Clock::default().with_latency(latency);
        let rotation = match rotation {
            Rotation::Strict => simulator::Rotation::EachRefresh,
            Rotation::Grace => simulator::Rotation::EachRefreshGrace24h,
        };
        let (simulator, intuit) = stage::intuit(PUBLIC_URL, rotation, &clock).await?;
        let (rivet, receiver) = (Rivet::of_the_demo(), Receiver::listen().await?);
        let mut variables = stage::variables(&rivet, PUBLIC_URL, &intuit);
        let secret = rivet.webhook_secret();
        for (name, value) in [("origin", &receiver.origin), ("secret", &secret)] {
            variables.insert(format!("rivet_notify_{name}"), value.clone());
        }
        Ok(Self {
            variables,
            folder,
            rivet,
            receiver,
            simulator,
            clock,
            host: Mutex::default(),
            under_way: Mutex::default(),
        })
    }

    /// Starts the host, `later` by everybody's clock.
    pub fn start(&self, later: Duration) -> anyhow::Result<Host> {
        let offset = self.clock.offset() + SignedDuration::try_from(later)?;
        self.clock.set_offset(offset);
        let host = tokio::task::block_in_place(|| {
            Host::start(&self.folder, &self.variables, offset.try_into()?)
        })?;
        *lock(&self.host) = Some(host.address);
        Ok(host)
    }

    /// Kills the host. Gives the steps that waited for an answer of it.
    pub fn kill(&self, host: Host) -> anyhow::Result<BTreeSet<Step>> {
        // From here on nobody is surprised that the host does not answer.
        *lock(&self.host) = None;
        let under_way = lock(&self.under_way)
            .iter()
            .filter(|(_, waiting)| **waiting > 0)
            .map(|(step, _)| *step)
            .collect();
        tokio::task::block_in_place(|| host.kill())?;
        Ok(under_way)
    }

    /// Whether the host is meant to be there.
    pub fn is_up(&self) -> bool {
        lock(&self.host).is_some()
    }

    /// A run of the schedule that looks after connections.
    pub async fn refresh(&self) -> anyhow::Result<Response<Bytes>> {
        self.scheduled("token-refresh").await
    }

    /// A run of the schedule that posts.
    pub async fn sync(&self) -> anyhow::Result<Response<Bytes>> {
        self.scheduled("sync").await
    }

    async fn scheduled(&self, route: &str) -> anyhow::Result<Response<Bytes>> {
        let path = format!("/v1/scheduled/{route}?key={SCHEDULER_SECRET}");
        self.send(Request::get(path).body(Bytes::new())?).await
    }

    fn count(&self, step: Option<Step>, change: impl Fn(&mut usize)) {
        if let Some(step) = step {
            change(lock(&self.under_way).entry(step).or_default());
        }
    }
}

impl Site for World {
    fn url(&self) -> &str {
        PUBLIC_URL
    }

    fn rivet(&self) -> &Rivet {
        &self.rivet
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn simulator(&self) -> MutexGuard<'_, Simulator> {
        let mut simulator = lock(&self.simulator);
        simulator.set_now(self.clock.now());
        simulator
    }

    async fn send(&self, request: Request<Bytes>) -> anyhow::Result<Response<Bytes>> {
        let address = (*lock(&self.host)).context("the host is down")?;
        let step = Step::of(&request);
        self.count(step, |waiting| *waiting += 1);
        let answer = tokio::time::timeout(PATIENCE, client::once(address, request)).await;
        self.count(step, |waiting| *waiting -= 1);
        answer.context("the host does not answer")?
    }
}

impl Step {
    fn of(request: &Request<Bytes>) -> Option<Self> {
        match (request.method(), request.uri().path()) {
            (&Method::POST | &Method::GET, "/v1/quickbooks/connect") => Some(Self::Departure),
            (&Method::GET, "/v1/quickbooks/callback") => Some(Self::Landing),
            (_, "/v1/scheduled/token-refresh") => Some(Self::Refresh),
            (_, "/v1/scheduled/sync") => Some(Self::Sync),
            (_, "/v1/webhooks/billing") => Some(Self::Event),
            _ => None,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
