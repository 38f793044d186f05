//! The table of PostgreSQL in which the components keep their records, used from outside of them by the same statements.

use std::panic::resume_unwind;
use std::sync::{Arc, OnceLock};
use std::thread;

use anyhow::{Context as _, anyhow};
use jiff::SignedDuration;
use platform::store::{
    KeyValue as _, KeyValueError, Parameter, PostgresConnection, PostgresError, PostgresKeyValue,
    Statement, SwapResult,
};
use tokio::runtime::Runtime;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::postgres::{Address, Client, Pools, origins};
use crate::variables::from_environment;

/// The statement that copies all records to another table.
pub(super) const COPY: &str = "create table rivet_books_copy as table rivet_books";

/// The statements that set all records back to that copy and remove it. Sent together they are one transaction.
pub(super) const PUT_BACK: &str = "truncate rivet_books; insert into rivet_books table rivet_books_copy; drop table rivet_books_copy";

type Result<T> = std::result::Result<T, String>;
type Table = PostgresKeyValue<Connection>;

/// The table of a database. Clones share its connections.
#[derive(Clone)]
pub(crate) struct Bucket(Arc<Database>);

struct Database {
    url: Address,
    /// Host and port, without the password.
    address: String,
    pools: Pools,
}

impl Bucket {
    /// Returns the table of the database at a connection URL. Nothing is sent yet.
    ///
    /// # Errors
    /// Fails if the URL is malformed. The message does not show it, because it contains a password.
    pub fn at(url: &str) -> anyhow::Result<Self> {
        let malformed = "postgres_url must be postgres://user:password@host[:port]/database";
        let origins = origins(url).map_err(|_| anyhow!(malformed))?;
        let origin = origins.first().context(malformed)?;
        Ok(Self(Arc::new(Database {
            address: origin.replacen("postgres://", "", 1),
            url: Address {
                url: url.to_owned(),
                ca_root: from_environment().remove("postgres_ca_root"),
            },
            pools: Pools::default(),
        })))
    }

    /// Returns host and port of the server.
    pub fn address(&self) -> &str {
        &self.0.address
    }

