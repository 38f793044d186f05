//! The key-value stores of a local Spin, on SQLite or on Redis.

// Top first: a module uses only modules below it.
mod redis;
mod sqlite;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlite::{Database, Durability};

/// The place of an app's key-value store.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Storage {
    /// In memory: the values are lost when the app is dropped.
    #[default]
    Memory,
    /// In this folder. Each write is on disk before it returns.
    Folder(PathBuf),
    /// In this folder, without waiting for the disk. Tests use it to load an app again.
    FastFolder(PathBuf),
    /// In this folder. Each commit takes this much longer than the disk needs.
    SlowFolder(PathBuf, Duration),
    /// On the Redis server at this address, which may contain a password.
    Redis(String),
}

impl fmt::Debug for Storage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => formatter.write_str("Memory"),
            Self::Folder(folder) | Self::FastFolder(folder) | Self::SlowFolder(folder, _) => {
                write!(formatter, "Folder({})", folder.display())
            }
            Self::Redis(_) => formatter.write_str("Redis"),
        }
    }
}

/// The opened place of all stores of an app. Clones share its connections.
#[derive(Clone)]
pub(crate) struct Stores {
    place: Place,
    /// The words for the place in messages, without a password.
    name: String,
}

#[derive(Clone)]
enum Place {
    Sqlite(Database),
    Redis(redis::Bucket),
}

impl Stores {
    /// Opens the place. Redis is not asked yet.
    ///
    /// # Errors
    /// Fails if the folder cannot be used, or the address of Redis is malformed.
    pub fn open(storage: &Storage) -> anyhow::Result<Self> {
        match storage {
            Storage::Memory => Ok(Self::on_sqlite(Database::in_memory()?, "SQLite in memory")),
            Storage::Folder(folder) => Self::in_folder(folder, Durability::Durable, Duration::ZERO),
            Storage::FastFolder(folder) => {
                Self::in_folder(folder, Durability::Fast, Duration::ZERO)
            }
            Storage::SlowFolder(folder, commit_time) => {
                Self::in_folder(folder, Durability::Durable, *commit_time)
            }
            Storage::Redis(address) => {
                let bucket = redis::Bucket::at(address)?;
                Ok(Self {
                    name: format!("Redis at {}", bucket.address()),
                    place: Place::Redis(bucket),
                })
            }
        }
    }

    fn in_folder(
        folder: &Path,
        durability: Durability,
        commit_time: Duration,
    ) -> anyhow::Result<Self> {
        let database = Database::in_directory(folder, durability)?;
        let name = format!("SQLite in {}", folder.display());
        Ok(Self::on_sqlite(
            database.with_commit_time(commit_time),
            &name,
        ))
    }

    fn on_sqlite(database: Database, name: &str) -> Self {
        Self {
            place: Place::Sqlite(database),
            name: name.to_owned(),
        }
    }

    /// Returns the words for the place in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Checks that there is no record, and no value of others on Redis.
    ///
    /// # Errors
    /// Fails with the name of the place and the number of its keys, or with the message of the back end.
    pub fn require_empty(&self) -> anyhow::Result<()> {
        let keys = self.bucket(DEFAULT).keys().map_err(anyhow::Error::msg)?;
        anyhow::ensure!(
            keys.is_empty(),
            "the key-value store ({}) has {} keys, and this command needs an empty one, such as another database of the server",
            self.name,
            keys.len()
        );
        Ok(())
    }

    /// Removes all records.
    ///
    /// # Errors
    /// Fails with the message of the back end.
    pub fn remove_records(&self) -> anyhow::Result<()> {
        let bucket = self.bucket(DEFAULT);
        let mut keys = bucket.keys().map_err(anyhow::Error::msg)?;
        keys.retain(|key| key.starts_with("rivet-books"));
        // A command without a key is refused by Redis.
        for some in keys.chunks(500) {
            bucket.delete_many(some).map_err(anyhow::Error::msg)?;
        }
        Ok(())
    }

    /// Returns the store with this label. Redis has one store for all labels, as in Spin.
    pub fn bucket(&self, label: &str) -> Bucket {
        Bucket(match &self.place {
            Place::Sqlite(database) => BackEnd::Sqlite(database.bucket(label)),
            Place::Redis(bucket) => BackEnd::Redis(bucket.clone()),
        })
    }
}

/// The label of the store that the components use.
const DEFAULT: &str = "default";

/// A store of an app. Clones share it.
#[derive(Clone)]
pub struct Bucket(BackEnd);

#[derive(Clone)]
enum BackEnd {
    Sqlite(sqlite::Bucket),
    Redis(redis::Bucket),
}

type Result<T> = std::result::Result<T, String>;

