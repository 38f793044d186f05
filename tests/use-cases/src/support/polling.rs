//! Workers that are cut off halfway.

use futures::task::noop_waker;
use std::pin::pin;
use std::task::Context;

/// Polls a future up to this many times and drops it. Returns whether the future finished.
pub fn poll_times(times: usize, future: impl Future) -> bool {
    let mut future = pin!(future);
    let waker = noop_waker();
    let mut context = Context::from_waker(&waker);
    (0..times).any(|_| future.as_mut().poll(&mut context).is_ready())
}
