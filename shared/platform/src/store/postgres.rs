//! [`KeyValue`] on a table of PostgreSQL.
//!
//! Each operation is one statement. The number of rows that the statement wrote decides a swap, also on an absent key. Spin hands pooled
//! connections on as they are, so no statement relies on an earlier one of its connection: there is no transaction, lock or setting.

use super::key_value::{KeyValue, KeyValueError, SwapResult};
use jiff::SignedDuration;
use std::future::Future;

/// Creates the table. Keys are compared byte by byte, so no update of the system's collations can break their index.
const CREATE: &str = "create table if not exists rivet_books (key text collate \"C\" primary key, value bytea not null)";
const GET: &str = "select value from rivet_books where key = $1";
const SET: &str = "insert into rivet_books (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value";
const DELETE: &str = "delete from rivet_books where key = $1";
const INSERT: &str =
    "insert into rivet_books (key, value) values ($1, $2) on conflict (key) do nothing";
const REPLACE: &str = "update rivet_books set value = $3 where key = $1 and value = $2";
/// Adds to a counter, which is stored as decimal digits.
const INCREMENT: &str = "insert into rivet_books as counter (key, value) values ($1, $2) on conflict (key) do update set value = \
    convert_to((convert_from(counter.value, 'UTF8')::int8 + convert_from(excluded.value, 'UTF8')::int8)::text, 'UTF8') returning value";

/// The address of a database. It contains the password, so it is never printed.
pub struct PostgresAddress {
    /// The connection URL: `postgres://user:password@host[:port]/database`, with options such as `sslmode` as its query
    /// (PostgreSQL documentation, section 34.1.1.2).
    pub url: String,
    /// The certificates of the authority that signed the database's certificate, in PEM. `None` if a public authority did.
    pub ca_root: Option<String>,
}

/// A connection to a database of PostgreSQL.
pub trait PostgresConnection {
    /// Runs a statement. Returns the first value of its first row, or `None` if it has no row.
    fn query(
        &self,
        statement: Statement<'_>,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, PostgresError>>;

    /// Runs a statement. Returns the number of rows that it wrote.
    fn execute(&self, statement: Statement<'_>)
    -> impl Future<Output = Result<u64, PostgresError>>;

    /// Pauses for less than a second, so that another writer can finish.
    fn pause(&self, span: SignedDuration) -> impl Future<Output = ()>;
}

/// A statement with the values of its parameters.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a> {
    /// The statement's text.
    pub sql: &'static str,
    /// The values of `$1`, `$2` and so on.
    pub parameters: &'a [Parameter<'a>],
}

impl<'a> Statement<'a> {
    fn new(sql: &'static str, parameters: &'a [Parameter<'a>]) -> Self {
        Self { sql, parameters }
    }
}

/// The value of a parameter.
#[derive(Clone, Copy, Debug)]
pub enum Parameter<'a> {
    /// A `text`.
    Key(&'a str),
    /// A `bytea`.
    Value(&'a [u8]),
}

/// A statement failed, or its connection did.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PostgresError {
    /// The SQLSTATE that the database answered (PostgreSQL documentation, appendix A). `None` if it did not answer.
    pub code: Option<String>,
    /// The database's message, without the statement's values.
    pub message: String,
}

impl PostgresError {
    fn is(&self, codes: &[&str]) -> bool {
        self.code
            .as_deref()
            .is_some_and(|code| codes.contains(&code))
    }

    fn is_missing_table(&self) -> bool {
        self.is(&["42P01"])
    }