/// Calls a method of the back end.
macro_rules! call {
    ($bucket:ident.$method:ident($($argument:expr),*)) => {
        match &$bucket.0 {
            BackEnd::Sqlite(bucket) => bucket.$method($($argument),*),
            BackEnd::Redis(bucket) => bucket.$method($($argument),*),
        }
    };
}

impl Bucket {
    /// Returns the value of a key, or `None` if the key is absent.
    ///
    /// # Errors
    /// Fails with the message of the back end.
    pub fn get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        call!(self.get(key))
    }

    /// Sets the value of a key.
    ///
    /// # Errors
    /// Fails with the message of the back end.
    pub fn set(&self, key: &str, value: &[u8]) -> Result<()> {
        call!(self.set(key, value))
    }

    /// Deletes a key. An absent key is no error.
    ///
    /// # Errors
    /// Fails with the message of the back end.
    pub fn delete(&self, key: &str) -> Result<()> {
        call!(self.delete(key))
    }

    /// Returns whether a key has a value.
    ///
    /// # Errors
    /// Fails with the message of the back end.
    pub fn exists(&self, key: &str) -> Result<bool> {
        call!(self.exists(key))
    }

    /// Returns all keys, in no particular order.
    ///
    /// # Errors
    /// Fails with the message of the back end.
    pub fn keys(&self) -> Result<Vec<String>> {
        call!(self.keys())
    }

    /// Returns the pairs of the keys that exist. Redis gets the command that Spin sends, which it cannot answer.
    ///
    /// # Errors
    /// Fails with the message of the back end.
    pub fn get_many(&self, keys: &[String]) -> Result<Vec<(String, Option<Vec<u8>>)>> {
        call!(self.get_many(keys))
    }

    /// Sets all pairs at once.
    ///
    /// # Errors
    /// Fails with the message of the back end.
    pub fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<()> {
        call!(self.set_many(pairs))
    }

    /// Deletes all keys at once.
    ///
    /// # Errors
    /// Fails with the message of the back end.
    pub fn delete_many(&self, keys: &[String]) -> Result<()> {
        call!(self.delete_many(keys))
    }

    /// Adds to a counter and returns the sum. An absent key counts as 0.
    ///
    /// # Errors
    /// Fails if the value is no counter, or with the message of the back end.
    pub fn increment(&self, key: &str, delta: i64) -> Result<i64> {
        call!(self.increment(key, delta))
    }

    /// Begins a compare-and-swap.
    ///
    /// # Errors
    /// Fails if the server cannot be reached.
    pub fn begin_swap(&self, key: &str) -> Result<Swap> {
        Ok(Swap(match &self.0 {
            BackEnd::Sqlite(bucket) => SwapOn::Sqlite(bucket.begin_swap(key)),
            BackEnd::Redis(bucket) => SwapOn::Redis(bucket.begin_swap(key)?),
        }))
    }
}

/// A compare-and-swap. Clones continue the same one.
#[derive(Clone)]
pub struct Swap(SwapOn);

#[derive(Clone)]
enum SwapOn {
    Sqlite(sqlite::Swap),
    Redis(redis::Swap),
}

impl Swap {
    /// Reads the value. A later attempt succeeds only if nobody has changed it since.
    ///
    /// # Errors
    /// Fails with the message of the back end.
    pub fn current(&mut self) -> Result<Option<Vec<u8>>> {
        match &mut self.0 {
            SwapOn::Sqlite(swap) => swap.current(),
            SwapOn::Redis(swap) => swap.current(),
        }
    }

    /// Writes the value if nobody has changed it, and returns whether the back end reports so. Redis never does.
    ///
    /// # Errors
    /// Fails with the message of the back end.
    pub fn attempt(&self, value: &[u8]) -> Result<bool> {
        match &self.0 {
            SwapOn::Sqlite(swap) => swap.attempt(value),
            SwapOn::Redis(swap) => Ok(swap.attempt(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_is_in_no_name() {
        let storage = Storage::Redis("redis://user:secret@127.0.0.1:1/".into());
        assert_eq!(format!("{storage:?}"), "Redis");
        assert_eq!(
            Stores::open(&storage).unwrap().name(),
            "Redis at 127.0.0.1:1"
        );
        let malformed = Storage::Redis("redis:secret@nowhere:port".into());
        let refusal = format!("{:#}", Stores::open(&malformed).err().unwrap());
        assert!(refusal.starts_with("the address of Redis must be redis://"));
        assert!(!refusal.contains("secret"), "{refusal}");
    }

    #[test]
    fn unreachable_redis_is_an_error() {
        let stores = Stores::open(&Storage::Redis("redis://127.0.0.1:1".into())).unwrap();
        assert!(stores.bucket("default").get("a").is_err());
    }
}
