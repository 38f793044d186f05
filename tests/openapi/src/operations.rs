//! All operations, in the order of the routes in `functions/README.md`.

mod operator;
mod posting;

use self::operator::operator;
use self::posting::{posting, scheduled, sign_in};
use crate::operation::{Caller, ETAG, Operation, schema_of};
use crate::parameter::{KINDS, Shape, header, query};
use crate::wire;
use bridge::checkup::Checkup;
use bridge::views::activity::ActivityList;
use bridge::views::attention::AttentionList;
use bridge::views::document::DocumentView;
use bridge::views::status::Status;
use mapping::Settings;
use platform::problem::ProblemCode;
use reconciliation::retainage_schedule::view::ScheduleView;
use reconciliation::tie_out::view::TieOutView;
use store::activity::STATES;

/// The problems of a request that asks QuickBooks.
const COMPANY: [ProblemCode; 4] = [
    ProblemCode::NotConnected,
    ProblemCode::TooManyRequests,
    ProblemCode::QuickbooksUnavailable,
    ProblemCode::QuickbooksThrottled,
];

/// Returns all operations.
pub fn operations() -> Vec<Operation> {
    [
        sign_in(),
        scheduled(),
        posting(),
        settings(),
        lists(),
        decisions(),
        reports(),
        views(),
        operator(),
    ]
    .concat()
}

fn settings() -> Vec<Operation> {
    let path = "/v1/quickbooks/settings";
    let if_match = header("If-Match", "The `ETag` of the settings that are replaced.");
    vec![
        Operation::new("get", path, Caller::Session)
            .summary("Returns the firm's settings.")
            .answers(200, "The settings.")
            .headers(&ETAG)
            .body(schema_of::<Settings>, &["settings"]),
        Operation::new("put", path, Caller::PaidManager)
            .summary("Replaces the firm's settings, after a check against the company.")
            .parameter(if_match.required())
            .takes(schema_of::<Settings>, &["settings"])
            .answers(200, "The new settings.")
            .headers(&ETAG)
            .body(schema_of::<Settings>, &["settings"])
            .fails(&[
                ProblemCode::SettingsChanged,
                ProblemCode::PreconditionRequired,
            ])
            .fails(&COMPANY),
    ]
}

fn lists() -> Vec<Operation> {
    let purposes = Shape::OneOf(&[
        "contract_revenue",
        "accounts_receivable",
        "retainage",
        "deposit",
    ]);
    let purpose = query("for", "The purpose that the accounts fit.").of(purposes);
    vec![
        Operation::new("get", "/v1/quickbooks/accounts", Caller::Session)
            .summary("Returns the active accounts that fit a purpose.")
            .parameter(purpose.required())
            .answers(200, "The accounts.")
            .body(schema_of::<wire::AccountList>, &["accounts"])
            .fails(&[ProblemCode::InvalidField])
            .fails(&COMPANY),
        Operation::new("get", "/v1/quickbooks/classes", Caller::Session)
            .summary("Returns the active classes.")
            .answers(200, "The classes.")
            .body(schema_of::<wire::ClassList>, &["classes"])
            .fails(&COMPANY),
        Operation::new("get", "/v1/quickbooks/customers", Caller::Session)
            .summary("Returns at most 100 active customers.")
            .parameter(query("q", "A part of the name."))
            .answers(200, "The customers.")
            .body(schema_of::<wire::CustomerList>, &["customers"])
            .fails(&COMPANY),
        Operation::new("get", "/v1/quickbooks/checkup", Caller::Session)
            .summary(
                "Returns whether the company is set up so that RIVET's postings come out right.",
            )
            .answers(200, "The checks.")
            .body(schema_of::<Checkup>, &["checkup"])
            .fails(&COMPANY),
    ]
}

fn reports() -> Vec<Operation> {
    let as_of = query("as_of", "The day. The default is today.").of(Shape::Day);
    vec![
        Operation::new("get", "/v1/quickbooks/tie-out", Caller::Session)
            .summary(
                "Compares what RIVET's documents come to with what QuickBooks has, to the cent.",
            )
            .answers(200, "The comparison.")
            .body(schema_of::<TieOutView>, &["tie_out"])
            .fails(&COMPANY),
        Operation::new("get", "/v1/quickbooks/retainage", Caller::Session)
            .summary("Returns the retainage that customers hold back at the end of a day.")
            .parameter(as_of)
            .answers(
                200,
                "The schedule. With `Accept: text/csv` a file with one row a project.",
            )
            .body(schema_of::<ScheduleView>, &["retainage"])
            .text("text/csv")
            .fails(&[ProblemCode::InvalidField]),
    ]
}

