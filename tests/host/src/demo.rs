//! The main job, told with a sample firm and a simulated QuickBooks.

pub mod story;
pub mod tie_out;
