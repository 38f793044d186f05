//! A person's decision about a document.

use billing::{DocumentKind, DocumentRef, Id, wire};
use bridge::record_decision::record_decision;
use bridge::views;
use jiff::Timestamp;
use platform::{Answer, Audit, Call, Problem, callers, problem, services};
use quickbooks::entity::TxnType;
use serde::Deserialize;
use serde_json::Value;
use store::document::TransactionKey;
use store::document::decision::{Decision, DecisionKind};

/// The body: exactly one of `keep`, `posted`, `post`, `date` and `ignore`.
#[derive(Deserialize)]
struct DecisionBody {
    keep: Option<Keep>,
    posted: Option<Value>,
    post: Option<Value>,
    date: Option<Value>,
    ignore: Option<bool>,
    /// The `seen_at` of the conflict that the person saw, or the `updated_at` of a document without one.
    #[serde(default, deserialize_with = "json::optional_instant")]
    seen_at: Option<Timestamp>,
}

/// The only value of `post`: the document is posted although something like it is in QuickBooks.
const ANYWAY: &str = "anyway";

/// The only value of `date`: the document is posted on the first day on which the books are open.
const FIRST_OPEN_DAY: &str = "first_open_day";

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Keep {
    Rivet,
    Quickbooks,
}

#[derive(Deserialize)]
struct PostedObject {
    #[serde(rename = "type")]
    kind: TxnType,
    id: Id,
}

/// The decision of a body, with the objects that the person posted by hand.
struct RequestedDecision {
    act: DecisionKind,
    objects: Vec<TransactionKey>,
}

/// Records the decision. The next scheduled run carries it out.
pub async fn record(call: &Call<'_>, kind: &str, id: &str) -> Result<Answer, Problem> {
    let session = callers::require_session(call).await?;
    callers::require_manager(&session)?;
    callers::require_paid_plan(&session)?;
    let kind: DocumentKind = kind.parse().map_err(|_| problem::not_found())?;
    let id = id.parse().map_err(|_| problem::document_not_found())?;
    let body: DecisionBody = call.read_json()?;
    let seen = body.seen_at.map(|at| at.to_string());
    let RequestedDecision { act, objects } = read_decision(body)?;
    let decision = Decision {
        kind: act,
        objects,
        decided_by: session.user.clone(),
        decided_at: call.received_at,
        conflict_seen_at: seen,
    };
    let document = DocumentRef { kind, id };
    let store = services::open_store(call).await?;
    record_decision(&store, &session.firm, &document, &decision).await?;
    let what = format!("{document}: {}", decision.description());
    let act = Audit::new("decided", session.user.as_ref(), call.received_at);
    call.audit(act.what(&what));
    let view = views::document(&store, &session.firm, &document).await?;
    Ok(Answer::json(202, &view))
}

fn read_decision(body: DecisionBody) -> Result<RequestedDecision, Problem> {
    let without_objects = |act| RequestedDecision {
        act,
        objects: Vec::new(),
    };
    let post = body.post.filter(|post| !post.is_null());
    let date = body.date.filter(|date| !date.is_null());
    match (body.keep, body.posted, post, date, body.ignore) {
        (None, None, Some(post), None, None) if post == ANYWAY => {
            Ok(without_objects(DecisionKind::PostAnyway))
        }
        (None, None, Some(_), None, None) => {
            Err(problem::invalid_field("post", "must be `anyway`"))
        }
        (None, None, None, Some(date), None) if date == FIRST_OPEN_DAY => {
            Ok(without_objects(DecisionKind::FirstOpenDay))
        }
        (None, None, None, Some(_), None) => {
            Err(problem::invalid_field("date", "must be `first_open_day`"))
        }
        (Some(Keep::Rivet), None, None, None, None) => Ok(without_objects(DecisionKind::KeepRivet)),
        (Some(Keep::Quickbooks), None, None, None, None) => {
            Ok(without_objects(DecisionKind::KeepQuickbooks))
        }
        (None, Some(posted), None, None, None) => Ok(RequestedDecision {
            act: DecisionKind::Posted,
            objects: read_objects(&posted)?,
        }),
        (None, None, None, None, Some(true)) => Ok(without_objects(DecisionKind::Ignore)),
        (None, None, None, None, Some(false)) => {
            Err(problem::invalid_field("ignore", "must be true"))
        }
        _ => {
            let problem =
                "or `posted`, `post`, `date` or `ignore` must be given, and only one of them";
            Err(problem::invalid_field("keep", problem))
        }
    }
}

/// Reads one object, or a list of objects of different types, and sorts them.
fn read_objects(posted: &Value) -> Result<Vec<TransactionKey>, Problem> {
    let posted: Vec<PostedObject> = match posted {
        Value::Array(_) => wire::read(posted, "posted")?,
        one => vec![wire::read(one, "posted")?],
    };
    let mut objects = Vec::new();
    for PostedObject { kind, id } in posted {
        if kind == TxnType::Other
            || objects
                .iter()
                .any(|other: &TransactionKey| other.kind == kind)
        {
            let problem =
                "must be Invoice, CreditMemo, JournalEntry or Payment, and each only once";
            return Err(problem::invalid_field("posted.type", problem));
        }
        objects.push(TransactionKey::new(kind, id.to_string()));
    }
    if objects.is_empty() {
        let problem = "must name what was posted";
        return Err(problem::invalid_field("posted", problem));
    }
    objects.sort();
    Ok(objects)
}
