//! A store of an app, on any back end.

use super::{postgres, redis, sqlite};

/// A store of an app. Clones share it.
#[derive(Clone)]
pub struct Bucket(pub(super) BackEnd);

/// The back end of a store.
#[derive(Clone)]
pub(super) enum BackEnd {
    Sqlite(sqlite::Bucket),
    Redis(redis::Bucket),
    Postgres(postgres::Bucket),
}

type Result<T> = std::result::Result<T, String>;

/// Calls a method of the back end.
macro_rules! call {
    ($bucket:ident.$method:ident($($argument:expr),*)) => {
        match &$bucket.0 {
            BackEnd::Sqlite(bucket) => bucket.$method($($argument),*),
            BackEnd::Redis(bucket) => bucket.$method($($argument),*),
            BackEnd::Postgres(bucket) => bucket.$method($($argument),*),
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
            BackEnd::Postgres(bucket) => SwapOn::Postgres(bucket.begin_swap(key)),
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
    Postgres(postgres::Swap),
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
            SwapOn::Postgres(swap) => swap.current(),
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
            SwapOn::Postgres(swap) => swap.attempt(value),
        }
    }
}
