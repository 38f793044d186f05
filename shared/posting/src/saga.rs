//! Executes a posting step by step. No step is ever carried out twice.
//!
//! All steps are recorded before the first is sent. From that moment QuickBooks may have carried out each open step. A worker that finds
//! open steps therefore asks the company first. The worker then sends only the missing steps, under the same request ids.
//!
//! A look-up ends in a [`LookupError`](crate::error::LookupError) or in an answer. Only an answer changes the state of a step.

// Top first: a module uses only modules below it.
pub mod recover;
pub mod batched;
mod answers;
pub mod sequence;
mod renumber;
mod number_owner;
mod step;
mod open_saga;
mod look_up;
mod record;

pub use crate::saga::answers::SendResult;
pub use crate::saga::batched::execute_batch;
pub use crate::saga::open_saga::Execution;
pub use crate::saga::record::{ExecutedStep, apply, start};
pub use crate::saga::recover::recover_batch;
pub use crate::saga::sequence::{apply_reversals, execute};
