//! The data of a component instance, and the interfaces that it may call: WASI, and those that its block permits.

mod blocking;
mod config;
mod key_value;
mod outbound;
mod permissions;
mod postgres;
mod wasi_key_value;

use std::sync::Arc;

use wasmtime::component::{HasData, Linker, ResourceTable};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::counts::MemoryMeter;
use crate::stdio::LineStream;
use outbound::Outbound;
pub(crate) use permissions::{Permissions, SharedState};

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
        "spin:postgres/postgres.connection": crate::postgres::Client,
        "spin:postgres/postgres.connection-builder": crate::postgres::Address,
        "wasi:keyvalue/store.bucket": crate::key_value::Bucket,
        "wasi:keyvalue/atomics.cas": crate::guest::wasi_key_value::CompareAndSwap,
    },
});

/// The data of one instance, dropped with the instance.
pub(crate) struct Guest {
    table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    outbound: Outbound,
    permissions: Arc<Permissions>,
    /// Watches the memory of the instance.
    pub(crate) memory: MemoryMeter,
}

impl Guest {
    pub fn new(permissions: Arc<Permissions>) -> Self {
        let output = LineStream::new(&permissions.component, &permissions.shared.logs);
        let wasi = WasiCtx::builder()
            .stdout(output.clone())
            .stderr(output)
            .envs(&permissions.environment)
            .wall_clock(permissions.shared.clock.clone())
            .build();
        Self {
            table: ResourceTable::new(),
            wasi,
            http: WasiHttpCtx::new(),
            outbound: Outbound(permissions.clone()),
            memory: MemoryMeter(permissions.shared.meter.clone()),
            permissions,
        }
    }
}

/// Links every interface that this host offers. At each call the component's [`Permissions`] decide whether it is allowed.
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
