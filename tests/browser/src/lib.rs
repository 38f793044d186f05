//! The Integrations page in a real browser: what a person sees in each state, and what works without a mouse or without colors.
//!
//! Chromium runs without a window, and `chromedriver` steers it. The page comes from the real component. Its API is either the real
//! components with a simulated QuickBooks, or the scripted answers of a [state](states::State).

// Top first: a module uses only modules below it.
pub mod screenshots;
pub mod scripted_api;
pub mod states;
pub mod page;
pub mod look;
pub mod accessibility;
pub mod browser;
pub mod chromium;
pub mod run_size;