    /// Returns whether another connection created the table at the same time. `if not exists` does not prevent that: the table's
    /// name (42P07) or its entry in a catalogue (23505) exists then.
    fn is_existing_table(&self) -> bool {
        self.is(&["42P07", "23505"])
    }
}

impl From<PostgresError> for KeyValueError {
    fn from(error: PostgresError) -> Self {
        Self(match error.code {
            Some(code) => format!("PostgreSQL: {} ({code})", error.message),
            None => format!("PostgreSQL: {}", error.message),
        })
    }
}

/// Texts in Spin's error about a new connection, and what each means. The texts themselves may quote the URL, so they are not passed on.
#[cfg(any(feature = "postgres", test))]
const CONNECTION_FAILURES: [(&str, &str); 4] = [
    (
        "is not permitted",
        "the host of postgres_url is not that of postgres_origin",
    ),
    (
        "TLS",
        "the TLS handshake failed; see sslmode in postgres_url, and postgres_ca_root",
    ),
    (
        "too many",
        "the database of postgres_url has too many connections",
    ),
    (
        "FATAL",
        "the database of postgres_url refuses the sign-in, or is not ready",
    ),
];

/// Returns the error of a connection that could not be made, from Spin's text about it.
#[cfg(any(feature = "postgres", test))]
pub(super) fn connection_failed(text: &str) -> KeyValueError {
    let mut known = CONNECTION_FAILURES.iter();
    let meaning = known.find(|(found, _)| text.contains(found));
    let meaning = meaning.map_or("the host of postgres_url does not answer", |(_, it)| it);
    KeyValueError(format!("PostgreSQL: {meaning}"))
}

/// The table `rivet_books` of a database. The first statement that misses the table creates it.
pub struct PostgresKeyValue<C>(C);

impl<C: PostgresConnection> PostgresKeyValue<C> {
    /// Uses the table of the database of a connection.
    pub fn new(connection: C) -> Self {
        Self(connection)
    }

    /// Writes a value if the key has the value `current`, or no value for `None`.
    ///
    /// # Errors
    /// If the statement or the connection fails.
    pub async fn replace(
        &self,
        key: &str,
        current: Option<&[u8]>,
        value: &[u8],
    ) -> Result<SwapResult, KeyValueError> {
        let (key, value) = (Parameter::Key(key), Parameter::Value(value));
        let rows = match current {
            None => self.execute(Statement::new(INSERT, &[key, value])).await?,
            Some(current) => {
                let parameters = &[key, Parameter::Value(current), value];
                self.execute(Statement::new(REPLACE, parameters)).await?
            }
        };
        Ok(match rows {
            0 => SwapResult::Conflict,
            _ => SwapResult::Replaced,
        })
    }

    async fn query(&self, statement: Statement<'_>) -> Result<Option<Vec<u8>>, KeyValueError> {
        match self.0.query(statement).await {
            Err(error) if error.is_missing_table() => {
                self.create_table().await?;
                Ok(self.0.query(statement).await?)
            }
            answer => Ok(answer?),
        }
    }

    async fn execute(&self, statement: Statement<'_>) -> Result<u64, KeyValueError> {
        match self.0.execute(statement).await {
            Err(error) if error.is_missing_table() => {
                self.create_table().await?;
                Ok(self.0.execute(statement).await?)
            }
            answer => Ok(answer?),
        }
    }

    async fn create_table(&self) -> Result<(), KeyValueError> {
        match self.0.execute(Statement::new(CREATE, &[])).await {
            Err(error) if !error.is_existing_table() => Err(error.into()),
            _ => Ok(()),
        }
    }
}

impl<C: PostgresConnection> KeyValue for PostgresKeyValue<C> {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KeyValueError> {
        self.query(Statement::new(GET, &[Parameter::Key(key)]))
            .await
    }

    async fn set(&self, key: &str, value: &[u8]) -> Result<(), KeyValueError> {
        let parameters = &[Parameter::Key(key), Parameter::Value(value)];
        self.execute(Statement::new(SET, parameters))
            .await
            .map(drop)
    }

    async fn delete(&self, key: &str) -> Result<(), KeyValueError> {
        let parameters = &[Parameter::Key(key)];
        self.execute(Statement::new(DELETE, parameters))
            .await
            .map(drop)
    }

    async fn increment(&self, key: &str, by: i64) -> Result<i64, KeyValueError> {
        let by = by.to_string();
        let parameters = &[Parameter::Key(key), Parameter::Value(by.as_bytes())];
        let count = self.query(Statement::new(INCREMENT, parameters)).await?;
        let count = count.unwrap_or_default();
        let count = str::from_utf8(&count).ok().and_then(|n| n.parse().ok());
        count.ok_or_else(|| KeyValueError("PostgreSQL: a counter is no number".into()))
    }

    async fn swap(
        &self,
        key: &str,
        replace: impl FnOnce(Option<Vec<u8>>) -> Option<Vec<u8>>,
    ) -> Result<SwapResult, KeyValueError> {
        let current = self.get(key).await?;
        let Some(value) = replace(current.clone()) else {
            return Ok(SwapResult::Kept);
        };
        self.replace(key, current.as_deref(), &value).await
    }

