//! Spin for the rest of the code: requests and answers, problems, variables, outbound HTTP, and records on the key-value store or in PostgreSQL.
//!
//! Only this crate knows Spin. A handler is one function from [`Call`] to [`Answer`] or [`Problem`], and [`serve`] does the
//! work that all handlers share. Code that needs a running component is in `runtime`, `http`, `store/spin` and `store/spin_postgres`. All
//! decisions are plain functions that tests call natively.
#![doc = include_str!("../../../functions/README.md")]
#![warn(missing_docs)]

// Top first: a module uses only modules below it.
mod serve;
pub mod services;
pub mod back_end;
mod counted;
pub mod callers;
mod call;
mod cors;
mod answer;
pub mod config;
mod use_case_errors;
pub mod problem;
mod route;
pub mod store;
mod http;
mod body;
mod log;
mod trace;
mod audit;
mod usage;
mod runtime;

pub use self::http::{MAX_ANSWER_BYTES, SpinHttp};
pub use answer::{Answer, Cookie};
pub use audit::Audit;
pub use call::Call;
pub use problem::{Problem, ProblemCode};
pub use route::{GET, POST, PUT, Route};
pub use runtime::current_time;
pub use serve::{Component, MAX_BODY_BYTES, serve};
