//! What a component instance holds and reaches: WASI, and what its block in `spin.toml` grants.

mod config;
mod key_value;
mod outbound;
mod wasi_key_value;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use wasmtime::component::{HasData, Linker, ResourceTable};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::clock::Clock;
use crate::counts::Meter;
use crate::hosts::AllowedHosts;
use crate::key_value::{Bucket, Database};
use crate::logs::Logs;
use crate::stdio::LineStream;
use outbound::Outbound;

wasmtime::component::bindgen!({
    path: "wit",
    world: "spin",
    imports: {
        "spin:key-value/key-value": async | store | trappable,
        "spin:variables/variables": async | store | trappable,
        default: async | trappable,
    },
    with: {
        "spin:key-value/key-value.store": crate::key_value::Bucket,
        "wasi:keyvalue/store.bucket": crate::key_value::Bucket,
        "wasi:keyvalue/atomics.cas": crate::guest::wasi_key_value::Swap,
    },
});

/// What one component may use. Shared by all of its instances.
pub(crate) struct Grants {
    pub component: String,
    pub environment: Vec<(String, String)>,
    pub variables: BTreeMap<String, String>,
    pub stores: BTreeSet<String>,
    pub hosts: AllowedHosts,
    pub surroundings: Surroundings,
}

/// What all components of an app share.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub database: Database,
    pub meter: Arc<Meter>,
    pub clock: Clock,
    pub logs: Logs,
}

/// The data of one instance.
pub(crate) struct Guest {
    table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    outbound: Outbound,
    grants: Arc<Grants>,
}

impl Guest {
    pub fn new(grants: Arc<Grants>) -> Self {
        let output = LineStream::new(&grants.component, &grants.surroundings.logs);
        let wasi = WasiCtx::builder()
            .stdout(output.clone())
            .stderr(output)
            .envs(&grants.environment)
            .wall_clock(grants.surroundings.clock.clone())
            .build();
        Self {
            table: ResourceTable::new(),
            wasi,
            http: WasiHttpCtx::new(),
            outbound: Outbound(grants.clone()),
            grants,
        }
    }
}

/// Links everything a component may import. Whether it may *use* it is decided by its [`Grants`] at each call.
pub(crate) fn add_to_linker(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_async(linker)?;
    wasmtime_wasi::p3::add_to_linker(linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(linker)?;
    wasmtime_wasi_http::p3::add_to_linker(linker)?;
    Spin::add_to_linker::<_, Host>(linker, |guest| guest)
}

/// Implements the interfaces of Spin on the data of an instance.
struct Host;

impl HasData for Host {
    type Data<'a> = &'a mut Guest;
}

impl Grants {
    pub fn remark(&self, text: &str) {
        self.surroundings.logs.write(&self.component, text);
    }

    /// The store called `label`, if this component may open it.
    fn open(&self, label: &str) -> Option<Bucket> {
        if self.stores.contains(label) {
            return Some(self.surroundings.database.bucket(label));
        }
        self.remark(&format!(
            "key-value store {label:?} was refused; to grant it, add it to key_value_stores of [component.{}] in spin.toml",
            self.component
        ));
        None
    }
}

impl WasiView for Guest {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl WasiHttpView for Guest {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            ctx: &mut self.http,
            table: &mut self.table,
            hooks: &mut self.outbound,
        }
    }
}
