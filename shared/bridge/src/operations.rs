//! The use cases of the operator: what is stuck or kept, over all firms.

// Top first: a module uses only modules below it.
pub mod dead_letters;
