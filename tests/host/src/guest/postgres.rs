//! Implements `spin:postgres@4.2.0`: the functions that the SDK's connection calls, with the types that a key and a value have.
#![expect(
    clippy::result_large_err,
    reason = "the error is the one of the interface"
)]

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Column as SqlColumn, Row as SqlRow};
use wasmtime::component::{Accessor, FutureReader, Resource, StreamReader};

use super::spin::postgres::postgres::{
    Column, DbDataType, DbError, DbValue, Error, Host as PostgresHost, HostConnection,
    HostConnectionBuilder, HostConnectionBuilderWithStore, HostConnectionWithStore, ParameterValue,
    QueryError, Row,
};
use super::{Guest, Host};
use crate::counts::{Counter, Meter};
use crate::postgres::{Address, Client, origins};

type Answer<T> = wasmtime::Result<Result<T, Error>>;
type Rows = (
    Vec<Column>,
    StreamReader<Row>,
    FutureReader<Result<(), Error>>,
);

impl PostgresHost for Guest {}
impl HostConnection for Guest {
    async fn drop(&mut self, connection: Resource<Client>) -> wasmtime::Result<()> {
        self.table.delete(connection)?;
        Ok(())
    }
}

impl HostConnectionBuilder for Guest {
    async fn new(&mut self, url: String) -> wasmtime::Result<Resource<Address>> {
        Ok(self.table.push(Address { url, ca_root: None })?)
    }

    async fn set_ca_root(&mut self, builder: Resource<Address>, pem: String) -> Answer<()> {
        self.table.get_mut(&builder)?.ca_root = Some(pem);
        Ok(Ok(()))
    }

    async fn drop(&mut self, builder: Resource<Address>) -> wasmtime::Result<()> {
        self.table.delete(builder)?;
        Ok(())
    }
}

impl<T: Send + 'static> HostConnectionBuilderWithStore<T> for Host {
    async fn build_async(
        accessor: &Accessor<T, Self>,
        builder: Resource<Address>,
    ) -> Answer<Resource<Client>> {
        let address = accessor.with(|mut access| access.get().table.get(&builder).cloned())?;
        open(accessor, &address).await
    }
}

impl<T: Send + 'static> HostConnectionWithStore<T> for Host {
    async fn open_async(accessor: &Accessor<T, Self>, url: String) -> Answer<Resource<Client>> {
        open(accessor, &Address { url, ca_root: None }).await
    }

    async fn query_async(
        accessor: &Accessor<T, Self>,
        connection: Resource<Client>,
        statement: String,
        parameters: Vec<ParameterValue>,
    ) -> Answer<Rows> {
        let client = counted_client(accessor, &connection, &statement)?;
        let rows = match query(&client, &statement, &parameters).await {
            Ok(rows) => rows,
            Err(error) => return Ok(Err(error)),
        };
        let columns = rows.first().map(|row| row.columns().iter().map(column));
        let columns = columns.into_iter().flatten().collect();
        let (rows, outcome) = match rows.iter().map(values).collect() {
            Ok(rows) => (rows, Ok(())),
            Err(error) => (Vec::new(), Err(error)),
        };
        accessor.with(|mut access| {
            let rows = StreamReader::new(&mut access, rows)?;
            let outcome =
                FutureReader::new(&mut access, async move { wasmtime::error::Ok(outcome) })?;
            Ok(Ok((columns, rows, outcome)))
        })
    }

    async fn execute_async(
        accessor: &Accessor<T, Self>,
        connection: Resource<Client>,
        statement: String,
        parameters: Vec<ParameterValue>,
    ) -> Answer<u64> {
        let client = counted_client(accessor, &connection, &statement)?;
        Ok(execute(&client, &statement, &parameters).await)
    }
}

/// Opens a connection, if the component may call each host of the address.
async fn open<T: Send>(
    accessor: &Accessor<T, Host>,
    address: &Address,
) -> Answer<Resource<Client>> {
    let permissions = accessor.with(|mut access| access.get().permissions.clone());
    let hosts = match origins(&address.url) {
        Ok(hosts) => hosts,
        Err(problem) => return Ok(Err(Error::ConnectionFailed(problem.to_string()))),
    };
    for host in hosts {
        let is_allowed = host.parse().is_ok_and(|uri| permissions.hosts.allows(&uri));
        if !is_allowed {
            permissions.log(&format!(
                "connection refused; to allow it, add {host:?} to allowed_outbound_hosts of [component.{}] in the manifest",
                permissions.component
            ));
            let message = format!("address {host} is not permitted");
            return Ok(Err(Error::ConnectionFailed(message)));
        }
    }
    match permissions.shared.postgres.connect(address).await {
        Ok(client) => accessor.with(|mut access| Ok(Ok(access.get().table.push(client)?))),
        Err(problem) => Ok(Err(Error::ConnectionFailed(format!("{problem:?}")))),
    }
}

