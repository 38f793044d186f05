//! The components on the local host, with a simulated Intuit and a simulated RIVET in the same process.

use super::deployment::Deployment;
use super::notification_receiver::NotificationReceiver;
use super::rivet::Rivet;
use super::session_hand_over::SessionHandOver;
use super::simulated_intuit::{CLIENT_ID, CLIENT_SECRET, SimulatedIntuit};
use crate::bucket_key_value::BucketKeyValue;
use crate::{App, Clock, Counts, Front, Logs, Manifest, Options, Reuse, RunningApp, Storage};
use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use jiff::Timestamp;
use platform::store::{Keyring, SealedRecords};
use ports::entropy::Entropy;
use simulator::{Rotation, Simulator};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;

/// The bearer token of the scheduled routes.
pub const SCHEDULER_SECRET: &str = "scheduler-secret-of-the-demo";

/// The secret of the operator's routes.
pub const OPERATOR_SECRET: &str = "operator-secret-of-the-demo";

/// The id of the key that seals tokens.
pub const TOKEN_KEY_ID: &str = "demo";
const TOKEN_KEY: &[u8; 32] = b"0123456789abcdef0123456789abcdef";

/// The verifier token that signs Intuit's webhook deliveries.
pub const VERIFIER_TOKEN: &str = "verifier-token-of-the-demo";

/// The options of a local deployment.
#[derive(Clone, Debug)]
pub struct DeploymentOptions {
    /// The address on which the components listen.
    pub listen: SocketAddr,
    /// The place of their key-value store.
    pub storage: Storage,
    /// The destination of their output.
    pub logs: Logs,
    /// The rule by which Intuit changes refresh tokens.
    pub rotation: Rotation,
    /// Variables that replace the deployment's own.
    pub variables: BTreeMap<String, String>,
    /// The rules by which instances answer several requests.
    pub reuse: Reuse,
    /// The firm whose users the host signs in at the page. `None` leaves that to RIVET.
    pub signed_in_firm: Option<String>,
}

impl Default for DeploymentOptions {
    /// Returns a deployment with its store in memory and a free port.
    fn default() -> Self {
        Self {
            listen: ([127, 0, 0, 1], 0).into(),
            storage: Storage::Memory,
            logs: Logs::in_memory(),
            rotation: Rotation::Strict,
            variables: BTreeMap::new(),
            reuse: Reuse::default(),
            signed_in_firm: None,
        }
    }
}

/// The running components and the simulated parties around them, until [`LocalDeployment::stop`].
pub struct LocalDeployment {
    /// The loaded components.
    pub app: App,
    /// The output of the components, if it is kept.
    pub logs: Logs,
    /// The base of the components' routes, without a trailing slash.
    pub url: String,
    /// The simulated RIVET.
    pub rivet: Rivet,
    /// RIVET's receiver of notifications.
    pub notifications: NotificationReceiver,
    simulator: Arc<Mutex<Simulator>>,
    host_clock: Clock,
    intuit_clock: simulator::Clock,
    running: RunningApp,
}

impl LocalDeployment {
    /// Starts the components and the simulated parties. The components must be built.
    ///
    /// # Errors
    /// Fails if a part cannot be started. The message is for the person at the terminal.
    pub async fn start(manifest: &Manifest, options: DeploymentOptions) -> anyhow::Result<Self> {
        // The port is bound before the components are compiled, so that a port in use is reported at once. The listener
        // stays open, so that no other deployment takes the port meanwhile.
        let listener = TcpListener::bind(options.listen)
            .await
            .with_context(|| format!("cannot listen on {}", options.listen))?;
        let url = format!("http://{}", listener.local_addr()?);
        let intuit_clock = simulator::Clock::default();
        let intuit = SimulatedIntuit::start(&url, options.rotation, &intuit_clock).await?;
        let rivet = Rivet::of_the_demo();
        let notifications = NotificationReceiver::open(&rivet).await?;
        let mut variables = variables(&rivet, &url, &intuit.origin);
        variables.insert(
            "rivet_notify_origin".into(),
            notifications.origin().to_owned(),
        );
        variables.insert("rivet_notify_secret".into(), rivet.webhook_secret());
        variables.extend(options.variables);
        let app_options = Options {
            variables,
            storage: options.storage,
            logs: options.logs.clone(),
            reuse: options.reuse,
            ..Options::default()
        };
        let host_clock = app_options.clock.clone();
        let app = App::load(manifest, app_options)?;
        app.verify_stores().await?;
        let hand_over = options.signed_in_firm.map(|firm| SessionHandOver {
            rivet: rivet.clone(),
            firm,
            clock: intuit_clock.clone(),
        });
        let running = app.serve_behind(listener, move |head: &Parts| {
            let answer = hand_over
                .as_ref()
                .and_then(|hand_over| hand_over.answer(head));
            answer.map_or(Front::Pass, Front::Answer)
        })?;
        Ok(Self {
            app,
            logs: options.logs,
            url,
            rivet,
            notifications,
            simulator: intuit.simulator,
            host_clock,
            intuit_clock,
            running,
        })
    }

