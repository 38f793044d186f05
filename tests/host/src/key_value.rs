//! The records of an app: the key-value stores of a local Spin, on SQLite or on Redis, or a table of PostgreSQL.

// Top first: a module uses only modules below it.
mod storage;
mod copy;
mod bucket;
mod postgres;
mod redis;
mod sqlite;

use std::path::Path;
use std::time::Duration;

use bucket::BackEnd;
pub use bucket::{Bucket, Swap};
pub(crate) use copy::StoreCopy;
use sqlite::{Database, Durability};
pub use storage::Storage;

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
    Postgres(postgres::Bucket),
}

impl Stores {
    /// Opens the place. A server is not asked yet.
    ///
    /// # Errors
    /// Fails if the folder cannot be used, or the address of a server is malformed.
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
            Storage::Postgres(url) => {
                let bucket = postgres::Bucket::at(url)?;
                Ok(Self {
                    name: format!("PostgreSQL at {}", bucket.address()),
                    place: Place::Postgres(bucket),
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

    /// Returns the store with this label. Redis has one store for all labels, as in Spin; PostgreSQL has one table.
    pub fn bucket(&self, label: &str) -> Bucket {
        Bucket(match &self.place {
            Place::Sqlite(database) => BackEnd::Sqlite(database.bucket(label)),
            Place::Redis(bucket) => BackEnd::Redis(bucket.clone()),
            Place::Postgres(bucket) => BackEnd::Postgres(bucket.clone()),
        })
    }
}

/// The label of the store that the components use.
const DEFAULT: &str = "default";

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
    fn database_password_is_in_no_name() {
        let url = "postgres://rivet:secret@127.0.0.1:1/books";
        let storage = Storage::Postgres(url.into());
        assert_eq!(format!("{storage:?}"), "Postgres");
        let name = Stores::open(&storage).unwrap().name().to_owned();
        assert_eq!(name, "PostgreSQL at 127.0.0.1:1");
        let malformed = Storage::Postgres("postgres://rivet:secret@db:port/books".into());
        let refusal = format!("{:#}", Stores::open(&malformed).err().unwrap());
        assert!(refusal.starts_with("postgres_url must be postgres://"));
        assert!(!refusal.contains("secret"), "{refusal}");
    }

    #[test]
    fn unreachable_server_is_an_error() {
        for storage in [
            Storage::Redis("redis://127.0.0.1:1".into()),
            Storage::Postgres("postgres://rivet:secret@127.0.0.1:1/books".into()),
        ] {
            let stores = Stores::open(&storage).unwrap();
            let error = stores.bucket("default").get("a").unwrap_err();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
