//! Workers that die halfway.

use futures::task::noop_waker;
use std::pin::pin;
use std::task::Context;

/// Polls so often, or until it is done; whether it was. What is not done then has died.
pub fn polled(times: usize, dying: impl Future) -> bool {
    let mut dying = pin!(dying);
    let waker = noop_waker();
    let mut context = Context::from_waker(&waker);
    (0..times).any(|_| dying.as_mut().poll(&mut context).is_ready())
}
