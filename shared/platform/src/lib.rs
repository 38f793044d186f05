//! What Spin gives a component, put into the terms of the rest: requests and answers, problems, variables, the network, records.
//!
//! This is the only crate that knows Spin. A handler is one function from [`Call`] to [`Answer`] or [`Problem`]; [`serve`] does
//! the rest. What needs a running component is in `runtime` and a few lines elsewhere; all decisions are plain functions.
#![warn(missing_docs)]

mod answer;
mod body;
mod call;
mod callers;
pub mod config;
mod cors;
mod http;
mod log;
mod open;
mod problem;
mod problems;
mod runtime;
mod serve;
pub mod store;

pub use self::http::{MAX_ANSWER, SpinHttp};
pub use answer::{Answer, Cookie};
pub use call::{Call, GET, POST, PUT};
pub use callers::{Permissions, SignedEvent};
pub use open::{SpinBridge, SpinStore};
pub use problem::{Code, Problem};
pub use serve::{Component, MAX_BODY, serve};
