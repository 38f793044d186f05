//! [`PostgresConnection`] on Spin's own client, `spin:postgres`.

use super::key_value::KeyValueError;
use super::postgres::{
    Parameter, PostgresAddress, PostgresConnection, PostgresError, Statement, connection_failed,
};
use crate::runtime;
use jiff::SignedDuration;
use spin_sdk::pg::{
    Certificate, Connection, DbValue, Error, OpenOptions, ParameterValue, PgError, QueryError,
};

/// A connection of Spin's pool.
pub struct SpinPostgres(Connection);

impl SpinPostgres {
    /// Takes a connection from the pool.
    ///
    /// # Errors
    /// If the component may not call the host, the database does not answer, or it refuses the sign-in.
    pub async fn open(address: PostgresAddress) -> Result<Self, KeyValueError> {
        let options = OpenOptions {
            ca_root: address.ca_root.map(Certificate::Text),
        };
        let opened = Connection::open_with_options(address.url, options).await;
        let failed = |error| connection_failed(&format!("{error:?}"));
        opened.map(Self).map_err(failed)
    }
}

impl PostgresConnection for SpinPostgres {
    async fn query(&self, statement: Statement<'_>) -> Result<Option<Vec<u8>>, PostgresError> {
        let answer = self.0.query(statement.sql, values(statement)).await;
        let mut answer = answer.map_err(postgres_error)?;
        let row = answer.rows().next().await;
        answer.result().await.map_err(postgres_error)?;
        match row.and_then(|row| row.into_iter().next()) {
            None => Ok(None),
            Some(DbValue::Binary(value)) => Ok(Some(value)),
            Some(_) => Err(unanswered("a value is no bytea")),
        }
    }

    async fn execute(&self, statement: Statement<'_>) -> Result<u64, PostgresError> {
        let rows = self.0.execute(statement.sql, values(statement)).await;
        rows.map_err(postgres_error)
    }

    async fn pause(&self, span: SignedDuration) {
        runtime::sleep(span.unsigned_abs()).await;
    }
}

fn values(statement: Statement<'_>) -> Vec<ParameterValue> {
    let value = |parameter: &Parameter<'_>| match *parameter {
        Parameter::Key(key) => ParameterValue::Str(key.to_owned()),
        Parameter::Value(value) => ParameterValue::Binary(value.to_vec()),
    };
    statement.parameters.iter().map(value).collect()
}

/// Converts an error. The database's details, which may quote values, are left out.
fn postgres_error(error: Error) -> PostgresError {
    match error {
        Error::PgError(PgError::QueryFailed(QueryError::DbError(error))) => PostgresError {
            code: Some(error.code),
            message: error.message,
        },
        Error::PgError(PgError::QueryFailed(QueryError::Text(_))) => unanswered("no connection"),
        Error::PgError(_) | Error::Decode(_) => unanswered("a statement could not be sent"),
    }
}

fn unanswered(message: &str) -> PostgresError {
    PostgresError {
        code: None,
        message: message.to_owned(),
    }
}
