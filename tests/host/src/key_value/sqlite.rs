//! The default store of Spin: one SQLite table, one connection, one operation at a time.
//!
//! The statements are Spin's, because they decide the outcome of races. Two results surprise. A compare-and-swap that
//! remembers *no value* overwrites, so two callers both win. One that remembers a value compares the value, not a version.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use rusqlite::{Connection, OptionalExtension as _, params};

const SELECT: &str = "SELECT value FROM spin_key_value WHERE store=?1 AND key=?2";
const UPSERT: &str = "INSERT INTO spin_key_value (store, key, value) VALUES (?1, ?2, ?3)
     ON CONFLICT(store, key) DO UPDATE SET value=?3";
const DELETE: &str = "DELETE FROM spin_key_value WHERE store=?1 AND key=?2";
const REPLACE: &str = "UPDATE spin_key_value SET value=?4 WHERE store=?1 AND key=?2 AND value=?3";
const PUT_BACK: &str = "BEGIN IMMEDIATE; DELETE FROM spin_key_value;
     INSERT INTO spin_key_value SELECT * FROM copy.spin_key_value; COMMIT; DETACH copy";

/// The database behind all stores of an app. Clones share its connection.
#[derive(Clone)]
pub(crate) struct Database {
    connection: Arc<Mutex<Connection>>,
    /// The time that each commit takes beside that of the disk.
    commit_time: Duration,
}

/// The durability of writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// A write is on disk before it returns.
    Durable,
    /// A write may be lost if the machine stops.
    Fast,
}

impl Database {
    /// Creates a database that is lost when it is dropped.
    ///
    /// # Errors
    /// Fails if SQLite cannot create it.
    pub fn in_memory() -> anyhow::Result<Self> {
        Self::from_connection(Connection::open_in_memory()?)
    }

    /// Opens or creates `sqlite_key_value.db` in `directory`.
    ///
    /// # Errors
    /// Fails if the directory or the file cannot be created or opened. The message names the file.
    pub fn in_directory(directory: &Path, durability: Durability) -> anyhow::Result<Self> {
        let file = directory.join("sqlite_key_value.db");
        let context = || format!("cannot open the key-value store {}", file.display());
        std::fs::create_dir_all(directory).with_context(context)?;
        let connection = Connection::open(&file).with_context(context)?;
        if durability == Durability::Fast {
            connection
                .pragma_update(None, "synchronous", "OFF")
                .with_context(context)?;
        }
        Self::from_connection(connection).with_context(context)
    }

    /// Returns the database with commits that take this much longer, as on a slow disk. Other operations wait meanwhile.
    pub fn with_commit_time(self, commit_time: Duration) -> Self {
        Self {
            commit_time,
            ..self
        }
    }

    /// Writes all values to a new file, as they are at one moment.
    pub fn copy_to(&self, file: &Path) -> Result<()> {
        let file = file.to_string_lossy();
        let copied = self.connection().execute("VACUUM INTO ?1", [&file]);
        copied.map(drop).map_err(error_text)
    }

    /// Replaces all values by those of such a file, and removes the file. Other connections see it after their next statement.
    pub fn put_back(&self, file: &Path) -> Result<()> {
        let connection = self.connection();
        let name = file.to_string_lossy();
        let attached = connection.execute("ATTACH ?1 AS copy", [&name]);
        attached.map_err(error_text)?;
        connection.execute_batch(PUT_BACK).map_err(error_text)?;
        std::fs::remove_file(file).map_err(|error| error.to_string())
    }

    /// Returns the store with this label.
    pub fn bucket(&self, store: &str) -> Bucket {
        Bucket {
            store: store.into(),
            database: self.clone(),
        }
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn from_connection(connection: Connection) -> anyhow::Result<Self> {
        connection.execute(
            "CREATE TABLE IF NOT EXISTS spin_key_value (
                 store TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (store, key))",
            [],
        )?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            commit_time: Duration::ZERO,
        })
    }
}

/// A store of the database. Clones share it.
#[derive(Clone)]
pub(crate) struct Bucket {
    store: Arc<str>,
    database: Database,
}

type Result<T> = std::result::Result<T, String>;

/// A compare-and-swap, which remembers the value of its last read. Without a read it remembers no value, and so overwrites.
#[derive(Clone)]
pub(crate) struct Swap {
    bucket: Bucket,
    key: String,
    remembered: Option<Vec<u8>>,
}

impl Swap {
    /// Reads the value and remembers it.
    pub fn current(&mut self) -> Result<Option<Vec<u8>>> {
        self.remembered = self.bucket.get(&self.key)?;
        Ok(self.remembered.clone())
    }

    /// Replaces the value if it is still the remembered one, and returns whether it did.
    pub fn attempt(&self, value: &[u8]) -> Result<bool> {
        self.bucket
            .swap(&self.key, self.remembered.as_deref(), value)
    }
}

