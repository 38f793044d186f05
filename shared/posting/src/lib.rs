//! Posts a document into QuickBooks exactly once.
#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

// Top first: a module uses only modules below it.
pub mod batch;
pub mod document;
pub mod first_posting;
pub mod steps;
mod index_entries;
pub mod adoption;
pub mod saga;
pub mod lookup;
pub mod comparison;
pub mod merges;
pub mod notified_cause;
pub mod conflict;
pub mod outcome;
pub mod matching;
pub mod party_search;
pub mod restored;
mod found_content;
pub mod entered_before;
pub mod watch;
mod company_query;
pub mod numbers;
pub mod origin;
pub mod planned;
pub mod items;
pub mod figures;
pub mod context;
pub mod eligibility;
pub mod error;
pub mod names;
pub mod work_item;
