//! Posts a document into QuickBooks exactly once.
#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

// Top first: a module uses only modules below it.
pub mod batch;
pub mod document;
pub mod matching;
pub mod adoption;
pub mod saga;
pub mod lookup;
pub mod comparison;
pub mod entered_before;
pub mod conflict;
pub mod planned;
pub mod context;
pub mod eligibility;
pub mod error;
mod name_words;
