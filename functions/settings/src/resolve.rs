//! What a person decides about a document.

use billing::{DocumentRef, Id, Kind, wire};
use bridge::decision::{Act, Decision};
use bridge::settle::settle;
use jiff::Timestamp;
use platform::{Answer, Call, Permissions, Problem};
use quickbooks::entity::TxnType;
use serde::Deserialize;
use serde_json::Value;

/// The body: exactly one of `keep`, `posted` and `ignore`.
#[derive(Deserialize)]
struct Resolution {
    keep: Option<Keep>,
    posted: Option<Value>,
    ignore: Option<bool>,
    /// The `seen_at` of the conflict that the person looked at.
    #[serde(default, deserialize_with = "json::optional_instant")]
    seen_at: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Keep {
    Rivet,
    Quickbooks,
}

#[derive(Deserialize)]
struct Object {
    #[serde(rename = "type")]
    kind: TxnType,
    id: Id,
}

/// Notes the decision; the next scheduled run carries it out.
pub async fn document(call: &Call<'_>, kind: &str, id: &str) -> Result<Answer, Problem> {
    let session = call.session().await?;
    session.require_manager()?;
    session.require_paid_plan()?;
    let kind: Kind = kind.parse().map_err(|_| Problem::not_found())?;
    let id = id.parse().map_err(|_| Problem::document_not_found())?;
    let resolution: Resolution = call.json()?;
    let seen = resolution.seen_at.map(|at| at.to_string());
    let (act, objects) = chosen(resolution)?;
    let decision = Decision {
        act,
        objects,
        by: session.user.clone(),
        at: call.now,
        seen,
    };
    let document = DocumentRef { kind, id };
    let about = (&document, &decision);
    let view = settle(&call.store().await?, &session.firm, about).await?;
    Ok(Answer::json(202, &view))
}

fn chosen(resolution: Resolution) -> Result<(Act, Vec<(TxnType, String)>), Problem> {
    match (resolution.keep, resolution.posted, resolution.ignore) {
        (Some(Keep::Rivet), None, None) => Ok((Act::KeepRivet, Vec::new())),
        (Some(Keep::Quickbooks), None, None) => Ok((Act::KeepQuickbooks, Vec::new())),
        (None, Some(posted), None) => Ok((Act::Posted, objects(&posted)?)),
        (None, None, Some(true)) => Ok((Act::Ignore, Vec::new())),
        (None, None, Some(false)) => Err(Problem::invalid_field("ignore", "must be true")),
        _ => {
            let one = "must be given, or else `posted`, or else `ignore`: exactly one of them";
            Err(Problem::invalid_field("keep", one))
        }
    }
}

/// One object or a list of several of different types.
fn objects(posted: &Value) -> Result<Vec<(TxnType, String)>, Problem> {
    let named: Vec<Object> = match posted {
        Value::Array(_) => wire::read(posted, "posted")?,
        one => vec![wire::read(one, "posted")?],
    };
    let mut objects = Vec::new();
    for Object { kind, id } in named {
        if kind == TxnType::Other || objects.iter().any(|(other, _)| *other == kind) {
            let problem =
                "must be Invoice, CreditMemo, JournalEntry or Payment, and each only once";
            return Err(Problem::invalid_field("posted.type", problem));
        }
        objects.push((kind, id.to_string()));
    }
    if objects.is_empty() {
        return Err(Problem::invalid_field(
            "posted",
            "must name what was posted",
        ));
    }
    objects.sort();
    Ok(objects)
}
