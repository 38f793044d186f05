//! An app: the components of a manifest, ready to answer requests.

mod answer;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use http_body_util::{BodyExt as _, Full};
use wasmtime_wasi_http::handler::ProxyHandler;

use crate::clock::Clock;
use crate::counts::{Counts, Meter};
use crate::guest::{Grants, Surroundings};
use crate::instances::{Instances, Reuse};
use crate::key_value::{Bucket, Database};
use crate::logs::Logs;
use crate::manifest::{Component, Manifest, Trigger};
use crate::routes::Routes;
use crate::variables::Variables;
use crate::{build, engine};

/// How an app is run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Values of variables, by name.
    pub variables: BTreeMap<String, String>,
    /// Where the key-value store is kept.
    pub storage: Storage,
    /// The time of day that components see.
    pub clock: Clock,
    /// Where their output goes.
    pub logs: Logs,
    /// How their instances are reused.
    pub reuse: Reuse,
}

/// Where the key-value store of an app is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Storage {
    /// Gone with the app.
    #[default]
    Memory,
    /// In this folder, and still there when the machine stops.
    Folder(PathBuf),
    /// In this folder, but the disk is not waited for: for tests that load an app again.
    FastFolder(PathBuf),
}

/// A loaded app. Clones are the same app.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    routes: Routes,
    triggers: Vec<Trigger>,
    components: HashMap<String, ProxyHandler<Instances>>,
    surroundings: Surroundings,
}

impl App {
    /// Loads the built components of a manifest.
    ///
    /// # Errors
    /// If a required variable is missing, a component is not built, does not compile, or imports what this host does
    /// not offer, or the store cannot be opened.
    pub fn load(manifest: &Manifest, options: Options) -> anyhow::Result<Self> {
        let variables = Variables::of(manifest, &options.variables)?;
        let surroundings = Surroundings {
            database: open(&options.storage)?,
            meter: Arc::new(Meter::default()),
            clock: options.clock,
            logs: options.logs,
        };
        let mut components = HashMap::new();
        for component in &manifest.components {
            let place = || format!("[component.{}]", component.id);
            let instances = Instances {
                prepared: prepare(manifest, component).with_context(place)?,
                grants: Grants::of(component, &variables, &surroundings)
                    .map(Arc::new)
                    .with_context(place)?,
                reuse: options.reuse,
            };
            components.insert(component.id.clone(), ProxyHandler::new(instances));
        }
        let routes = Routes::of(&manifest.triggers)?;
        Ok(Self(Arc::new(Parts {
            routes,
            triggers: manifest.triggers.clone(),
            components,
            surroundings,
        })))
    }

    /// Answers a request without a socket, after reading the whole answer.
    ///
    /// # Errors
    /// If the answer broke off.
    pub async fn handle(&self, mut request: Request<Bytes>) -> anyhow::Result<Response<Bytes>> {
        if request.uri().authority().is_none() {
            request
                .headers_mut()
                .entry(header::HOST)
                .or_insert(HeaderValue::from_static("127.0.0.1:3000"));
        }
        let request = request.map(|body| {
            Full::new(body)
                .map_err(|never| match never {})
                .boxed_unsync()
        });
        let (parts, body) = self
            .respond(request, ([127, 0, 0, 1], 0).into())
            .await
            .into_parts();
        let body = body
            .collect()
            .await
            .map_err(|problem| anyhow::anyhow!("the answer broke off: {problem}"))?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    }

    /// What the components have asked of the host since the app was loaded.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.0.surroundings.meter.read()
    }

    /// The store called `label`, to look into or to change behind the components' backs.
    #[must_use]
    pub fn store(&self, label: &str) -> Bucket {
        self.0.surroundings.database.bucket(label)
    }

    /// Each route and the component that answers it, as in the manifest.
    pub fn routes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .triggers
            .iter()
            .map(|trigger| (trigger.route.as_str(), trigger.component.as_str()))
    }
}

fn open(storage: &Storage) -> anyhow::Result<Database> {
    match storage {
        Storage::Memory => Database::in_memory(),
        Storage::Folder(folder) => Database::in_directory(folder, true),
        Storage::FastFolder(folder) => Database::in_directory(folder, false),
    }
}

fn prepare(manifest: &Manifest, component: &Component) -> anyhow::Result<engine::Prepared> {
    let file = build::source(&manifest.folder, &component.block.source);
    engine::prepare(&file).with_context(|| format!("cannot use {}", file.display()))
}
