//! Who takes part in a scenario: two firms, and a QuickBooks company for each.
#![expect(clippy::expect_used, reason = "a scenario stops where it breaks")]

use billing::FirmId;

/// The firms, by RIVET's ids.
pub const FIRMS: [&str; 2] = ["firm_harbor", "firm_quay"];

/// Their companies, by Intuit's.
pub const COMPANIES: [&str; 2] = ["9341453908059321", "9341453908059322"];

/// A firm's id as our code takes it.
///
/// # Panics
/// If it is none.
pub fn firm_id(name: &str) -> FirmId {
    name.parse().expect("an id of a firm")
}
