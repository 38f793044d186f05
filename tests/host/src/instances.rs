//! Spin's rules for instances: when one is created, how many requests it takes, and when it is dropped.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::time::Sleep;
use wasi_instance::InstanceData;
use wasmtime::component::GuestTaskId;
use wasmtime::{Store, StoreContextMut};
use wasmtime_wasi_http::WasiHttpView as _;
use wasmtime_wasi_http::handler::{
    HandlerState, Instance, Proxy, ShouldAccept, WorkerExpiration, WorkerState, WorkerStatus,
};

use crate::engine::Prepared;
use crate::guest::{Guest, Permissions};

/// The limits within which one instance answers several requests.
#[derive(Clone, Copy, Debug)]
pub struct Reuse {
    /// The number of requests that an instance answers before it is dropped.
    pub requests: usize,
    /// The number of requests that an instance answers at the same time.
    pub concurrent: usize,
    /// The time that an instance without a request is kept.
    pub idle: Duration,
}

impl Default for Reuse {
    /// Returns Spin's defaults.
    fn default() -> Self {
        Self {
            requests: 128,
            concurrent: 16,
            idle: Duration::from_secs(1),
        }
    }
}

/// Creates the instances of one component.
pub(crate) struct Instances {
    pub prepared: Prepared,
    pub permissions: Arc<Permissions>,
    pub reuse: Reuse,
}

impl HandlerState for Instances {
    type StoreData = InstanceData;
    type WorkerExpiration = IdleTimeout;
    type WorkerState = Worker;

    async fn instantiate(&self) -> wasmtime::Result<Instance<InstanceData, IdleTimeout, Worker>> {
        let data = Guest::instance(self.permissions.clone());
        let mut store = Store::new(self.prepared.engine(), data);
        store.limiter(|data| &mut data.guest::<Guest>().memory);
        let service = self.prepared.instantiate_async(&mut store).await?;
        Ok(Instance {
            store,
            proxy: Proxy::P3(service),
            view: InstanceData::http,
            expiration: IdleTimeout {
                after: self.reuse.idle,
                sleep: Box::pin(tokio::time::sleep(self.reuse.idle)),
            },
            state: Worker {
                reuse: self.reuse,
                permissions: self.permissions.clone(),
            },
        })
    }
}

/// The state of one instance beside its data.
pub(crate) struct Worker {
    reuse: Reuse,
    permissions: Arc<Permissions>,
}

impl WorkerState for Worker {
    type StoreData = InstanceData;
    type RequestData = ();

    fn should_accept_request(&self, concurrent: usize, total: usize) -> ShouldAccept {
        if total >= self.reuse.requests {
            ShouldAccept::Never
        } else if concurrent >= self.reuse.concurrent {
            ShouldAccept::No
        } else {
            ShouldAccept::Yes
        }
    }

    /// Returns a future that never ends: a request has no time limit.
    fn on_request_start(
        &self,
        _: StoreContextMut<'_, InstanceData>,
        (): (),
        _: GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + Sync>> {
        Box::pin(std::future::pending())
    }

    fn drop(&self, store: Store<InstanceData>, result: wasmtime::Result<()>) {
        if let Err(problem) = result
            && !is_shutdown(&problem)
        {
            self.permissions.log(&format!(
                "an instance failed, and with it its requests: {problem:?}"
            ));
        }
        drop(store);
    }
}

/// Returns whether the instance ended only because the runtime stopped. The library reports that like a panic.
fn is_shutdown(problem: &wasmtime::Error) -> bool {
    problem.to_string() == "worker panicked" && !std::thread::panicking()
}

/// Drops an instance that has had no request for a time.
pub(crate) struct IdleTimeout {
    after: Duration,
    sleep: Pin<Box<Sleep>>,
}

impl WorkerExpiration for IdleTimeout {
    fn poll(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        status: WorkerStatus,
        since: Instant,
    ) -> Poll<()> {
        if status != WorkerStatus::Idle {
            return Poll::Pending;
        }
        let deadline = (since + self.after).into();
        if self.sleep.deadline() != deadline {
            self.sleep.as_mut().reset(deadline);
        }
        self.sleep.as_mut().poll(context)
    }
}
