//! The commands of the binary.

pub mod bench;
pub mod crash;
pub mod screenshots;
pub mod up;
