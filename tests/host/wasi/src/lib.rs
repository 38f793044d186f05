//! The data of a component instance, and the functions of WASI that it may call.
//!
//! There are some 330 functions, which are compiled for the type of the data. In a crate of their own they are compiled once, and not again
//! with the tests of the host.
#![warn(missing_docs)]

use std::any::Any;

use wasmtime::Engine;
use wasmtime::component::{Linker, ResourceTable};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView};

/// The data of one instance, dropped with the instance.
pub struct InstanceData {
    table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    outbound: Box<dyn WasiHttpHooks>,
    guest: Box<dyn Any + Send>,
}

impl InstanceData {
    /// Returns the data of an instance whose outbound requests pass through a hook. `guest` is the data for the host's own interfaces.
    pub fn new(
        wasi: WasiCtx,
        outbound: impl WasiHttpHooks + 'static,
        guest: impl Any + Send,
    ) -> Self {
        Self {
            table: ResourceTable::new(),
            wasi,
            http: WasiHttpCtx::new(),
            outbound: Box::new(outbound),
            guest: Box::new(guest),
        }
    }

    /// Returns the data for the host's own interfaces.
    ///
    /// # Panics
    /// If the instance was created with another type.
    pub fn guest<T: Any>(&mut self) -> &mut T {
        match self.guest.downcast_mut() {
            Some(guest) => guest,
            None => unreachable!("an instance has the data of its host"),
        }
    }
}

impl WasiView for InstanceData {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl WasiHttpView for InstanceData {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            ctx: &mut self.http,
            table: &mut self.table,
            hooks: &mut *self.outbound,
        }
    }
}

/// Returns a linker with every function of WASI.
///
/// # Errors
/// Fails if two functions have the same name.
pub fn linker(engine: &Engine) -> wasmtime::Result<Linker<InstanceData>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi::p3::add_to_linker(&mut linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
    Ok(linker)
}
