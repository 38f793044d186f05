//! Operations of a store that block.

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::{block_in_place, spawn_blocking};

/// Runs an operation that blocks. As in Spin, it runs in the thread of its component, and the tasks of that thread move to another one.
/// A runtime with a single thread cannot move them, so there the operation runs in a thread of its own.
pub(super) async fn run<T: Send + 'static>(
    operation: impl FnOnce() -> T + Send + 'static,
) -> wasmtime::Result<T> {
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::CurrentThread => Ok(spawn_blocking(operation).await?),
        _ => Ok(block_in_place(operation)),
    }
}
