//! Compares what RIVET's documents come to with what the company's books have, and says what customers hold back.
#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

// Top first: a module uses only modules below it.
pub mod tie_out;
pub mod retainage_schedule;
mod books;
pub mod comparison;
mod rivet_side;
mod named_view;
mod home_currency;
