//! When an instance is made, how many requests it takes, and when it goes: Spin's rules.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::time::Sleep;
use wasmtime::component::GuestTaskId;
use wasmtime::{Store, StoreContextMut};
use wasmtime_wasi_http::WasiHttpView as _;
use wasmtime_wasi_http::handler::{
    HandlerState, Instance, Proxy, ShouldAccept, WorkerExpiration, WorkerState, WorkerStatus,
};

use crate::engine::Prepared;
use crate::guest::{Grants, Guest};

/// How instances are used for several requests.
#[derive(Clone, Copy, Debug)]
pub struct Reuse {
    /// How many requests an instance answers in its life.
    pub requests: usize,
    /// How many of them at the same time.
    pub concurrent: usize,
    /// How long it waits for another one before it goes.
    pub idle: Duration,
}

impl Default for Reuse {
    /// What Spin does unless told otherwise.
    fn default() -> Self {
        Self {
            requests: 128,
            concurrent: 16,
            idle: Duration::from_secs(1),
        }
    }
}

/// Makes the instances of one component.
pub(crate) struct Instances {
    pub prepared: Prepared,
    pub grants: Arc<Grants>,
    pub reuse: Reuse,
}

impl HandlerState for Instances {
    type StoreData = Guest;
    type WorkerExpiration = IdleTimeout;
    type WorkerState = Worker;

    async fn instantiate(&self) -> wasmtime::Result<Instance<Guest, IdleTimeout, Worker>> {
        let guest = Guest::new(self.grants.clone());
        let mut store = Store::new(self.prepared.engine(), guest);
        let service = self.prepared.instantiate_async(&mut store).await?;
        Ok(Instance {
            store,
            proxy: Proxy::P3(service),
            view: Guest::http,
            expiration: IdleTimeout {
                after: self.reuse.idle,
                sleep: Box::pin(tokio::time::sleep(self.reuse.idle)),
            },
            state: Worker {
                reuse: self.reuse,
                grants: self.grants.clone(),
            },
        })
    }
}

pub(crate) struct Worker {
    reuse: Reuse,
    grants: Arc<Grants>,
}

impl WorkerState for Worker {
    type StoreData = Guest;
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

    /// A request may take as long as it likes.
    fn on_request_start(
        &self,
        _: StoreContextMut<'_, Guest>,
        (): (),
        _: GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + Sync>> {
        Box::pin(std::future::pending())
    }

    fn drop(&self, store: Store<Guest>, result: wasmtime::Result<()>) {
        if let Err(problem) = result
            && !is_shutdown(&problem)
        {
            self.grants.remark(&format!(
                "an instance failed, and with it its requests: {problem:?}"
            ));
        }
        drop(store);
    }
}

/// Whether the instance only went because the threads that ran it stopped, which the library reports like a panic.
fn is_shutdown(problem: &wasmtime::Error) -> bool {
    problem.to_string() == "worker panicked" && !std::thread::panicking()
}

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
