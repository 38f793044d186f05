//! Problems: all answers that are not the requested ones, as RFC 9457 describes them.
//!
//! Code, title, detail and members go to the caller, who may show the detail to a person. The cause goes into the log only.

// Top first: a module uses only modules below it.
mod constructors;
mod details;
mod code;

pub use code::ProblemCode;
pub use details::Problem;
