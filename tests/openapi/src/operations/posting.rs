//! Sign-in, scheduled runs, events and posting.

use crate::events::BillingEvent;
use crate::operation::{Caller, Header, Operation, schema_of};
use crate::parameter::{header, query};
use crate::wire;
use bridge::refresh_tokens::DueReport;
use bridge::sync::{SyncNow, SyncReport};
use bridge::views::status::Status;
use platform::problem::ProblemCode;

/// The problems of a sign-in that cannot be confirmed.
const CONFIRMATION: [ProblemCode; 8] = [
    ProblemCode::ConfirmationNotYours,
    ProblemCode::ConfirmationUnknown,
    ProblemCode::ConfirmationUsed,
    ProblemCode::ConfirmationExpired,
    ProblemCode::ConfirmationSuperseded,
    ProblemCode::CompanyTaken,
    ProblemCode::OtherCompany,
    ProblemCode::TryAgain,
];

/// The meaning of the header that lets a confirmation be sent twice.
const REPETITION: &str = "With any value, a confirmation that this person used already is answered with the status \
    while the firm is connected. Without it, that is 409.";

const LOCATION: [Header; 1] = [Header {
    name: "Location",
    description: "Where the browser goes.",
}];

/// Returns the operations of a sign-in.
pub fn sign_in() -> Vec<Operation> {
    let connect = "/v1/quickbooks/connect";
    vec![
        Operation::new("post", connect, Caller::PaidManager)
            .summary("Returns a link that starts a sign-in at Intuit. It opens once, within ten minutes.")
            .answers(201, "The link.")
            .body(schema_of::<wire::ConnectLink>, &["connect_link"]),
        Operation::new("get", connect, Caller::Anybody)
            .summary("Opens the link of a sign-in.")
            .parameter(query("ticket", "The one-time value of the link."))
            .answers(302, "To Intuit, or back to RIVET with `quickbooks=failed` and a `code`.")
            .headers(&LOCATION),
        Operation::new("get", "/v1/quickbooks/reconnect", Caller::Anybody)
            .summary("Sends a browser that comes from Intuit to RIVET, where the person can sign in again.")
            .answers(302, "To RIVET with `quickbooks=reconnect`.")
            .headers(&LOCATION),
        Operation::new("get", "/v1/quickbooks/callback", Caller::Anybody)
            .summary("Takes Intuit's answer to a sign-in.")
            .parameter(query("state", "The value that ties the answer to the sign-in."))
            .parameter(query("code", "The authorization code."))
            .parameter(query("realmId", "The company."))
            .parameter(query("error", "The reason for which Intuit or the person declined."))
            .answers(302, "To RIVET with `quickbooks`, and with `confirmation` or `code`.")
            .headers(&LOCATION),
        Operation::new("post", "/v1/quickbooks/connect/confirm", Caller::PaidManager)
            .summary("Connects a company that is new to the firm, after the person who asked for the link confirms it.")
            .parameter(header("Idempotency-Key", REPETITION))
            .takes(schema_of::<wire::ConfirmationRequest>, &["confirmation"])
            .answers(200, "The status, now `connected`.")
            .body(schema_of::<Status>, &["status"])
            .fails(&CONFIRMATION),
        Operation::new("get", "/v1/quickbooks/disconnected", Caller::Anybody)
            .summary("Takes a browser whose person ended the connection in QuickBooks, and checks the grant with Intuit.")
            .parameter(query("realmId", "The company."))
            .answers(302, "To RIVET with `quickbooks=disconnected`.")
            .headers(&LOCATION),
    ]
}

/// Returns the operations of the scheduler.
pub fn scheduled() -> Vec<Operation> {
    let both = |path, summary| {
        ["get", "post"]
            .map(|method| Operation::new(method, path, Caller::Scheduler).summary(summary))
    };
    let refresh = both(
        "/v1/scheduled/token-refresh",
        "Renews the access tokens that end soon, and sends the notifications to RIVET.",
    );
    let sync = both(
        "/v1/scheduled/sync",
        "Posts what waits, and looks at what changed in QuickBooks.",
    );
    let refresh = refresh.map(|operation| {
        operation
            .answers(200, "The report of the run.")
            .body(schema_of::<DueReport>, &["due_report"])
    });
    let sync = sync.map(|operation| {
        operation
            .answers(200, "The report of the run.")
            .body(schema_of::<SyncReport>, &["sync_report"])
    });
    [refresh.to_vec(), sync.to_vec()].concat()
}

/// Returns the operations that post, and those that take events.
pub fn posting() -> Vec<Operation> {
    vec![
        Operation::new("post", "/v1/webhooks/billing", Caller::Billing)
            .summary("Takes an event of RIVET's billing. The same event twice counts once.")
            .takes(schema_of::<BillingEvent>, EVENTS)
            .answers(202, "The event is stored.")
            .body(schema_of::<wire::AcceptedEvent>, &["accepted_event", "ignored_event"]),
        Operation::new("post", "/v1/quickbooks/sync", Caller::Manager)
            .summary("Posts what waits: all unfinished documents, or those of the body.")
            .takes(schema_of::<wire::SyncRequest>, &["sync_request"])
            .answers(202, "The documents are posted or queued.")
            .body(schema_of::<SyncNow>, &["sync_now"]),
        Operation::new("post", "/v1/quickbooks/preview", Caller::Session)
            .summary("Returns what the event of the body would post. Nothing is posted.")
            .takes(schema_of::<BillingEvent>, &["pay_app_approved"])
            .answers(200, "The plan.")
            .body(schema_of::<wire::PreviewAnswer>, &["preview"]),
        Operation::new("post", "/v1/webhooks/quickbooks", Caller::Intuit)
            .summary("Takes a delivery of Intuit in either format. Anything with a valid signature is answered 200.")
            .takes(schema_of::<wire::IntuitDelivery>, &["intuit_delivery", "intuit_events"])
            .answers(200, "The changes are stored."),
    ]
}

/// The examples of events: the sample project of RIVET.
const EVENTS: &[&str] = &[
    "project_created",
    "pay_app_approved",
    "pay_app_revised",
    "pay_app_voided",
    "retainage_released",
    "retainage_release_voided",
    "payment_recorded",
    "payment_voided",
    "customer_updated",
];
