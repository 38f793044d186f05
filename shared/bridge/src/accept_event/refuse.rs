//! Refuses an event of an erased firm.

use crate::error::Error;
use billing::{Document, FirmId};
use ports::records::{Records, StoreError};
use store::Store;
use store::erasure::Erasure;

/// Makes sure that nothing of an event of an erased firm stays. `stored` is its revision, if that was received before.
///
/// A request that crashed may have stored the revision without its queue entry, so nothing leads to the revision. RIVET got no answer and
/// sends the event again, which removes the revision.
///
/// # Errors
/// The store fails, or the erasure still goes on and there is such a revision. RIVET then sends the event once more.
pub(super) async fn refuse<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    stored: Option<&Document>,
    erasure: &Erasure,
) -> Result<(), Error> {
    match stored {
        None => Ok(()),
        Some(_) if erasure.finished_at.is_none() => Err(StoreError::Busy("erasure".into()).into()),
        Some(document) => Ok(store.remove_received(firm, document).await?),
    }
}
