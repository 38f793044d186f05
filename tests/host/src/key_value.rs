//! The key-value store of a local Spin: one SQLite table, one connection, one operation at a time.
//!
//! The statements decide what races do, so they are Spin's, with its two surprises: a compare-and-swap that remembers
//! *no value* overwrites (both of two callers win), and one that remembers a value compares the value, not a version.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use rusqlite::{Connection, OptionalExtension as _, params};

const SELECT: &str = "SELECT value FROM spin_key_value WHERE store=?1 AND key=?2";
const UPSERT: &str = "INSERT INTO spin_key_value (store, key, value) VALUES (?1, ?2, ?3)
     ON CONFLICT(store, key) DO UPDATE SET value=?3";
const DELETE: &str = "DELETE FROM spin_key_value WHERE store=?1 AND key=?2";
const REPLACE: &str = "UPDATE spin_key_value SET value=?4 WHERE store=?1 AND key=?2 AND value=?3";

/// The database behind all stores of an app. Clones share its connection.
#[derive(Clone)]
pub struct Database(Arc<Mutex<Connection>>);

impl Database {
    pub fn in_memory() -> anyhow::Result<Self> {
        Self::with(Connection::open_in_memory()?)
    }

    /// Opens or makes `sqlite_key_value.db` in `directory`. What is not `durable` may be lost if the machine stops.
    pub fn in_directory(directory: &Path, durable: bool) -> anyhow::Result<Self> {
        let file = directory.join("sqlite_key_value.db");
        let context = || format!("cannot open the key-value store {}", file.display());
        std::fs::create_dir_all(directory).with_context(context)?;
        let connection = Connection::open(&file).with_context(context)?;
        if !durable {
            connection
                .pragma_update(None, "synchronous", "OFF")
                .with_context(context)?;
        }
        Self::with(connection).with_context(context)
    }

    pub fn bucket(&self, store: &str) -> Bucket {
        Bucket {
            store: store.into(),
            database: self.clone(),
        }
    }

    fn with(connection: Connection) -> anyhow::Result<Self> {
        connection.execute(
            "CREATE TABLE IF NOT EXISTS spin_key_value (
                 store TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (store, key))",
            [],
        )?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }
}

/// One store of the database.
#[derive(Clone)]
pub struct Bucket {
    store: Arc<str>,
    database: Database,
}

type Result<T> = std::result::Result<T, String>;

