//! Executes a posting step by step, so that no step is ever done twice.
//!
//! All steps are recorded before the first is sent. From then on each open step may have been carried out. A worker that comes back to
//! open steps asks the company first and sends only what it does not have, under the same request id.

// Top first: a module uses only modules below it.
pub mod recover;
pub mod batched;
mod answers;
pub mod sequence;
mod renumber;
mod step;
mod late_reversal;
mod lookup;
mod record;

pub use crate::saga::answers::SendResult;
pub use crate::saga::batched::execute_batch;
pub use crate::saga::record::start;
pub use crate::saga::recover::recover_batch;
pub use crate::saga::sequence::execute;
pub use crate::saga::step::Execution;
