//! All firms, as the due index names them.

use billing::FirmId;
use ports::records::{Records, StoreError};
use std::collections::BTreeSet;
use store::Store;
use store::schedule::{DueIndex, GROUPS};

/// Returns all shards of the due index that are in use.
///
/// # Errors
/// A shard cannot be read.
pub(crate) async fn all_shards<R: Records>(store: &Store<R>) -> Result<Vec<DueIndex>, StoreError> {
    let mut found = Vec::new();
    let mut shards: Vec<u8> = (0..GROUPS).collect();
    while let Some(shard) = shards.pop() {
        let index = store.due_index(shard).await?;
        shards.extend(index.others_in_use(shard));
        found.push(index);
    }
    Ok(found)
}

/// Returns all firms that the due index names, each once: while it is split, two shards may name the same firm.
///
/// # Errors
/// A shard cannot be read.
pub(crate) async fn all_firms<R: Records>(
    store: &Store<R>,
) -> Result<BTreeSet<FirmId>, StoreError> {
    let shards = all_shards(store).await?;
    let firms = shards.into_iter().flat_map(|shard| shard.firms.into_keys());
    Ok(firms.collect())
}
