//! Takes a document into QuickBooks exactly once.
#![doc = include_str!("../README.md")]

pub mod batch;
pub mod conflict;
pub mod context;
pub mod document;
pub mod eligibility;
pub mod error;
pub mod idempotency_key;
pub mod matching;
pub mod saga;