    /// Returns QuickBooks, to be read or changed directly.
    pub fn simulator(&self) -> MutexGuard<'_, Simulator> {
        self.simulator
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the time that the components, RIVET and Intuit see.
    pub fn now(&self) -> Timestamp {
        self.intuit_clock.now()
    }

    /// Returns the time that the simulated Intuit has spent on its answers.
    pub(crate) fn intuit_busy_for(&self) -> Duration {
        self.intuit_clock.busy_for()
    }

    /// Moves the time of the components, RIVET and Intuit forward.
    pub fn advance(&self, by: Duration) {
        self.host_clock.advance(by);
        let seconds = i64::try_from(by.as_secs()).unwrap_or_default();
        let offset = self.intuit_clock.offset() + jiff::SignedDuration::from_secs(seconds);
        self.intuit_clock.set_offset(offset);
        // Direct calls of the simulator use its own time, which otherwise moves with its next request only.
        self.simulator().set_now(self.now());
    }

    /// Returns the components' sealed records, to be filled before a measurement.
    pub(crate) fn records(&self) -> SealedRecords<BucketKeyValue> {
        let keyring = Keyring::new(vec![(TOKEN_KEY_ID.to_owned(), *TOKEN_KEY)]);
        // Fixed entropy is safe here: the records hold test data only.
        let entropy = Entropy::new([7; 32]);
        let store = BucketKeyValue(self.app.store("default"));
        SealedRecords::new(store, keyring, entropy, Timestamp::now)
    }

    /// Returns how often the components called each host operation.
    pub fn counts(&self) -> Counts {
        self.app.counts()
    }

    /// Sends a request to the components, without a socket.
    ///
    /// # Errors
    /// Fails if there is no complete answer.
    pub async fn send(&self, request: Request<Bytes>) -> anyhow::Result<Response<Bytes>> {
        self.app.handle(request).await
    }

    /// Stops serving.
    pub async fn stop(self) {
        self.running.stop().await;
    }
}

impl Deployment for LocalDeployment {
    fn url(&self) -> &str {
        &self.url
    }

    fn rivet(&self) -> &Rivet {
        &self.rivet
    }

    fn now(&self) -> Timestamp {
        self.now()
    }

    fn simulator(&self) -> MutexGuard<'_, Simulator> {
        self.simulator()
    }

    async fn send(&self, request: Request<Bytes>) -> anyhow::Result<Response<Bytes>> {
        self.send(request).await
    }
}

/// Returns the variable `token_keys` with the key that seals tokens.
#[must_use]
pub fn token_keys() -> String {
    format!("{}:{}", TOKEN_KEY_ID, STANDARD.encode(TOKEN_KEY))
}

/// Returns the variables that point the components to RIVET, to themselves and to the simulated Intuit.
#[must_use]
pub fn variables(rivet: &Rivet, url: &str, intuit: &str) -> BTreeMap<String, String> {
    let pairs = [
        ("public_url", url.to_owned()),
        ("rivet_app_url", format!("{url}/")),
        ("rivet_session_secret", rivet.session_secret.clone()),
        ("rivet_webhook_secret", rivet.webhook_secret()),
        ("scheduler_secret", SCHEDULER_SECRET.to_owned()),
        ("operator_secret", OPERATOR_SECRET.to_owned()),
        ("token_keys", token_keys()),
        ("quickbooks_webhook_verifier", VERIFIER_TOKEN.to_owned()),
        ("quickbooks_client_id", CLIENT_ID.to_owned()),
        ("quickbooks_client_secret", CLIENT_SECRET.to_owned()),
        (
            "quickbooks_authorize_url",
            format!("{intuit}/connect/oauth2"),
        ),
        ("quickbooks_oauth_origin", intuit.to_owned()),
        ("quickbooks_revoke_origin", intuit.to_owned()),
        ("quickbooks_api_origin", intuit.to_owned()),
    ];
    pairs.map(|(name, value)| (name.to_owned(), value)).into()
}
