//! Reads that wait side by side.

use crate::records::StoreError;
use futures::stream::{self, StreamExt as _, TryStreamExt as _};

/// The reads that wait at the same time. A back end may refuse more, and an instance answers several requests.
const AT_ONCE: usize = 16;

/// Waits for reads side by side, and returns what they found in their order.
///
/// # Errors
/// The first error of a read.
pub async fn side_by_side<T>(
    reads: impl IntoIterator<Item = impl Future<Output = Result<T, StoreError>>>,
) -> Result<Vec<T>, StoreError> {
    let reads = stream::iter(reads).buffered(AT_ONCE);
    reads.try_collect().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use std::cell::Cell;
    use std::future::poll_fn;
    use std::task::Poll;

    /// Waits for this many polls, so that other reads begin.
    async fn wait(mut polls: usize) {
        poll_fn(|context| {
            context.waker().wake_by_ref();
            polls = polls.saturating_sub(1);
            if polls == 0 {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    #[test]
    fn results_keep_the_order_of_the_reads() {
        let (waiting, most) = (&Cell::new(0), &Cell::new(0));
        let reads = (0..40).map(|number| async move {
            waiting.set(waiting.get() + 1);
            most.set(waiting.get().max(most.get()));
            wait(number % 3).await;
            waiting.set(waiting.get() - 1);
            Ok(number)
        });
        let found = block_on(side_by_side(reads)).unwrap();
        assert_eq!(found, (0..40).collect::<Vec<_>>());
        assert!((2..=AT_ONCE).contains(&most.get()), "{}", most.get());
    }

    #[test]
    fn first_error_ends_the_reads() {
        let reads = (0..4).map(|number| async move {
            match number {
                2 => Err(StoreError::Busy("queue".into())),
                number => Ok(number),
            }
        });
        let busy = StoreError::Busy("queue".into());
        assert_eq!(block_on(side_by_side(reads)), Err(busy));
    }
}
