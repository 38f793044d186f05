//! The back end of the store that the components are built with: the key-value store of Spin, or PostgreSQL with the feature `postgres`.
//!
//! A component imports the interface of one of them only, so it also runs where the other is missing.

use crate::problem::{self, Problem};
use crate::store::KeyValueError;
#[cfg(not(feature = "postgres"))]
use crate::store::SpinKeyValue;
#[cfg(feature = "postgres")]
use crate::{
    config,
    store::{PostgresKeyValue, SpinPostgres},
};

/// The back end of the store: the key-value store that Spin calls `default`.
#[cfg(not(feature = "postgres"))]
pub type BackEnd = SpinKeyValue;

/// The back end of the store: the database that `postgres_url` names.
#[cfg(feature = "postgres")]
pub type BackEnd = PostgresKeyValue<SpinPostgres>;

/// Opens the back end.
///
/// # Errors
/// `store_unavailable` if the store cannot be opened.
#[cfg(not(feature = "postgres"))]
pub async fn open() -> Result<BackEnd, Problem> {
    BackEnd::open().await.map_err(|error| unavailable(&error))
}

/// Opens the back end.
///
/// # Errors
/// `misconfigured` if a variable of the database is missing or malformed, `store_unavailable` if the database cannot be reached.
#[cfg(feature = "postgres")]
pub async fn open() -> Result<BackEnd, Problem> {
    let opened = SpinPostgres::open(config::postgres().await?).await;
    let connection = opened.map_err(|error| unavailable(&error))?;
    Ok(BackEnd::new(connection))
}

fn unavailable(error: &KeyValueError) -> Problem {
    problem::store_unavailable(error.to_string())
}
