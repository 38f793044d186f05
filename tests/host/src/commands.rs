//! The commands of the binary.

pub mod bench;
pub mod crash;
pub mod up;
