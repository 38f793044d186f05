//! The simulated Intuit, served over HTTP.

use anyhow::Context as _;
use jiff::Timestamp;
use simulator::{Config, Rotation, Simulator};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// The client id of RIVET's app at the simulated Intuit.
pub(crate) const CLIENT_ID: &str = "rivet-demo";
/// The client secret of the same app.
pub(crate) const CLIENT_SECRET: &str = "secret-of-the-demo-app-at-intuit";

/// A simulated Intuit that listens on a free port until the process ends.
pub(crate) struct SimulatedIntuit {
    pub simulator: Arc<Mutex<Simulator>>,
    /// The origin of its token endpoint, its sign-in page and its API.
    pub origin: String,
}

impl SimulatedIntuit {
    /// Starts the simulator. Its sign-in page redirects browsers to the callback under `url`.
    pub async fn start(
        url: &str,
        rotation: Rotation,
        clock: &simulator::Clock,
    ) -> anyhow::Result<Self> {
        let simulator = Arc::new(Mutex::new(Simulator::new(Config {
            client_id: CLIENT_ID.into(),
            client_secret: CLIENT_SECRET.into(),
            redirect_uris: vec![format!("{url}/v1/quickbooks/callback")],
            seed: 1,
            now: Timestamp::now(),
            rotation,
        })));
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .context("no port for the simulator")?;
        let origin = format!("http://{}", listener.local_addr()?);
        let server = simulator::serve(Arc::clone(&simulator), listener, clock.clone());
        tokio::spawn(server);
        Ok(Self { simulator, origin })
    }
}