    async fn pause(&self, span: SignedDuration) {
        self.0.pause(span).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use std::cell::RefCell;
    use std::collections::VecDeque;

    /// A connection that gives prepared answers and records the statements.
    #[derive(Default)]
    struct Script {
        answers: RefCell<VecDeque<Answer>>,
        statements: RefCell<Vec<String>>,
    }

    type Answer = Result<(u64, Option<Vec<u8>>), &'static str>;

    impl Script {
        fn answer(
            &self,
            statement: Statement<'_>,
        ) -> Result<(u64, Option<Vec<u8>>), PostgresError> {
            let verb = statement.sql.split_whitespace().next().unwrap();
            let parameters = statement.parameters.len();
            let run = format!("{verb} with {parameters}");
            self.statements.borrow_mut().push(run);
            let answer = self.answers.borrow_mut().pop_front().unwrap();
            answer.map_err(|code| PostgresError {
                code: Some(code.to_owned()),
                message: "refused".to_owned(),
            })
        }
    }

    impl PostgresConnection for &Script {
        async fn query(&self, statement: Statement<'_>) -> Result<Option<Vec<u8>>, PostgresError> {
            self.answer(statement).map(|(_, value)| value)
        }

        async fn execute(&self, statement: Statement<'_>) -> Result<u64, PostgresError> {
            self.answer(statement).map(|(rows, _)| rows)
        }

        async fn pause(&self, _: SignedDuration) {}
    }

    fn script(answers: impl IntoIterator<Item = Answer>) -> Script {
        Script {
            answers: RefCell::new(answers.into_iter().collect()),
            ..Script::default()
        }
    }

    fn value(text: &str) -> Answer {
        Ok((0, Some(text.as_bytes().to_vec())))
    }

    #[test]
    fn number_of_rows_decides_a_swap() {
        for (current, verb) in [
            (Ok((0, None)), "insert with 2"),
            (value("1"), "update with 3"),
        ] {
            for (rows, result) in [(1, SwapResult::Replaced), (0, SwapResult::Conflict)] {
                let script = script([current.clone(), Ok((rows, None))]);
                let swap = PostgresKeyValue::new(&script);
                let swapped = block_on(swap.swap("a", |_| Some(b"2".to_vec())));
                assert_eq!(swapped, Ok(result));
                assert_eq!(*script.statements.borrow(), ["select with 1", verb]);
            }
        }
    }

    #[test]
    fn kept_value_is_not_written() {
        let script = script([value("1")]);
        let store = PostgresKeyValue::new(&script);
        assert_eq!(block_on(store.swap("a", |_| None)), Ok(SwapResult::Kept));
    }

    #[test]
    fn missing_table_is_created_once() {
        for other_creator in [Ok((0, None)), Err("42P07"), Err("23505")] {
            let script = script([Err("42P01"), other_creator, Ok((1, None))]);
            let set = PostgresKeyValue::new(&script);
            assert_eq!(block_on(set.set("a", b"1")), Ok(()));
            let run = ["insert with 2", "create with 0", "insert with 2"];
            assert_eq!(*script.statements.borrow(), run);
        }
        let script = script([Err("42P01"), Err("42501")]);
        let refused = block_on(PostgresKeyValue::new(&script).get("a"));
        assert_eq!(
            refused.unwrap_err().to_string(),
            "PostgreSQL: refused (42501)"
        );
    }

    #[test]
    fn increment_reads_the_new_count() {
        let counter = script([value("24"), value("many")]);
        let counter = PostgresKeyValue::new(&counter);
        assert_eq!(block_on(counter.increment("n", 1)), Ok(24));
        assert!(block_on(counter.increment("n", 1)).is_err());
    }

    #[test]
    fn connection_failure_hides_the_url() {
        let texts = [
            (
                "address postgres://db:5432 is not permitted",
                "postgres_origin",
            ),
            ("error performing TLS handshake: s3cr3t", "sslmode"),
            ("FATAL: sorry, too many clients already", "too many"),
            (
                "FATAL: password authentication failed for user s3cr3t",
                "sign-in",
            ),
            ("Connection refused: s3cr3t", "does not answer"),
        ];
        for (text, meaning) in texts {
            let error = connection_failed(text).to_string();
            assert!(
                error.contains(meaning) && !error.contains("s3cr3t"),
                "{error}"
            );
            assert!(error.contains("postgres_url"), "{error}");
        }
    }
}
