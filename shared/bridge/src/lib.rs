//! What the product does, one use case a file.
//!
//! Start reading at [`accept_event`] and [`sync`]; [`worker`] is what both the events and the schedule end in.
//! Nothing here knows Spin or the HTTP statuses that we answer with.

pub mod accept_event;
pub mod error;
pub mod notifications;
pub mod preview;
pub mod record_decision;
pub mod refresh_tokens;
pub mod replace_settings;
pub mod setting_options;
pub mod sync;
pub mod views;
pub mod worker;

pub use error::Error;
