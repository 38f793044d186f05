//! The participants of a scenario: two firms, and a QuickBooks company for each.
#![expect(clippy::expect_used, reason = "a scenario stops where it breaks")]

use billing::FirmId;

/// The firms, by RIVET's ids.
pub const FIRMS: [&str; 2] = ["firm_harbor", "firm_quay"];

/// The companies of the firms, by Intuit's ids.
pub const COMPANIES: [&str; 2] = ["9341453908059321", "9341453908059322"];

/// Returns the id of a firm.
///
/// # Panics
/// If `name` is no valid id.
pub fn firm_id(name: &str) -> FirmId {
    name.parse().expect("an id of a firm")
}
