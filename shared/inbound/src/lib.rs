//! Detects people's edits of the objects that RIVET posted, and receives Intuit's webhooks.
//!
//! Start reading at [`scan::scan`] for the scan of a company, and at [`webhook_intake::receive`] for a delivery. This crate writes nothing
//! to QuickBooks. The crate knows no route, no user session and no HTTP status of an answer.
#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

// Top first: a module uses only modules below it.
pub mod webhook_intake;
pub mod scan;
mod detection;
mod payments;
mod lists;
mod item_changes;
mod company_settings;
mod wording;
mod observation;
