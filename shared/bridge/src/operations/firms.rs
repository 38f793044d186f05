//! All firms, as the due index names them.

use billing::FirmId;
use ports::records::{Records, StoreError};
use store::Store;
use store::schedule::{DueIndex, SHARDS};

/// Returns all shards of the due index.
///
/// # Errors
/// A shard cannot be read.
pub(crate) async fn all_shards<R: Records>(store: &Store<R>) -> Result<Vec<DueIndex>, StoreError> {
    let mut shards = Vec::new();
    for shard in 0..SHARDS {
        shards.push(store.due_index(shard).await?);
    }
    Ok(shards)
}

/// Returns all firms that the due index names.
///
/// # Errors
/// A shard cannot be read.
pub(crate) async fn all_firms<R: Records>(store: &Store<R>) -> Result<Vec<FirmId>, StoreError> {
    let shards = all_shards(store).await?;
    let firms = shards.into_iter().flat_map(|shard| shard.firms.into_keys());
    Ok(firms.collect())
}
