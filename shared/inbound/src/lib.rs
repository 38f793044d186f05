//! Finds out what people do in QuickBooks with what RIVET posted, and receives Intuit's webhooks.
//!
//! Start reading at [`scan::scan`] for one look at a company, and at [`webhook_intake::receive`] for a delivery. This crate writes
//! nothing to QuickBooks. It knows no route, no user session and no HTTP status that we answer with.
#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

// Top first: a module uses only modules below it.
pub mod webhook_intake;
pub mod scan;
mod detection;
mod payments;
mod lists;
mod company_settings;
mod wording;
mod observation;
