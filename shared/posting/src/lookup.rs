//! Looks up what QuickBooks carried out: whether a step stands, and whether an answer is about it.

// Top first: a module uses only modules below it.
pub mod replay;
pub mod company_lookup;
pub mod ours;
pub mod late_reversal;
