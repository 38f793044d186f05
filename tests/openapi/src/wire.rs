//! The bodies that no type of a shared crate describes: events, decisions, notifications, and answers that a component puts together.

use billing::{DocumentRef, Id};
use mapping::PostingPlan;
use schemars::JsonSchema;
use serde_json::Value;
use store::activity::notification::PaymentPart;
use store::setting_lists::SettingOption;

/// A link that starts a sign-in.
#[derive(JsonSchema)]
pub struct ConnectLink {
    /// The link, for a new tab. It opens once.
    #[schemars(extend("format" = "uri"))]
    pub connect_url: String,
    /// The time after which the link does not open.
    #[schemars(extend("format" = "date-time"))]
    pub expires_at: String,
}

/// The confirmation of a sign-in.
#[derive(JsonSchema)]
pub struct ConfirmationRequest {
    /// The one-time value that the browser brought back.
    pub confirmation: String,
}

/// The answer to an event.
#[derive(JsonSchema)]
pub struct AcceptedEvent {
    /// The `webhook-id` of the event.
    pub event_id: String,
    /// The subject of the event. Null if the type is unknown.
    pub document: Option<EventSubject>,
    /// The outcome.
    #[schemars(extend("enum" = ["posted", "queued", "held", "duplicate", "ignored"]))]
    pub outcome: String,
}

/// The document or customer that an event is about.
#[derive(JsonSchema)]
pub struct EventSubject {
    /// The kind.
    pub kind: String,
    /// RIVET's id.
    pub id: String,
}

/// The documents that Sync Now or Retry asks for.
#[derive(JsonSchema)]
pub struct SyncRequest {
    /// The documents.
    pub documents: Vec<DocumentRef>,
}

/// The postings of a document that is not posted.
#[derive(JsonSchema)]
pub struct PreviewAnswer {
    /// The plan.
    pub plan: PostingPlan,
    /// The digest of the plan, which the document has after its posting.
    pub plan_hash: String,
}

/// The accounts that fit a purpose.
#[derive(JsonSchema)]
pub struct AccountList {
    /// The accounts by name.
    pub accounts: Vec<SettingOption>,
}

/// The active classes.
#[derive(JsonSchema)]
pub struct ClassList {
    /// The classes by name.
    pub classes: Vec<SettingOption>,
}

/// Active customers.
#[derive(JsonSchema)]
pub struct CustomerList {
    /// At most 100 customers by name.
    pub customers: Vec<SettingOption>,
}

/// The confirmation of a disconnect.
#[derive(JsonSchema)]
pub struct DisconnectRequest {
    /// True to disconnect.
    #[schemars(extend("const" = true))]
    pub confirm: bool,
}

/// The answer of a store that keeps records.
#[derive(JsonSchema)]
pub struct Ready {
    /// Always `ready`.
    #[schemars(extend("const" = "ready"))]
    pub status: String,
}

/// The time to which the store was set back.
#[derive(JsonSchema)]
pub struct RestoredRequest {
    /// The time of the state that was put back.
    #[schemars(extend("format" = "date-time"))]
    pub since: String,
}

/// The confirmation of an erasure.
#[derive(JsonSchema)]
pub struct EraseRequest {
    /// The id of the firm once more.
    pub confirm: String,
}

/// The health of a component.
#[derive(JsonSchema)]
pub struct Health {
    /// The component runs.
    #[schemars(extend("const" = "ok"))]
    pub status: String,
}

/// A decision about a document: exactly one of the members, and the time of the version that the person saw.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct DecisionRequest {
    /// The version to keep.
    #[schemars(extend("enum" = ["rivet", "quickbooks"]))]
    pub keep: Option<String>,
    /// The transactions that a person entered for the document: one, or a list.
    pub posted: Option<PostedObjects>,
    /// The document is posted beside what was found.
    #[schemars(extend("const" = "anyway"))]
    pub post: Option<String>,
    /// The document is posted on the first day on which the books are open.
    #[schemars(extend("const" = "first_open_day"))]
    pub date: Option<String>,
    /// True to leave the document out.
    #[schemars(extend("const" = true))]
    pub ignore: Option<bool>,
    /// The `seen_at` of the conflict on the screen.
    #[schemars(extend("format" = "date-time"))]
    pub seen_at: Option<String>,
}