/// Counts a statement as the operation of a key-value store that it is, and returns its connection.
fn counted_client<T>(
    accessor: &Accessor<T, Host>,
    connection: &Resource<Client>,
    statement: &str,
) -> wasmtime::Result<Client> {
    accessor.with(|mut access| {
        let guest = access.get();
        if let Some(counter) = counter(statement) {
            counter(&guest.permissions.shared.meter).add(1);
        }
        Ok(guest.table.get(connection)?.clone())
    })
}

fn counter(statement: &str) -> Option<fn(&Meter) -> &Counter> {
    match statement.split_whitespace().next()? {
        "select" => Some(|meter| &meter.get),
        "delete" => Some(|meter| &meter.delete),
        "update" => Some(|meter| &meter.swap),
        "insert" if statement.contains("do nothing") => Some(|meter| &meter.swap),
        "insert" if statement.contains("returning") => Some(|meter| &meter.increment),
        "insert" => Some(|meter| &meter.set),
        _ => None,
    }
}

async fn query(
    client: &Client,
    statement: &str,
    parameters: &[ParameterValue],
) -> Result<Vec<SqlRow>, Error> {
    let parameters = sql_values(parameters)?;
    let rows = client.query(statement, &parameters).await;
    rows.map_err(|error| query_failed(&error))
}

async fn execute(
    client: &Client,
    statement: &str,
    parameters: &[ParameterValue],
) -> Result<u64, Error> {
    let parameters = sql_values(parameters)?;
    let rows = client.execute(statement, &parameters).await;
    rows.map_err(|error| query_failed(&error))
}

fn sql_values(parameters: &[ParameterValue]) -> Result<Vec<&(dyn ToSql + Sync)>, Error> {
    parameters.iter().map(sql_value).collect()
}

fn sql_value(parameter: &ParameterValue) -> Result<&(dyn ToSql + Sync), Error> {
    match parameter {
        ParameterValue::Str(text) => Ok(text),
        ParameterValue::Binary(bytes) => Ok(bytes),
        _ => Err(unsupported("parameter")),
    }
}

fn column(column: &SqlColumn) -> Column {
    let data_type = match *column.type_() {
        Type::BYTEA => DbDataType::Binary,
        Type::TEXT => DbDataType::Str,
        ref other => DbDataType::Other(other.name().to_owned()),
    };
    Column {
        name: column.name().to_owned(),
        data_type,
    }
}

fn values(row: &SqlRow) -> Result<Row, Error> {
    let value = |index: usize| {
        let value = match *row.columns()[index].type_() {
            Type::BYTEA => row
                .try_get(index)
                .map(|bytes| option(bytes, DbValue::Binary)),
            Type::TEXT => row.try_get(index).map(|text| option(text, DbValue::Str)),
            _ => return Err(unsupported("column")),
        };
        value.map_err(|error| query_failed(&error))
    };
    (0..row.len()).map(value).collect()
}

fn option<T>(value: Option<T>, present: fn(T) -> DbValue) -> DbValue {
    value.map_or(DbValue::DbNull, present)
}

fn unsupported(place: &str) -> Error {
    Error::ValueConversionFailed(format!(
        "this host has only text and bytea; the type of a {place} is another one"
    ))
}

fn query_failed(error: &tokio_postgres::Error) -> Error {
    let as_text = format!("{error:?}");
    Error::QueryFailed(match error.as_db_error() {
        None => QueryError::Text(as_text),
        Some(answer) => QueryError::DbError(DbError {
            as_text,
            severity: answer.severity().to_owned(),
            code: answer.code().code().to_owned(),
            message: answer.message().to_owned(),
            detail: answer.detail().map(str::to_owned),
            extras: Vec::new(),
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statement_counts_as_one_operation() {
        let meter = Meter::default();
        for statement in [
            "select value from t",
            "insert into t values (1) on conflict do nothing",
            "insert into t values (1) on conflict (k) do update set v = 1",
            "insert into t values (1) on conflict (k) do update set v = 1 returning v",
            "update t set v = 1",
            "delete from t",
        ] {
            counter(statement).unwrap()(&meter).add(1);
        }
        let counts = meter.read();
        assert_eq!((counts.get, counts.set, counts.swap), (1, 1, 2));
        assert_eq!((counts.increment, counts.delete), (1, 1));
        assert!(counter("create table t ()").is_none());
    }
}
