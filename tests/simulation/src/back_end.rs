//! The back ends whose behaviour the store in memory copies, with what each of them refuses.

/// The back end, which decides how the store reads, swaps and counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackEnd {
    /// Of two swaps on an absent key both win. An existing key is compared by value.
    Sqlite,
    /// Every swap is reported as a conflict, also one that wrote. Spin ends a swap with `UNWATCH <key>`, Redis refuses the key, and
    /// Spin takes the refusal for a conflict.
    Redis,
    /// Swaps, counters and reads are correct, with consistent reads turned on. So are those of PostgreSQL.
    DynamoDb,
    /// Swaps are correct, and so are reads at the consistency level Strong. Two concurrent increments may return the same number.
    CosmosDb,
    /// DynamoDB as it is without consistent reads: a read may return the value before the latest. A swap reads consistently.
    DynamoDbEventual,
    /// Cosmos DB below the level Strong: a read may return the value before the latest, also the read of a swap.
    CosmosDbWeak,
    /// A store at the edge, which has neither swaps nor counters.
    WithoutAtomics,
}

/// The longest value that the code may write, in bytes. Every back end takes it.
pub const LONGEST_VALUE: usize = 64 * 1024;

/// The longest value that other back ends than DynamoDB are trusted with, in bytes.
const ONE_MEGABYTE: usize = 1024 * 1024;

/// The longest item of DynamoDB, in bytes (Amazon DynamoDB Developer Guide, quotas: item size).
const DYNAMO_DB_ITEM: usize = 400 * 1024;

impl BackEnd {
    /// All back ends that records may be on.
    pub const ALL: [Self; 4] = [Self::Sqlite, Self::Redis, Self::DynamoDb, Self::CosmosDb];

    /// The back ends that cannot keep records.
    pub const UNFIT: [Self; 3] = [
        Self::DynamoDbEventual,
        Self::CosmosDbWeak,
        Self::WithoutAtomics,
    ];

    /// Returns the message with which the back end refuses to write this value, or `None` if it takes it.
    pub fn refusal(self, key: &str, value: &[u8]) -> Option<String> {
        let longest = match self {
            Self::DynamoDb | Self::DynamoDbEventual => DYNAMO_DB_ITEM - key.len(),
            _ => ONE_MEGABYTE,
        };
        if value.len() > longest {
            return Some(format!("a value of {} bytes is too long", value.len()));
        }
        // Azure Cosmos DB service quotas, limits of items: these characters are refused in an id.
        let is_refused = self.is_cosmos_db() && key.contains(['/', '\\', '?', '#']);
        is_refused.then(|| format!("the key {key:?} has a character that an id may not have"))
    }

    /// Returns whether a read may return the value before the latest.
    pub(crate) fn reads_are_stale(self) -> bool {
        matches!(self, Self::DynamoDbEventual | Self::CosmosDbWeak)
    }

    /// Returns whether it is Cosmos DB, at any level of consistency.
    pub(crate) fn is_cosmos_db(self) -> bool {
        matches!(self, Self::CosmosDb | Self::CosmosDbWeak)
    }
}