impl Bucket {
    /// Returns the value of a key, or `None` if the key is absent.
    pub fn get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        select(&self.connection(), &self.store, key).map_err(error_text)
    }

    /// Sets the value of a key.
    pub fn set(&self, key: &str, value: &[u8]) -> Result<()> {
        let connection = self.slow_connection();
        upsert(&connection, &self.store, key, value).map_err(error_text)
    }

    /// Deletes a key. An absent key is no error.
    pub fn delete(&self, key: &str) -> Result<()> {
        delete(&self.slow_connection(), &self.store, key).map_err(error_text)
    }

    /// Returns whether a key has a value.
    pub fn exists(&self, key: &str) -> Result<bool> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(SELECT).map_err(error_text)?;
        statement
            .exists(params![self.store, key])
            .map_err(error_text)
    }

    /// Returns all keys, in no particular order.
    pub fn keys(&self) -> Result<Vec<String>> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("SELECT key FROM spin_key_value WHERE store=?1")
            .map_err(error_text)?;
        let rows = statement
            .query_map(params![self.store], |row| row.get(0))
            .map_err(error_text)?;
        rows.collect::<rusqlite::Result<_>>().map_err(error_text)
    }

    /// Returns the pairs of the keys that exist. As in Spin, an absent key is left out.
    pub fn get_many(&self, keys: &[String]) -> Result<Vec<(String, Option<Vec<u8>>)>> {
        let connection = self.connection();
        let mut found = Vec::new();
        for key in keys {
            if let Some(value) = select(&connection, &self.store, key).map_err(error_text)? {
                found.push((key.clone(), Some(value)));
            }
        }
        Ok(found)
    }

    /// Sets all pairs in one transaction.
    pub fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<()> {
        self.transaction(|connection| {
            pairs
                .iter()
                .try_for_each(|(key, value)| upsert(connection, &self.store, key, value))
        })
    }

    /// Deletes all keys in one transaction.
    pub fn delete_many(&self, keys: &[String]) -> Result<()> {
        self.transaction(|connection| {
            keys.iter()
                .try_for_each(|key| delete(connection, &self.store, key))
        })
    }

    /// Adds to a little-endian 64-bit integer and returns the sum. An absent key counts as 0.
    pub fn increment(&self, key: &str, delta: i64) -> Result<i64> {
        let mut connection = self.slow_connection();
        let transaction = connection.transaction().map_err(error_text)?;
        let current = match select(&transaction, &self.store, key).map_err(error_text)? {
            None => 0,
            Some(value) => i64::from_le_bytes(
                value
                    .try_into()
                    .map_err(|_| format!("the value of {key:?} is not an 8-byte integer"))?,
            ),
        };
        let sum = current.wrapping_add(delta);
        upsert(&transaction, &self.store, key, &sum.to_le_bytes()).map_err(error_text)?;
        transaction.commit().map_err(error_text)?;
        Ok(sum)
    }

    /// Begins a compare-and-swap.
    pub fn begin_swap(&self, key: &str) -> Swap {
        Swap {
            bucket: self.clone(),
            key: key.to_owned(),
            remembered: None,
        }
    }

    /// Replaces the value if it is still `remembered`, and returns whether it did. Without a remembered value it overwrites.
    fn swap(&self, key: &str, remembered: Option<&[u8]>, value: &[u8]) -> Result<bool> {
        let Some(remembered) = remembered else {
            return self.set(key, value).map(|()| true);
        };
        let connection = self.slow_connection();
        let mut statement = connection.prepare_cached(REPLACE).map_err(error_text)?;
        statement
            .execute(params![self.store, key, remembered, value])
            .map(|rows| rows == 1)
            .map_err(error_text)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.database.connection()
    }

    /// Returns the connection for a commit, after the time that each commit takes.
    fn slow_connection(&self) -> MutexGuard<'_, Connection> {
        let connection = self.connection();
        if !self.database.commit_time.is_zero() {
            std::thread::sleep(self.database.commit_time);
        }
        connection
    }

    fn transaction(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<()>) -> Result<()> {
        let mut connection = self.slow_connection();
        let transaction = connection.transaction().map_err(error_text)?;
        work(&transaction)
            .and_then(|()| transaction.commit())
            .map_err(error_text)
    }
}

fn select(connection: &Connection, store: &str, key: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    connection
        .prepare_cached(SELECT)?
        .query_row(params![store, key], |row| row.get(0))
        .optional()
}

fn upsert(connection: &Connection, store: &str, key: &str, value: &[u8]) -> rusqlite::Result<()> {
    connection
        .prepare_cached(UPSERT)?
        .execute(params![store, key, value])
        .map(drop)
}

