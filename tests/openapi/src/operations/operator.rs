//! The routes of the operator and of monitoring.

use crate::operation::{Caller, Operation, schema_of};
use crate::wire;
use bridge::operations::dead_letters::{DeadLetterList, ReplayReport};
use bridge::operations::erase::EraseReport;
use bridge::operations::export::FirmExport;
use bridge::operations::firm::FirmOverview;
use bridge::operations::key_report::KeyReport;
use bridge::operations::uncertain::UncertainList;
use bridge::restored::Restored;
use platform::problem::ProblemCode;

/// Returns the operations of the operator and of monitoring.
pub fn operator() -> Vec<Operation> {
    [watching(), stuck(), firms()].concat()
}

fn watching() -> Vec<Operation> {
    vec![
        Operation::new("get", "/v1/ready", Caller::Scheduler)
            .summary("Says whether the store can keep records. It is read and written once.")
            .answers(200, "The store keeps records.")
            .body(schema_of::<wire::Ready>, &["ready"]),
        Operation::new("get", "/v1/metrics", Caller::Scheduler)
            .summary("Returns figures over all firms as OpenMetrics text.")
            .answers(200, "The figures.")
            .text("application/openmetrics-text"),
        Operation::new("get", "/v1/operations/keys", Caller::Operator)
            .summary("Returns how many records each key of `token_keys` still opens.")
            .answers(200, "The keys.")
            .body(schema_of::<KeyReport>, &["keys"]),
        Operation::new("post", "/v1/operations/keys/rotate", Caller::Operator)
            .summary(
                "Seals the records of older keys with the newest, as many as 20 seconds allow.",
            )
            .answers(200, "The keys afterwards.")
            .body(schema_of::<KeyReport>, &["keys"]),
    ]
}

fn stuck() -> Vec<Operation> {
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
        Operation::new("get", "/v1/operations/uncertain", Caller::Operator)
            .summary("Returns the documents in doubt of all firms, oldest first.")
            .answers(200, "The documents.")
            .body(schema_of::<UncertainList>, &["uncertain"]),
        Operation::new("post", "/v1/operations/restored", Caller::Operator)
            .summary("Says that the store was set back. What RIVET knows from before is looked up before anything is made of it.")
            .takes(schema_of::<wire::RestoredRequest>, &["restored_request"])
            .answers(200, "The times of the restore.")
            .body(schema_of::<Restored>, &["restored"]),
    ]
}

fn firms() -> Vec<Operation> {
    let firm = "/v1/operations/firms/{firm}";
    vec![
        Operation::new("get", firm, Caller::Operator)
            .summary("Returns what is kept of a firm, in numbers of records.")
            .answers(200, "The overview. An unknown firm has no records.")
            .body(schema_of::<FirmOverview>, &["firm"]),
        Operation::new(
            "get",
            "/v1/operations/firms/{firm}/export",
            Caller::Operator,
        )
        .summary("Returns everything that is kept of a firm, with sealed fields opened.")
        .answers(200, "The records.")
        .body(schema_of::<FirmExport>, &["firm_export"]),
        Operation::new(
            "post",
            "/v1/operations/firms/{firm}/erase",
            Caller::Operator,
        )
        .summary("Erases a firm everywhere, and ends its grant at Intuit. 202 with `Retry-After` until nothing is left: the same request goes on.")
        .takes(schema_of::<wire::EraseRequest>, &["erase"])
        .answers(200, "The receipt.")
        .body(schema_of::<EraseReport>, &["erased", "erasing"])
        .fails(&[ProblemCode::InvalidField]),
    ]
}
