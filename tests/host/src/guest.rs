//! The interfaces that a component instance may call, beside WASI: those that its block permits.

mod blocking;
mod config;
mod key_value;
mod outbound;
mod permissions;
mod postgres;
mod wasi_key_value;

use std::sync::Arc;

use wasi_instance::InstanceData;
use wasmtime::Engine;
use wasmtime::component::{HasData, Linker, ResourceTable};
use wasmtime_wasi::WasiCtx;

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

/// The data of one instance for the interfaces of Spin.
pub(crate) struct Guest {
    table: ResourceTable,
    permissions: Arc<Permissions>,
    /// Watches the memory of the instance.
    pub(crate) memory: MemoryMeter,
}

impl Guest {
    /// Returns the data of a new instance.
    pub fn instance(permissions: Arc<Permissions>) -> InstanceData {
        let output = LineStream::new(&permissions.component, &permissions.shared.logs);
        let wasi = WasiCtx::builder()
            .stdout(output.clone())
            .stderr(output)
            .envs(&permissions.environment)
            .wall_clock(permissions.shared.clock.clone())
            .build();
        let outbound = Outbound(permissions.clone());
        let guest = Self {
            table: ResourceTable::new(),
            memory: MemoryMeter(permissions.shared.meter.clone()),
            permissions,
        };
        InstanceData::new(wasi, outbound, guest)
    }
}

/// Returns a linker with every interface that this host offers. At each call the component's [`Permissions`] decide whether it is allowed.
pub(crate) fn linker(engine: &Engine) -> wasmtime::Result<Linker<InstanceData>> {
    let mut linker = wasi_instance::linker(engine)?;
    Spin::add_to_linker::<_, Host>(&mut linker, InstanceData::guest)?;
    Ok(linker)
}

/// Implements the interfaces of Spin on the data of an instance.
struct Host;

impl HasData for Host {
    type Data<'a> = &'a mut Guest;
}
