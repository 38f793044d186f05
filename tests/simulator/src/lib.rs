//! QuickBooks Online and Intuit's sign-in, as a value.
//!
//! [`Simulator::handle`] takes one HTTP request and gives what Intuit would answer. Behind it are companies with real
//! double-entry books, so that a test can ask whether the money is right and not only whether a call was made. Time
//! and chance are inputs ([`Config`]): the same seed, clock and requests always give the same answers.
//!
//! It is an independent witness: it knows the published behaviour of QuickBooks Online and shares no type with the
//! code under test. Everything is served by path on one origin: `/connect/oauth2`, `/oauth2/v1/tokens/bearer`,
//! `/v2/oauth2/tokens/revoke` and `/v3/company/{realm}/…`.

#![cfg_attr(
    test,
    expect(
        clippy::inconsistent_digit_grouping,
        reason = "amounts in cents are written with the cents apart"
    )
)]

mod api;
#[cfg(test)]
mod bench;
mod books;
mod call;
mod changes;
mod company;
mod config;
#[cfg(test)]
mod desk;
mod dispatch;
mod entity;
mod error;
mod fault;
mod gateway;
mod inject;
mod json;
mod kind;
mod ledger;
mod moment;
mod money;
mod oauth;
mod person;
mod query;
mod records;
mod reply;
mod schema;
mod serve;
mod simulator;
mod traffic;
mod write;
mod xml;

pub use changes::{Actor, Change, Operation};
pub use company::{Account, ClassTracking, Company, Edition};
pub use config::{Config, Rotation, Switches};
pub use error::Error;
pub use inject::{Commit, Effect, Injection, RequestKind};
pub use ledger::{Entry, Ledger, Line, Transaction};
pub use person::Person;
pub use reply::Reply;
pub use serve::{Clock, serve};
pub use simulator::{Decision, Simulator};
pub use traffic::{CallClass, Seen};
