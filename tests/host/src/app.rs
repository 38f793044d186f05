//! An app is the components of a manifest, ready to answer requests.

mod answer;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use anyhow::{Context as _, anyhow, ensure};
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use http_body_util::{BodyExt as _, Full};
use platform::store::verify_back_end;
use wasmtime_wasi_http::handler::ProxyHandler;

use crate::bucket_key_value::BucketKeyValue;
use crate::clock::Clock;
use crate::counts::{Counts, Meter};
use crate::guest::{Permissions, SharedState};
use crate::instances::{Instances, Reuse};
use crate::key_value::{Bucket, Storage, Stores};
use crate::logs::Logs;
use crate::manifest::{Component, Manifest, Trigger};
use crate::routes::Routes;
use crate::variables::Variables;
use crate::{build, engine};

/// The settings of an app. The caller of [`App::load`] writes them.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Values of variables, by name.
    pub variables: BTreeMap<String, String>,
    /// The place of the key-value store.
    pub storage: Storage,
    /// The wall clock that the components read.
    pub clock: Clock,
    /// The destination of the components' output.
    pub logs: Logs,
    /// The rules by which instances answer several requests.
    pub reuse: Reuse,
}

/// The name under which a test finds the records of components that use PostgreSQL.
const RECORDS: &str = "default";

/// A loaded app. Clones share the same components and store.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    options: Options,
    routes: Routes,
    triggers: Vec<Trigger>,
    components: HashMap<String, ProxyHandler<Instances>>,
    shared: SharedState,
    /// The labels of the stores that components may open.
    labels: BTreeSet<String>,
}

impl App {
    /// Loads the built components of a manifest.
    ///
    /// # Errors
    /// Fails if a required variable is missing or the store cannot be opened. Fails too if a component is not built, does
    /// not compile, or imports an interface that this host does not offer.
    pub fn load(manifest: &Manifest, options: Options) -> anyhow::Result<Self> {
        let opened = Stores::open(&options.storage)?;
        Self::load_on(opened, manifest, options)
    }

    /// Loads the components again with other variables, beside this app and on the same stores: the next version of a deployment.
    ///
    /// # Errors
    /// Fails as [`App::load`] does.
    pub fn load_beside(
        &self,
        manifest: &Manifest,
        variables: BTreeMap<String, String>,
    ) -> anyhow::Result<Self> {
        let mut options = self.0.options.clone();
        options.variables.extend(variables);
        Self::load_on(self.stores().clone(), manifest, options)
    }

    fn load_on(opened: Stores, manifest: &Manifest, options: Options) -> anyhow::Result<Self> {
        let storage = &options.storage;
        let mut supplied = storage.variables();
        supplied.extend(options.variables.clone());
        let variables = Variables::resolve(manifest, &supplied)?;
        let shared = SharedState {
            opened,
            postgres: Arc::default(),
            meter: Arc::new(Meter::default()),
            clock: options.clock.clone(),
            logs: options.logs.clone(),
        };
        let mut components = HashMap::new();
        for component in &manifest.components {
            let block = || format!("[component.{}]", component.id);
            let instances = Instances {
                prepared: prepare(manifest, component).with_context(block)?,
                permissions: Permissions::of(component, &variables, &shared)
                    .map(Arc::new)
                    .with_context(block)?,
                reuse: options.reuse,
            };
            components.insert(component.id.clone(), ProxyHandler::new(instances));
        }
        let routes = Routes::of(&manifest.triggers)?;
        let labels = manifest.components.iter();
        let labels = labels.flat_map(|component| component.block.key_value_stores.clone());
        let mut labels: BTreeSet<_> = labels.collect();
        if let Storage::Postgres(_) = storage {
            ensure!(
                labels.is_empty(),
                "these components keep records in a key-value store; those for PostgreSQL are in {}",
                storage.manifest()
            );
            labels.insert(RECORDS.to_owned());
        }
        Ok(Self(Arc::new(Parts {
            options,
            routes,
            triggers: manifest.triggers.clone(),
            components,
            shared,
            labels,
        })))
    }

    /// Answers a request without a socket, and returns the answer with its whole body.
    ///
    /// # Errors
    /// Fails if the body of the answer ends too early.
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
            .map_err(|problem| anyhow::anyhow!("the answer ended too early: {problem}"))?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    }

    /// Returns how often the components called each host operation since the app was loaded.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.0.shared.meter.read()
    }

    /// Returns the most bytes of linear memory that an instance has had since the app was loaded.
    #[must_use]
    pub fn peak_memory(&self) -> usize {
        self.0.shared.meter.peak_memory()
    }

    /// Returns the store called `label`. A test can read or change it without a component.
    #[must_use]
    pub fn store(&self, label: &str) -> Bucket {
        self.0.shared.opened.bucket(label)
    }

    /// Returns the place of all stores.
    pub(crate) fn stores(&self) -> &Stores {
        &self.0.shared.opened
    }

    /// Checks that records can be kept in the stores that the components open.
    ///
    /// # Errors
    /// Fails with the name of the place if an operation on it fails or is answered wrongly.
    pub async fn verify_stores(&self) -> anyhow::Result<()> {
        for label in &self.0.labels {
            let store = BucketKeyValue(self.store(label));
            let nonce = format!("{:032x}", fastrand::u128(..));
            let verified = verify_back_end(&store, &nonce).await;
            verified.map_err(|fault| {
                anyhow!(
                    "the store ({}) cannot keep records: {fault}",
                    self.stores().name()
                )
            })?;
        }
        Ok(())
    }

    /// Returns each route with the id of the component that answers it, in the order of the manifest.
    pub fn routes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .triggers
            .iter()
            .map(|trigger| (trigger.route.as_str(), trigger.component.as_str()))
    }
}

fn prepare(manifest: &Manifest, component: &Component) -> anyhow::Result<engine::Prepared> {
    let file = build::source(&manifest.folder, &component.block.source);
    engine::prepare(&file).with_context(|| format!("cannot use {}", file.display()))
}
