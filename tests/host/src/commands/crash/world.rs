//! The parts that survive the kills: QuickBooks, RIVET, the clock, and the clients with open requests to the host.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use http::{Method, Request, Response};
use jiff::{SignedDuration, Timestamp};
use simulator::Simulator;

use super::Rotation;
use super::host::{Host, Place};
use super::receiver::Receiver;
use crate::client;
use crate::demo::deployment::Deployment;
use crate::demo::local_deployment::{self, SCHEDULER_SECRET};
use crate::demo::rivet::Rivet;
use crate::demo::simulated_intuit::SimulatedIntuit;

/// The host's `public_url`. No client connects to it, as each start of the host finds a free port.
const PUBLIC_URL: &str = "http://127.0.0.1:3000";

/// The longest time that a client waits for an answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// The surroundings of the host during one run of the command.
pub(super) struct World {
    place: Place,
    rivet: Rivet,
    /// RIVET's receiver of notifications.
    pub receiver: Receiver,
    simulator: Arc<Mutex<Simulator>>,
    clock: simulator::Clock,
    variables: BTreeMap<String, String>,
    /// The address of the host while it is up.
    host: Mutex<Option<SocketAddr>>,
    open_requests: Mutex<BTreeMap<HostCall, usize>>,
}

/// The kinds of requests to the host whose interruption is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum HostCall {
    /// A request for the one-time link, or its use.
    SignIn,
    /// The browser's return from Intuit.
    Callback,
    /// The confirmation of a new company.
    Confirmation,
    /// A scheduled token refresh.
    TokenRefresh,
    /// A scheduled sync.
    Sync,
    /// An event from RIVET's billing.
    Event,
}

impl World {
    /// Starts the simulated parties. Intuit takes `latency` for each answer, and the host keeps its records in `place`.
    pub async fn new(rotation: Rotation, latency: Duration, place: Place) -> anyhow::Result<Self> {
        let clock = simulator::Clock::default().with_latency(latency);
        let rotation = match rotation {
            Rotation::Strict => simulator::Rotation::EachRefresh,
            Rotation::Grace => simulator::Rotation::EachRefreshGrace24h,
        };
        let intuit = SimulatedIntuit::start(PUBLIC_URL, rotation, &clock).await?;
        let (rivet, receiver) = (Rivet::of_the_demo(), Receiver::listen().await?);
        let mut variables = local_deployment::variables(&rivet, PUBLIC_URL, &intuit.origin);
        let secret = rivet.webhook_secret();
        for (name, value) in [("origin", &receiver.origin), ("secret", &secret)] {
            variables.insert(format!("rivet_notify_{name}"), value.clone());
        }
        Ok(Self {
            variables,
            place,
            rivet,
            receiver,
            simulator: intuit.simulator,
            clock,
            host: Mutex::default(),
            open_requests: Mutex::default(),
        })
    }

    /// Moves the clock of all parties forward by `pause` and starts the host.
    pub fn start_host(&self, pause: Duration) -> anyhow::Result<Host> {
        let offset = self.clock.offset() + SignedDuration::try_from(pause)?;
        self.clock.set_offset(offset);
        let host = tokio::task::block_in_place(|| {
            Host::start(&self.place, &self.variables, offset.try_into()?)
        })?;
        *lock(&self.host) = Some(host.address);
        Ok(host)
    }

    /// Kills the host. Returns the kinds of the requests that were open.
    pub fn kill_host(&self, host: Host) -> anyhow::Result<BTreeSet<HostCall>> {
        // From here on a request without an answer is no failure.
        *lock(&self.host) = None;
        let interrupted = lock(&self.open_requests)
            .iter()
            .filter(|(_, open)| **open > 0)
            .map(|(call, _)| *call)
            .collect();
        tokio::task::block_in_place(|| host.kill())?;
        Ok(interrupted)
    }

    /// Returns whether the host has been started and not been killed.
    pub fn is_up(&self) -> bool {
        lock(&self.host).is_some()
    }

    /// Calls the scheduled token refresh.
    pub async fn run_token_refresh(&self) -> anyhow::Result<Response<Bytes>> {
        self.call_schedule("token-refresh").await
    }

    /// Calls the scheduled sync.
    pub async fn run_sync(&self) -> anyhow::Result<Response<Bytes>> {
        self.call_schedule("sync").await
    }

    async fn call_schedule(&self, route: &str) -> anyhow::Result<Response<Bytes>> {
        let path = format!("/v1/scheduled/{route}?key={SCHEDULER_SECRET}");
        self.send(Request::get(path).body(Bytes::new())?).await
    }

    fn count_open(&self, call: Option<HostCall>, change: impl Fn(&mut usize)) {
        if let Some(call) = call {
            change(lock(&self.open_requests).entry(call).or_default());
        }
    }
}

impl Deployment for World {
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
        let call = HostCall::of(&request);
        self.count_open(call, |open| *open += 1);
        let answer =
            tokio::time::timeout(ANSWER_TIMEOUT, client::send_once(address, request)).await;
        self.count_open(call, |open| *open -= 1);
        answer.context("the host did not answer in time")?
    }
}

impl HostCall {
    fn of(request: &Request<Bytes>) -> Option<Self> {
        match (request.method(), request.uri().path()) {
            (&Method::POST | &Method::GET, "/v1/quickbooks/connect") => Some(Self::SignIn),
            (&Method::GET, "/v1/quickbooks/callback") => Some(Self::Callback),
            (_, "/v1/quickbooks/connect/confirm") => Some(Self::Confirmation),
            (_, "/v1/scheduled/token-refresh") => Some(Self::TokenRefresh),
            (_, "/v1/scheduled/sync") => Some(Self::Sync),
            (_, "/v1/webhooks/billing") => Some(Self::Event),
            _ => None,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
