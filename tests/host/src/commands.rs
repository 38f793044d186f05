//! The commands of the binary.

pub mod bench;
pub mod check_store;
pub mod crash;
pub mod postgres_manifest;
pub mod screenshots;
pub mod up;