fn decisions() -> Vec<Operation> {
    let resolve = "/v1/quickbooks/documents/{kind}/{id}/resolve";
    vec![
        Operation::new("post", resolve, Caller::PaidManager)
            .summary("Records a decision about a document. The next run carries it out.")
            .takes(
                schema_of::<wire::DecisionRequest>,
                &[
                    "keep_rivet",
                    "posted_by_hand",
                    "posted_in_two",
                    "post_anyway",
                    "first_open_day",
                    "ignore",
                ],
            )
            .answers(202, "The document with the decision.")
            .body(schema_of::<DocumentView>, &["held_document"])
            .fails(&[
                ProblemCode::DocumentNotFound,
                ProblemCode::NotInConflict,
                ProblemCode::ConflictChanged,
                ProblemCode::NotDecidable,
            ]),
        Operation::new("post", "/v1/quickbooks/disconnect", Caller::Manager)
            .summary("Ends the connection. Nothing that waits is lost.")
            .takes(schema_of::<wire::DisconnectRequest>, &["disconnect"])
            .answers(200, "The new status.")
            .body(schema_of::<Status>, &["disconnected_status"]),
    ]
}

fn attention() -> Operation {
    let limit = "The number of groups, or of documents of one group, 1 to 100. The default is 25.";
    Operation::new("get", "/v1/quickbooks/attention", Caller::Session)
        .summary("Returns the unfinished documents, grouped by the cause that stops them.")
        .parameter(query(
            "group",
            "The group of which all documents are listed.",
        ))
        .parameter(query("limit", limit).of(Shape::Entries))
        .parameter(query("cursor", "The `next_cursor` of the page before."))
        .answers(200, "A page.")
        .revalidated()
        .body(schema_of::<AttentionList>, &["attention"])
        .fails(&[ProblemCode::InvalidField])
}

fn views() -> Vec<Operation> {
    let state = query("state", "The state that the entries have.").of(Shape::OneOf(&STATES));
    let limit = "The number of entries, 1 to 100. The default is 25.";
    let project = "RIVET's id of the project of the documents.";
    vec![
        Operation::new("get", "/v1/quickbooks/status", Caller::Session)
            .summary("Returns the status of the connection, the settings and the queue.")
            .answers(
                200,
                "The status. A firm that never connected is `disconnected`.",
            )
            .revalidated()
            .body(schema_of::<Status>, &["status", "disconnected_status"]),
        Operation::new("get", "/v1/quickbooks/activity", Caller::Session)
            .summary("Returns what happened, newest first.")
            .parameter(query("limit", limit).of(Shape::Entries))
            .parameter(query("cursor", "The `next_cursor` of the page before."))
            .parameter(state)
            .parameter(query("kind", "The kind of the documents.").of(Shape::OneOf(KINDS)))
            .parameter(query("project", project).of(Shape::Id))
            .parameter(query(
                "q",
                "A text that the number, customer, project or amount contains.",
            ))
            .answers(200, "A page.")
            .revalidated()
            .body(schema_of::<ActivityList>, &["activity"])
            .fails(&[ProblemCode::InvalidField]),
        attention(),
        Operation::new(
            "get",
            "/v1/quickbooks/documents/{kind}/{id}",
            Caller::Session,
        )
        .summary("Returns a document with its state, its attempts and its objects in QuickBooks.")
        .answers(200, "The document.")
        .body(schema_of::<DocumentView>, &["document", "held_document"])
        .fails(&[ProblemCode::DocumentNotFound]),
        Operation::new("get", "/v1/health", Caller::Anybody)
            .summary("Says that the component runs.")
            .answers(200, "It runs.")
            .body(schema_of::<wire::Health>, &["health"]),
        Operation::new("get", "/v1/openapi.json", Caller::Anybody)
            .summary("Returns this description.")
            .answers(200, "The description.")
            .revalidated(),
    ]
}