    /// Returns the value of a key, or `None` if the key is absent.
    pub fn get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        self.run(async |table| table.get(key).await)
    }

    /// Sets the value of a key.
    pub fn set(&self, key: &str, value: &[u8]) -> Result<()> {
        self.run(async |table| table.set(key, value).await)
    }

    /// Deletes a key. An absent key is no error.
    pub fn delete(&self, key: &str) -> Result<()> {
        self.run(async |table| table.delete(key).await)
    }

    /// Returns whether a key has a value.
    pub fn exists(&self, key: &str) -> Result<bool> {
        Ok(self.get(key)?.is_some())
    }

    /// Returns all keys.
    pub fn keys(&self) -> Result<Vec<String>> {
        // Reading a value creates the table if it is missing.
        self.get("")?;
        let rows = self.connected(async |client| {
            let rows = client.query("select key from rivet_books", &[]).await;
            rows.map_err(|error| KeyValueError::from(postgres_error(&error)))
        })?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// Returns the pairs of the keys that exist.
    pub fn get_many(&self, keys: &[String]) -> Result<Vec<(String, Option<Vec<u8>>)>> {
        let mut found = Vec::new();
        for key in keys {
            if let Some(value) = self.get(key)? {
                found.push((key.clone(), Some(value)));
            }
        }
        Ok(found)
    }

    /// Sets all pairs, one after the other.
    pub fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<()> {
        self.run(async |table| {
            for (key, value) in pairs {
                table.set(key, value).await?;
            }
            Ok(())
        })
    }

    /// Deletes all keys, one after the other.
    pub fn delete_many(&self, keys: &[String]) -> Result<()> {
        self.run(async |table| {
            for key in keys {
                table.delete(key).await?;
            }
            Ok(())
        })
    }

    /// Adds to a counter and returns the sum. An absent key counts as 0.
    pub fn increment(&self, key: &str, delta: i64) -> Result<i64> {
        self.run(async |table| table.increment(key, delta).await)
    }

    /// Carries out statements in one transaction.
    pub fn execute(&self, statements: &str) -> Result<()> {
        self.connected(async |client| {
            let done = client.batch_execute(statements).await;
            done.map_err(|error| KeyValueError::from(postgres_error(&error)))
        })
    }

    /// Begins a compare-and-swap.
    pub fn begin_swap(&self, key: &str) -> Swap {
        Swap {
            bucket: self.clone(),
            key: key.to_owned(),
            remembered: None,
        }
    }

    fn run<T: Send>(
        &self,
        operation: impl AsyncFnOnce(Table) -> std::result::Result<T, KeyValueError> + Send,
    ) -> Result<T> {
        self.connected(async |client| operation(Table::new(Connection(client))).await)
    }

    /// Runs an operation on a connection and blocks until it is done.
    ///
    /// A thread of its own waits, because one that runs components may not.
    fn connected<T: Send>(
        &self,
        operation: impl AsyncFnOnce(Client) -> std::result::Result<T, KeyValueError> + Send,
    ) -> Result<T> {
        let connect_and_run = async || {
            let client = self.0.pools.connect(&self.0.url).await;
            let client = client.map_err(|problem| format!("{problem:#}"))?;
            let answer = operation(client).await;
            answer.map_err(|error| error.to_string())
        };
        thread::scope(|scope| {
            let waiting = scope.spawn(|| runtime()?.block_on(connect_and_run()));
            waiting.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    }
}

/// Returns the threads of the connections. They live as long as the process.
fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let created = Runtime::new().map_err(|error| format!("cannot start threads: {error}"))?;
    Ok(RUNTIME.get_or_init(|| created))
}

/// A compare-and-swap. Clones continue the same one.
#[derive(Clone)]
pub(crate) struct Swap {
    bucket: Bucket,
    key: String,
    remembered: Option<Vec<u8>>,
}

impl Swap {
    /// Reads the value. A later attempt succeeds only if nobody has changed it since.
    pub fn current(&mut self) -> Result<Option<Vec<u8>>> {
        self.remembered = self.bucket.get(&self.key)?;
        Ok(self.remembered.clone())
    }

    /// Writes the value if the key still has the value that was read. Returns whether it did.
    pub fn attempt(&self, value: &[u8]) -> Result<bool> {
        let remembered = self.remembered.as_deref();
        let written = self
            .bucket
            .run(async |table| table.replace(&self.key, remembered, value).await);
        Ok(written? == SwapResult::Replaced)
    }
}

/// A pooled connection outside of a component.
struct Connection(Client);

impl PostgresConnection for Connection {
    async fn query(
        &self,
        statement: Statement<'_>,
    ) -> std::result::Result<Option<Vec<u8>>, PostgresError> {
        let rows = self.0.query(statement.sql, &values(&statement)).await;
        let first = |rows: Vec<Row>| rows.first().map(|row| row.try_get(0)).transpose();
        rows.and_then(first).map_err(|error| postgres_error(&error))
    }

    async fn execute(&self, statement: Statement<'_>) -> std::result::Result<u64, PostgresError> {
        let rows = self.0.execute(statement.sql, &values(&statement)).await;
        rows.map_err(|error| postgres_error(&error))
    }

    async fn pause(&self, span: SignedDuration) {
        tokio::time::sleep(span.unsigned_abs()).await;
    }
}

fn values<'a>(statement: &'a Statement<'_>) -> Vec<&'a (dyn ToSql + Sync)> {
    let value = |parameter: &'a Parameter<'_>| match parameter {
        Parameter::Key(key) => key as &(dyn ToSql + Sync),
        Parameter::Value(value) => value as _,
    };
    statement.parameters.iter().map(value).collect()
}

fn postgres_error(error: &tokio_postgres::Error) -> PostgresError {
    let answer = error.as_db_error();
    PostgresError {
        code: answer.map(|answer| answer.code().code().to_owned()),
        message: answer.map_or_else(|| error.to_string(), |answer| answer.message().to_owned()),
    }
}
