//! What the checker finds, and what it must find.

mod checking;
mod creation;
mod faults;
mod protocol;
