//! Finds out what happened in QuickBooks.
#![doc = include_str!("../README.md")]

pub mod company_settings;
pub mod detection;
pub mod lists;
pub mod payments;
pub mod scan;
pub mod webhook_intake;
