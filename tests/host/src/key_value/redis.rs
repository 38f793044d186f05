//! Redis as Spin uses it: the same commands in the same order, with the same mistakes.
//!
//! A swap is `WATCH`, `GET`, `MULTI`, `SET`, `EXEC` and `UNWATCH` with the key, on a connection of its own. Redis refuses `UNWATCH` with
//! a key, and Spin reports the refusal as a lost swap, also when the value was written. Reading several values at once is
//! sent as `KEYS`, which answers with an error or with the wrong values. Labels of stores are ignored.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use redis::{
    Client, Cmd, Connection, ConnectionLike as _, FromRedisValue, IntoConnectionInfo as _,
};

/// The longest time that a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

type Result<T> = std::result::Result<T, String>;

/// A Redis server. Clones share its connections.
#[derive(Clone)]
pub(crate) struct Bucket(Arc<Server>);

struct Server {
    client: Client,
    /// Host and port, without the password.
    address: String,
    /// Connections that no operation uses.
    idle: Mutex<Vec<Connection>>,
}

impl Bucket {
    /// Returns the store on a server. Nothing is sent yet.
    ///
    /// # Errors
    /// Fails if the address is malformed. The message does not show it, because it may contain a password.
    pub fn at(address: &str) -> anyhow::Result<Self> {
        let malformed =
            "the address of Redis must be redis://[user:password@]host[:port][/database]";
        let info = address.into_connection_info().context(malformed)?;
        Ok(Self(Arc::new(Server {
            address: info.addr().to_string(),
            client: Client::open(info).context(malformed)?,
            idle: Mutex::default(),
        })))
    }

    /// Returns host and port of the server.
    pub fn address(&self) -> &str {
        &self.0.address
    }

    /// Returns the value of a key, or `None` if the key is absent.
    pub fn get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        self.run(&Cmd::get(key))
    }

    /// Sets the value of a key.
    pub fn set(&self, key: &str, value: &[u8]) -> Result<()> {
        self.run(&Cmd::set(key, value))
    }

    /// Deletes a key. An absent key is no error.
    pub fn delete(&self, key: &str) -> Result<()> {
        self.run(&Cmd::del(key))
    }

    /// Returns whether a key has a value.
    pub fn exists(&self, key: &str) -> Result<bool> {
        self.run(&Cmd::exists(key))
    }

    /// Returns all keys of the database, also those of others.
    pub fn keys(&self) -> Result<Vec<String>> {
        self.run(&Cmd::keys("*"))
    }

    /// Sends the keys as the pattern of `KEYS`, as Spin does.
    pub fn get_many(&self, keys: &[String]) -> Result<Vec<(String, Option<Vec<u8>>)>> {
        self.run(redis::cmd("KEYS").arg(keys))
    }

    /// Sets all pairs in one command.
    pub fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<()> {
        self.run(&Cmd::mset(pairs))
    }

    /// Deletes all keys in one command.
    pub fn delete_many(&self, keys: &[String]) -> Result<()> {
        self.run(&Cmd::del(keys))
    }

    /// Adds to an integer in decimal digits and returns the sum. An absent key counts as 0.
    pub fn increment(&self, key: &str, delta: i64) -> Result<i64> {
        self.run(&Cmd::incr(key, delta))
    }

    /// Returns the dumps of all keys, taken in one transaction.
    pub fn dump(&self) -> Result<Vec<Dump>> {
        let keys = self.keys()?;
        let mut transaction = redis::pipe();
        transaction.atomic();
        for key in &keys {
            transaction.cmd("DUMP").arg(key);
        }
        let mut connection = self.0.connect()?;
        let values: Vec<Option<Vec<u8>>> =
            transaction.query(&mut connection).map_err(error_text)?;
        let dumps = keys.into_iter().zip(values);
        let kept = |(key, value): (String, Option<Vec<u8>>)| value.map(|value| Dump { key, value });
        Ok(dumps.filter_map(kept).collect())
    }

    /// Replaces all keys of the database by those of dumps, in one transaction.
    pub fn restore(&self, dumps: &[Dump]) -> Result<()> {
        let mut transaction = redis::pipe();
        transaction.atomic().cmd("FLUSHDB");
        for Dump { key, value } in dumps {
            transaction.cmd("RESTORE").arg(key).arg(0).arg(value);
        }
        let mut connection = self.0.connect()?;
        transaction.exec(&mut connection).map_err(error_text)
    }

    /// Begins a compare-and-swap on a new connection.
    pub fn begin_swap(&self, key: &str) -> Result<Swap> {
        Ok(Swap {
            connection: Arc::new(Mutex::new(self.0.connect()?)),
            key: key.to_owned(),
        })
    }

    fn run<T: FromRedisValue>(&self, command: &Cmd) -> Result<T> {
        let idle = lock(&self.0.idle).pop();
        let mut connection = idle.map_or_else(|| self.0.connect(), Ok)?;
        let answer = command.query(&mut connection);
        match connection.is_open() {
            true => lock(&self.0.idle).push(connection),
            // The server was restarted, so no older connection is of use.
            false => lock(&self.0.idle).clear(),
        }
        answer.map_err(error_text)
    }
}

