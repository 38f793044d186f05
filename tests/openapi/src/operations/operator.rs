//! The operator's routes.

use crate::operation::{Caller, Operation, schema_of};
use bridge::operations::dead_letters::{DeadLetterList, ReplayReport};

/// Returns the operations of the operator.
pub fn operator() -> Vec<Operation> {
    vec![
        Operation::new("get", "/v1/operations/dead-letters", Caller::Operator)
            .summary("Returns the deliveries of Intuit that nobody could read yet, oldest first.")
            .answers(200, "The deliveries.")
            .body(schema_of::<DeadLetterList>, &["dead_letters"]),
        Operation::new(
            "post",
            "/v1/operations/dead-letters/{id}/replay",
            Caller::Operator,
        )
        .summary("Tries to read a dead letter again. If that succeeds, the dead letter is gone.")
        .answers(200, "The result of the attempt.")
        .body(
            schema_of::<ReplayReport>,
            &["replay_read", "replay_unreadable"],
        ),
    ]
}
