//! The use cases, one in each module.
//!
//! Start reading at [`accept_event`] (an event from RIVET) and [`sync`] (the scheduled run): both lead to [`worker`], which works on one
//! firm's queue. [`refresh_tokens`] is the other scheduled run; it also sends [`notifications`]. The rest serves people:
//! [`record_decision`], [`replace_settings`], [`checkup`], [`setting_options`], [`preview`] and [`views`]. The operator has [`operations`] and
//! [`restored`].
//!
//! The crate knows neither Spin nor the HTTP statuses of the answers. The crate's [`Error`] is the last rung of the ladder of errors: the
//! platform turns its variants into problems.

#![warn(missing_docs)]

// Top first: a module uses only modules below it.
pub mod accept_event;
pub mod sync;
pub mod worker;
pub mod operations;
pub mod refresh_tokens;
pub mod notifications;
pub mod replace_settings;
pub mod checkup;
pub mod setting_options;
pub mod views;
pub mod record_decision;
pub mod preview;
pub mod restored;
pub mod run_window;
pub mod error;

pub use error::Error;
