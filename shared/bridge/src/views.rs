//! Views of a firm's records, as status pages show them.

// Top first: a module uses only modules below it.
pub mod status;
pub mod attention;
pub mod activity;
pub mod document;
pub mod decisions;
pub mod reason;
pub mod summary;
pub mod transaction;
pub mod connection_status;

pub use self::activity::activity;
pub use self::attention::attention;
pub use self::document::document;
pub use self::status::status;
