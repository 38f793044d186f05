//! A desk with shelves: whatever is done there comes to what it would come to on one without, whoever else is there.
#![expect(clippy::unwrap_used, reason = "a test stops where it breaks")]

mod given;
mod model;
mod races;
mod records;
mod register;