/// The dump of a key, in Redis' own format.
pub(crate) struct Dump {
    key: String,
    value: Vec<u8>,
}

impl Server {
    fn connect(&self) -> Result<Connection> {
        self.client
            .get_connection_with_timeout(CONNECT_TIMEOUT)
            .map_err(error_text)
    }
}

/// A compare-and-swap. Its connection ends with it.
#[derive(Clone)]
pub(crate) struct Swap {
    connection: Arc<Mutex<Connection>>,
    key: String,
}

impl Swap {
    /// Watches the key and reads its value.
    pub fn current(&self) -> Result<Option<Vec<u8>>> {
        let mut connection = lock(&self.connection);
        let watched = redis::cmd("WATCH").arg(&self.key).exec(&mut *connection);
        watched.map_err(error_text)?;
        Cmd::get(&self.key)
            .query(&mut *connection)
            .map_err(error_text)
    }

    /// Writes the value if the key has not changed since it was watched. Returns false in any case, since Redis refuses the last
    /// command.
    pub fn attempt(&self, value: &[u8]) -> bool {
        let mut connection = lock(&self.connection);
        let mut transaction = redis::pipe();
        let transaction = transaction.atomic().set(&self.key, value);
        let written = transaction.exec(&mut *connection);
        let ended = redis::cmd("UNWATCH").arg(&self.key).exec(&mut *connection);
        ended.is_ok() && written.is_ok()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn error_text(error: redis::RedisError) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a bucket on the test server, and a prefix of its keys that no other test has. `None` if there is no server.
    fn bucket() -> Option<(Bucket, String)> {
        let Ok(address) = std::env::var("RIVET_TEST_REDIS") else {
            let is_full = std::env::var("RIVET_TESTS").is_ok_and(|tests| tests == "full");
            assert!(
                !is_full,
                "RIVET_TEST_REDIS names no server; see .ci/services"
            );
            eprintln!("skipped: RIVET_TEST_REDIS names no server; see .ci/services");
            return None;
        };
        // The last database, so that a demo finds the first one empty.
        let bucket = Bucket::at(&format!("{address}/15")).unwrap();
        Some((bucket, format!("host-{:x}-", fastrand::u64(..))))
    }

    #[test]
    fn values_and_counters_are_kept() {
        let Some((bucket, key)) = bucket() else {
            return;
        };
        assert_eq!(bucket.get(&key), Ok(None));
        bucket.set(&key, b"\0\xff").unwrap();
        assert_eq!(bucket.get(&key), Ok(Some(b"\0\xff".to_vec())));
        assert_eq!(bucket.exists(&key), Ok(true));
        assert!(bucket.keys().unwrap().contains(&key));
        bucket.delete(&key).unwrap();
        assert_eq!(bucket.increment(&key, 3), Ok(3));
        assert_eq!(bucket.increment(&key, -5), Ok(-2));
        bucket.delete_many(std::slice::from_ref(&key)).unwrap();
        assert_eq!(bucket.exists(&key), Ok(false));
    }

    #[test]
    fn swap_writes_once_and_reports_a_loss() {
        let Some((bucket, key)) = bucket() else {
            return;
        };
        for before in [None, Some(b"0".to_vec())] {
            if let Some(value) = &before {
                bucket.set(&key, value).unwrap();
            }
            let swaps = [(); 2].map(|()| bucket.begin_swap(&key).unwrap());
            assert!(
                swaps
                    .iter()
                    .all(|swap| swap.current() == Ok(before.clone()))
            );
            assert!(!swaps[0].attempt(b"first") && !swaps[1].attempt(b"second"));
            assert_eq!(bucket.get(&key), Ok(Some(b"first".to_vec())));
            bucket.delete(&key).unwrap();
        }
    }

    #[test]
    fn next_operation_replaces_a_lost_connection() {
        let Some((bucket, key)) = bucket() else {
            return;
        };
        bucket.set(&key, b"1").unwrap();
        let id: u64 = bucket.run(redis::cmd("CLIENT").arg("ID")).unwrap();
        let (other, _) = self::bucket().unwrap();
        let mut kill = redis::cmd("CLIENT");
        let killed = other.run::<u64>(kill.arg("KILL").arg("ID").arg(id));
        assert_eq!(killed, Ok(1));
        assert!(bucket.get(&key).is_err());
        assert_eq!(bucket.get(&key), Ok(Some(b"1".to_vec())));
        bucket.delete(&key).unwrap();
    }

    #[test]
    fn batch_read_is_the_one_that_fails() {
        let Some((bucket, key)) = bucket() else {
            return;
        };
        let pairs = ["a", "b"].map(|name| (format!("{key}{name}"), b"1".to_vec()));
        bucket.set_many(&pairs).unwrap();
        let keys = pairs.map(|(key, _)| key);
        assert!(
            bucket
                .get_many(&keys)
                .unwrap_err()
                .contains("wrong number of arguments")
        );
        bucket.delete_many(&keys).unwrap();
    }
}
