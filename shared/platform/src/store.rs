//! Records on a key-value store: envelopes, compare-and-swap that is right on every back end, and sealed fields.
//!
//! The result that a back end reports of a swap is never trusted, neither a success nor a conflict. Each write puts a fresh nonce in front of the nonces of the writes
//! before it, and the record is read back after a swap. If the record has the nonce, the write happened, even if later writes
//! followed. Otherwise the write was lost.

// Top first: a module uses only modules below it.
mod swap;
mod records;
mod creation;
mod patience;
mod envelope;
mod seal;
mod keyring;
mod place;
mod spin;
mod verification;
#[cfg(feature = "postgres")]
mod spin_postgres;
mod postgres;
mod key_value;

pub use key_value::{KeyValue, KeyValueError, SwapResult};
pub use keyring::{Keyring, UnsealError};
pub use postgres::{
    Parameter, PostgresAddress, PostgresConnection, PostgresError, PostgresKeyValue, Statement,
};
pub use records::SealedRecords;
pub use spin::SpinKeyValue;
#[cfg(feature = "postgres")]
pub use spin_postgres::SpinPostgres;
pub use verification::{UnfitBackEnd, verify_back_end};