fn delete(connection: &Connection, store: &str, key: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached(DELETE)?
        .execute(params![store, key])
        .map(drop)
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn error_text(error: rusqlite::Error) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket() -> Bucket {
        Database::in_memory().unwrap().bucket("default")
    }

    #[test]
    fn value_is_set_read_listed_and_deleted() {
        let bucket = bucket();
        assert_eq!(bucket.get("a").unwrap(), None);
        bucket.set("a", b"1").unwrap();
        bucket.set("a", b"2").unwrap();
        assert_eq!(bucket.get("a").unwrap().unwrap(), b"2");
        assert!(bucket.exists("a").unwrap());
        assert_eq!(bucket.keys().unwrap(), ["a"]);
        bucket.delete("a").unwrap();
        bucket.delete("a").unwrap();
        assert!(!bucket.exists("a").unwrap());
    }

    #[test]
    fn stores_are_separate() {
        let database = Database::in_memory().unwrap();
        database.bucket("one").set("a", b"1").unwrap();
        assert_eq!(database.bucket("two").get("a").unwrap(), None);
    }

    #[test]
    fn swap_needs_the_remembered_value() {
        let bucket = bucket();
        bucket.set("a", b"1").unwrap();
        assert!(bucket.swap("a", Some(b"1"), b"2").unwrap());
        assert!(!bucket.swap("a", Some(b"1"), b"3").unwrap());
        assert_eq!(bucket.get("a").unwrap().unwrap(), b"2");
    }

    #[test]
    fn swap_ignores_change_and_change_back() {
        let bucket = bucket();
        bucket.set("a", b"1").unwrap();
        bucket.set("a", b"2").unwrap();
        bucket.set("a", b"1").unwrap();
        assert!(bucket.swap("a", Some(b"1"), b"3").unwrap());
    }

    #[test]
    fn two_swaps_without_value_both_win() {
        let bucket = bucket();
        assert!(bucket.swap("a", None, b"first").unwrap());
        assert!(bucket.swap("a", None, b"second").unwrap());
        assert_eq!(bucket.get("a").unwrap().unwrap(), b"second");
    }

    #[test]
    fn swap_of_deleted_key_fails() {
        let bucket = bucket();
        assert!(!bucket.swap("a", Some(b"1"), b"2").unwrap());
        assert_eq!(bucket.get("a").unwrap(), None);
    }

    #[test]
    fn increment_starts_at_zero_and_needs_eight_bytes() {
        let bucket = bucket();
        assert_eq!(bucket.increment("n", 3).unwrap(), 3);
        assert_eq!(bucket.increment("n", -5).unwrap(), -2);
        assert_eq!(bucket.get("n").unwrap().unwrap(), (-2_i64).to_le_bytes());
        bucket.set("n", b"7").unwrap();
        assert!(bucket.increment("n", 1).unwrap_err().contains("8-byte"));
    }

    #[test]
    fn batch_read_omits_absent_keys() {
        let bucket = bucket();
        bucket
            .set_many(&[("a".into(), b"1".to_vec()), ("b".into(), b"2".to_vec())])
            .unwrap();
        let keys = ["b".to_owned(), "c".to_owned()];
        assert_eq!(
            bucket.get_many(&keys).unwrap(),
            [("b".to_owned(), Some(b"2".to_vec()))]
        );
        bucket.delete_many(&keys).unwrap();
        assert_eq!(bucket.keys().unwrap(), ["a"]);
    }

    #[test]
    fn commits_take_their_time_and_reads_do_not() {
        let commit_time = Duration::from_millis(20);
        let database = Database::in_memory().unwrap().with_commit_time(commit_time);
        let bucket = database.bucket("default");
        let took = |work: &dyn Fn()| {
            let began = std::time::Instant::now();
            work();
            began.elapsed()
        };
        let write = took(&|| bucket.set("a", b"1").unwrap());
        let swap = took(&|| assert!(bucket.swap("a", Some(b"1"), b"2").unwrap()));
        let count = took(&|| assert_eq!(bucket.increment("n", 1), Ok(1)));
        let delete = took(&|| bucket.delete("a").unwrap());
        assert!(
            [write, swap, count, delete]
                .iter()
                .all(|took| *took >= commit_time)
        );
        let reads = (0..100).map(|_| took(&|| assert_eq!(bucket.get("a"), Ok(None))));
        assert!(reads.min().unwrap() < commit_time);
    }

    #[test]
    fn directory_keeps_values() {
        let directory =
            std::env::temp_dir().join(format!("rivet-host-key-value-{}", std::process::id()));
        Database::in_directory(&directory, Durability::Fast)
            .unwrap()
            .bucket("default")
            .set("a", b"1")
            .unwrap();
        let again = Database::in_directory(&directory, Durability::Durable)
            .unwrap()
            .bucket("default");
        assert_eq!(again.get("a").unwrap().unwrap(), b"1");
        std::fs::remove_dir_all(&directory).unwrap();
    }

    #[test]
    fn uncreatable_directory_is_named() {
        let error = Database::in_directory(Path::new("/proc/nowhere"), Durability::Durable)
            .err()
            .unwrap();
        assert!(
            error
                .to_string()
                .contains("/proc/nowhere/sqlite_key_value.db")
        );
    }
}
