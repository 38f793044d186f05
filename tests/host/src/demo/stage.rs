//! The components on the local host, with a simulated Intuit beside them.

use super::inbox::Inbox;
use super::rivet::Rivet;
use super::site::Site;
use crate::crowd::Native;
use crate::{App, Clock, Counts, Logs, Manifest, Options, Running, Storage};
use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;
use platform::store::{Keyring, SealedRecords};
use ports::entropy::Entropy;
use simulator::{Config, Rotation, Simulator};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;

/// What the scheduled routes are called with.
pub(crate) const SCHEDULER_SECRET: &str = "scheduler-secret-of-the-demo";

const TOKEN_KEY: (&str, &[u8; 32]) = ("demo", b"0123456789abcdef0123456789abcdef");

const CLIENT: (&str, &str) = ("rivet-demo", "secret-of-the-demo-app-at-intuit");

/// What Intuit's deliveries are signed with.
pub const VERIFIER_TOKEN: &str = "verifier-token-of-the-demo";

/// What differs from one stage to another.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Where the components listen.
    pub listen: SocketAddr,
    /// Where their values are kept.
    pub storage: Storage,
    /// Where their output goes.
    pub logs: Logs,
    /// When a refresh token changes.
    pub rotation: Rotation,
    /// Variables in place of the stage's own.
    pub variables: BTreeMap<String, String>,
}

impl Default for Setting {
    /// Nothing outlasts it, and each refresh token lives for a day.
    fn default() -> Self {
        Self {
            listen: ([127, 0, 0, 1], 0).into(),
            storage: Storage::Memory,
            logs: Logs::kept(),
            rotation: Rotation::Strict,
            variables: BTreeMap::new(),
        }
    }
}

/// Everything that plays a part.
pub struct Stage {
    /// The components.
    pub app: App,
    /// Their output, if it is kept.
    pub logs: Logs,
    /// Where they are reached.
    pub url: String,
    /// RIVET.
    pub rivet: Rivet,
    /// What RIVET was told.
    pub inbox: Inbox,
    simulator: Arc<Mutex<Simulator>>,
    clocks: (Clock, simulator::Clock),
    running: Running,
}

impl Stage {
    /// Brings everything up. The components must be built.
    ///
    /// # Errors
    /// If something cannot be started; the message is for the person at the terminal.
    pub async fn set(manifest: &Manifest, setting: Setting) -> anyhow::Result<Self> {
        // The port is taken before anything is compiled, so that a taken one is told at once, and kept: of stages that
        // are set at the same time none may take it meanwhile.
        let listener = TcpListener::bind(setting.listen)
            .await
            .with_context(|| format!("cannot listen on {}", setting.listen))?;
        let url = format!("http://{}", listener.local_addr()?);
        let clock = simulator::Clock::default();
        let (simulator, intuit) = intuit(&url, setting.rotation, &clock).await?;
        let rivet = Rivet::of_the_demo();
        let (inbox, notify) = Inbox::open(&rivet).await?;
        let mut variables = variables(&rivet, &url, &intuit);
        variables.insert("rivet_notify_origin".into(), notify);
        variables.insert("rivet_notify_secret".into(), rivet.webhook_secret());
        variables.extend(setting.variables);
        let options = Options {
            variables,
            storage: setting.storage,
            logs: setting.logs.clone(),
            ..Options::default()
        };
        let host_clock = options.clock.clone();
        let app = App::load(manifest, options)?;
        let running = app.serve(listener)?;
        let clocks = (host_clock, clock);
        Ok(Self {
            app,
            logs: setting.logs,
            url,
            rivet,
            inbox,
            simulator,
            clocks,
            running,
        })
    }

    /// QuickBooks, to look into or to change by hand.
    pub fn simulator(&self) -> MutexGuard<'_, Simulator> {
        self.simulator
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The time that everybody here sees.
    pub fn now(&self) -> Timestamp {
        self.clocks.1.now()
    }

    /// Moves everybody's time forward.
    pub fn advance(&self, by: Duration) {
        let (host, intuit) = &self.clocks;
        host.advance(by);
        let seconds = i64::try_from(by.as_secs()).unwrap_or_default();
        intuit.set_offset(intuit.offset() + jiff::SignedDuration::from_secs(seconds));
        // What is asked of it directly happens at this time too, not at that of its last request.
        self.simulator().set_now(self.now());
    }

    /// The records as the components keep them, to be filled before a measurement.
    pub(crate) fn records(&self) -> SealedRecords<Native> {
        let keyring = Keyring::new(vec![(TOKEN_KEY.0.to_owned(), *TOKEN_KEY.1)]);
        // What is filled in for a measurement may be sealed in the same way each time.
        let entropy = Entropy::new([7; 32]);
        let native = Native(self.app.store("default"));
        SealedRecords::new(native, keyring, entropy, Timestamp::now)
    }

    /// What the components asked of the host so far.
    pub fn counts(&self) -> Counts {
        self.app.counts()
    }

    /// Sends a request to the components, as a client over the network would.
    ///
    /// # Errors
    /// If the answer breaks off.
    pub async fn send(&self, request: Request<Bytes>) -> anyhow::Result<Response<Bytes>> {
        self.app.handle(request).await
    }

    /// Stops serving.
    pub async fn stop(self) {
        self.running.stop().await;
    }
}

impl Site for Stage {
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

/// A simulated Intuit on a port of its own, which sends browsers back to `url`; with its origin.
pub(crate) async fn intuit(
    url: &str,
    rotation: Rotation,
    clock: &simulator::Clock,
) -> anyhow::Result<(Arc<Mutex<Simulator>>, String)> {
    let simulator = Arc::new(Mutex::new(Simulator::new(Config {
        client_id: CLIENT.0.into(),
        client_secret: CLIENT.1.into(),
        redirect_uris: vec![format!("{url}/v1/quickbooks/callback")],
        seed: 1,
        now: Timestamp::now(),
        rotation,
    })));
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .context("no port for the simulator")?;
    let origin = format!("http://{}", listener.local_addr()?);
    tokio::spawn(simulator::serve(
        Arc::clone(&simulator),
        listener,
        clock.clone(),
    ));
    Ok((simulator, origin))
}

/// What the components are told of RIVET, of themselves and of Intuit.
pub(crate) fn variables(rivet: &Rivet, url: &str, intuit: &str) -> BTreeMap<String, String> {
    let pairs = [
        ("public_url", url.to_owned()),
        ("rivet_app_url", format!("{url}/")),
        ("rivet_session_secret", rivet.session_secret.clone()),
        ("rivet_webhook_secret", rivet.webhook_secret()),
        ("scheduler_secret", SCHEDULER_SECRET.to_owned()),
        (
            "token_keys",
            format!("{}:{}", TOKEN_KEY.0, STANDARD.encode(TOKEN_KEY.1)),
        ),
        ("quickbooks_webhook_verifier", VERIFIER_TOKEN.to_owned()),
        ("quickbooks_client_id", CLIENT.0.to_owned()),
        ("quickbooks_client_secret", CLIENT.1.to_owned()),
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