impl Bucket {
    /// The value under a key, if there is one.
    ///
    /// # Errors
    /// What the database says.
    pub fn get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        select(&self.connection(), &self.store, key).map_err(text)
    }

    /// Puts a value under a key.
    ///
    /// # Errors
    /// What the database says.
    pub fn set(&self, key: &str, value: &[u8]) -> Result<()> {
        upsert(&self.connection(), &self.store, key, value).map_err(text)
    }

    /// Takes a key away, if it is there.
    ///
    /// # Errors
    /// What the database says.
    pub fn delete(&self, key: &str) -> Result<()> {
        delete(&self.connection(), &self.store, key).map_err(text)
    }

    /// Whether there is a value under a key.
    ///
    /// # Errors
    /// What the database says.
    pub fn exists(&self, key: &str) -> Result<bool> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(SELECT).map_err(text)?;
        statement.exists(params![self.store, key]).map_err(text)
    }

    /// All keys, in no order.
    ///
    /// # Errors
    /// What the database says.
    pub fn keys(&self) -> Result<Vec<String>> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("SELECT key FROM spin_key_value WHERE store=?1")
            .map_err(text)?;
        let rows = statement
            .query_map(params![self.store], |row| row.get(0))
            .map_err(text)?;
        rows.collect::<rusqlite::Result<_>>().map_err(text)
    }

    /// The pairs that exist: a key without a value is left out, not answered as absent.
    pub fn get_many(&self, keys: &[String]) -> Result<Vec<(String, Option<Vec<u8>>)>> {
        let connection = self.connection();
        let mut found = Vec::new();
        for key in keys {
            if let Some(value) = select(&connection, &self.store, key).map_err(text)? {
                found.push((key.clone(), Some(value)));
            }
        }
        Ok(found)
    }

    pub fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<()> {
        self.transaction(|connection| {
            pairs
                .iter()
                .try_for_each(|(key, value)| upsert(connection, &self.store, key, value))
        })
    }

    pub fn delete_many(&self, keys: &[String]) -> Result<()> {
        self.transaction(|connection| {
            keys.iter()
                .try_for_each(|key| delete(connection, &self.store, key))
        })
    }

    /// Adds to a little-endian 64-bit integer; an absent one counts as 0.
    pub fn increment(&self, key: &str, delta: i64) -> Result<i64> {
        let mut connection = self.connection();
        let transaction = connection.transaction().map_err(text)?;
        let current = match select(&transaction, &self.store, key).map_err(text)? {
            None => 0,
            Some(value) => i64::from_le_bytes(
                value
                    .try_into()
                    .map_err(|_| format!("the value of {key:?} is not an 8-byte integer"))?,
            ),
        };
        let sum = current.wrapping_add(delta);
        upsert(&transaction, &self.store, key, &sum.to_le_bytes()).map_err(text)?;
        transaction.commit().map_err(text)?;
        Ok(sum)
    }

    /// Replaces the value if it is still `remembered`, and overwrites it whatever it is if nothing was remembered.
    pub fn swap(&self, key: &str, remembered: Option<&[u8]>, value: &[u8]) -> Result<bool> {
        let Some(remembered) = remembered else {
            return self.set(key, value).map(|()| true);
        };
        let connection = self.connection();
        let mut statement = connection.prepare_cached(REPLACE).map_err(text)?;
        statement
            .execute(params![self.store, key, remembered, value])
            .map(|rows| rows == 1)
            .map_err(text)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.database
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn transaction(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<()>) -> Result<()> {
        let mut connection = self.connection();
        let transaction = connection.transaction().map_err(text)?;
        work(&transaction)
            .and_then(|()| transaction.commit())
            .map_err(text)
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
fn text(error: rusqlite::Error) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket() -> Bucket {
        Database::in_memory().unwrap().bucket("default")
    }

    #[test]
    fn what_is_set_is_read_listed_and_deleted() {
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
    fn stores_do_not_see_each_other() {
        let database = Database::in_memory().unwrap();
        database.bucket("one").set("a", b"1").unwrap();
        assert_eq!(database.bucket("two").get("a").unwrap(), None);
    }

    #[test]
    fn a_swap_from_a_value_needs_that_value() {
        let bucket = bucket();
        bucket.set("a", b"1").unwrap();
        assert!(bucket.swap("a", Some(b"1"), b"2").unwrap());
        assert!(!bucket.swap("a", Some(b"1"), b"3").unwrap());
        assert_eq!(bucket.get("a").unwrap().unwrap(), b"2");
    }

    #[test]
    fn a_swap_compares_values_so_a_value_that_came_back_is_not_noticed() {
        let bucket = bucket();
        bucket.set("a", b"1").unwrap();
        bucket.set("a", b"2").unwrap();
        bucket.set("a", b"1").unwrap();
        assert!(bucket.swap("a", Some(b"1"), b"3").unwrap());
    }

    #[test]
    fn two_swaps_from_nothing_both_win() {
        let bucket = bucket();
        assert!(bucket.swap("a", None, b"first").unwrap());
        assert!(bucket.swap("a", None, b"second").unwrap());
        assert_eq!(bucket.get("a").unwrap().unwrap(), b"second");
    }

    #[test]
    fn a_swap_of_a_deleted_key_fails() {
        let bucket = bucket();
        assert!(!bucket.swap("a", Some(b"1"), b"2").unwrap());
        assert_eq!(bucket.get("a").unwrap(), None);
    }

    #[test]
    fn an_increment_counts_from_zero_and_wants_eight_bytes() {
        let bucket = bucket();
        assert_eq!(bucket.increment("n", 3).unwrap(), 3);
        assert_eq!(bucket.increment("n", -5).unwrap(), -2);
        assert_eq!(bucket.get("n").unwrap().unwrap(), (-2_i64).to_le_bytes());
        bucket.set("n", b"7").unwrap();
        assert!(bucket.increment("n", 1).unwrap_err().contains("8-byte"));
    }

    #[test]
    fn a_batch_leaves_out_what_is_absent() {
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
    fn a_directory_keeps_what_was_written() {
        let directory =
            std::env::temp_dir().join(format!("rivet-host-key-value-{}", std::process::id()));
        Database::in_directory(&directory, false)
            .unwrap()
            .bucket("default")
            .set("a", b"1")
            .unwrap();
        let again = Database::in_directory(&directory, true)
            .unwrap()
            .bucket("default");
        assert_eq!(again.get("a").unwrap().unwrap(), b"1");
        std::fs::remove_dir_all(&directory).unwrap();
    }

    #[test]
    fn a_directory_that_cannot_be_made_is_named() {
        let error = Database::in_directory(Path::new("/proc/nowhere"), true)
            .err()
            .unwrap();
        assert!(
            error
                .to_string()
                .contains("/proc/nowhere/sqlite_key_value.db")
        );
    }
}