/// A transaction, or a list of transactions of different types.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum PostedObjects {
    /// A single transaction.
    One(PostedObject),
    /// Transactions of different types.
    Several(Vec<PostedObject>),
}

/// A transaction in QuickBooks.
#[derive(JsonSchema)]
pub struct PostedObject {
    /// The type.
    #[schemars(rename = "type", extend("enum" = ["Invoice", "CreditMemo", "JournalEntry", "Payment"]))]
    pub kind: String,
    /// The id in QuickBooks.
    pub id: Id,
}

/// An error (RFC 9457).
#[derive(JsonSchema)]
pub struct ProblemBody {
    /// `urn:rivet:problem:` and the code.
    #[schemars(rename = "type")]
    pub kind: String,
    /// The title, the same for each occurrence.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// The sentence for a person.
    pub detail: String,
    /// The code, for programs.
    pub code: String,
    /// The value of the header `x-request-id`.
    pub request_id: String,
    /// The field or parameter that is invalid.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The settings that are missing.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<String>>,
    /// The seconds to wait before the next try. Also a header.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// The roles that may do this.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// The plans that include QuickBooks.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub plans: Option<Vec<String>>,
    /// The largest number of bytes.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// The variable of the deployment.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub variable: Option<String>,
}

/// A notification of a document to RIVET.
#[derive(JsonSchema)]
pub struct DocumentNotificationBody {
    /// The type.
    #[schemars(rename = "type", extend("enum" = ["document.posted", "document.failed", "document.changed_in_quickbooks", "document.paid"]))]
    pub kind: String,
    /// The time of the cause.
    #[schemars(extend("format" = "date-time"))]
    pub timestamp: String,
    /// The document.
    pub data: DocumentNotificationData,
}

/// The data of a notification of a document.
#[derive(JsonSchema)]
pub struct DocumentNotificationData {
    /// The firm.
    pub firm_id: Id,
    /// The document.
    pub document: DocumentRef,
    /// The state of the document.
    pub state: String,
    /// The sentence for a person.
    pub detail: String,
    /// The person who asked for it or decided it.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub by: Option<Id>,
    /// The total. Only of `document.paid`, as the members after it.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub total: Option<String>,
    /// The part that is paid.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub paid: Option<String>,
    /// The part that is open.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub balance: Option<String>,
    /// The newest eight payments.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub payments: Option<Vec<PaymentPart>>,
}

/// A notification of the connection to RIVET.
#[derive(JsonSchema)]
pub struct ConnectionNotificationBody {
    /// The type.
    #[schemars(rename = "type", extend("enum" = ["connection.needs_reauthorization", "connection.error", "connection.restored", "connection.expiring"]))]
    pub kind: String,
    /// The time of the cause.
    #[schemars(extend("format" = "date-time"))]
    pub timestamp: String,
    /// The firm, with `status` and `reason`, or with `grant_expires_at` and `days_left`.
    pub data: ConnectionNotificationData,
}

/// The data of a notification of the connection.
#[derive(JsonSchema)]
pub struct ConnectionNotificationData {
    /// The firm.
    pub firm_id: Id,
    /// The status of the connection.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The reason for the status.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Value>,
    /// The end of the grant. Only of `connection.expiring`.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub grant_expires_at: Option<String>,
    /// The days until then.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub days_left: Option<i64>,
}

/// A delivery of Intuit in either format.
#[derive(JsonSchema)]
pub struct IntuitDelivery(pub Value);
