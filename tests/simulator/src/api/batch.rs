use serde_json::{Value, json};

use super::{parse_body, save};
use crate::BatchReplay;
use crate::call::Call;
use crate::changes::Actor;
use crate::company_state::{CompanyState, IdempotencyKey, Scope};
use crate::fault::Fault;
use crate::inject::{Commit, Effect};
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::query;
use crate::write::{Context, Verb, WriteRequest};

/// Intuit's limit on the items of a batch.
const MOST_ITEMS: usize = 30;
const LONGEST_REQUEST_ID: usize = 36;
const LONGEST_ITEM_ID: usize = 10;

/// Answers a batch of up to thirty items. A whole answer may be remembered by its `requestid`.
pub(super) fn answer(
    company: &mut CompanyState,
    context: &Context<'_>,
    call: &Call,
    effect: Option<&Effect>,
) -> Result<Value, Fault> {
    let body = parse_body(call)?;
    let items = body
        .get("BatchItemRequest")
        .and_then(Value::as_array)
        .ok_or_else(|| Fault::required("BatchItemRequest"))?;
    if items.len() > MOST_ITEMS {
        return Err(Fault::batch_too_large(items.len()));
    }
    let request_id = call.parameter("requestid");
    if request_id.is_some_and(|id| id.is_empty() || id.chars().count() > LONGEST_REQUEST_ID) {
        return Err(Fault::request_id_format());
    }
    let batch = Batch {
        items,
        request_id,
        effect,
    };
    let Some(key) = batch.key(context.switches.batch_replay) else {
        return Ok(execute(company, context, &batch));
    };
    let cache = &company.idempotency_cache;
    if let Some(first) = cache.find(&key, &body, context.now, context.switches) {
        return first;
    }
    let answer = execute(company, context, &batch);
    if !matches!(effect, Some(Effect::Partial { .. })) {
        let cache = &mut company.idempotency_cache;
        cache.save(key, body.clone(), answer.clone(), context.now);
    }
    Ok(answer)
}

/// A batch, with the way in which an injection lets it go wrong.
struct Batch<'a> {
    items: &'a [Value],
    request_id: Option<&'a str>,
    effect: Option<&'a Effect>,
}

impl Batch<'_> {
    /// Returns the key of the whole answer, or `None` if the whole answer is not remembered.
    fn key(&self, replay: BatchReplay) -> Option<IdempotencyKey> {
        let has_write = || self.items.iter().any(|item| item.get("Query").is_none());
        let is_remembered = match replay {
            BatchReplay::Writes | BatchReplay::WritesAndQueries => false,
            BatchReplay::WholeWithWrites => has_write(),
            BatchReplay::Whole => true,
        };
        self.request_id
            .filter(|_| is_remembered)
            .map(|id| IdempotencyKey {
                request_id: id.to_owned(),
                scope: Scope::Batch,
            })
    }
}

/// Carries out the items one after the other. The outcome of one item does not affect the others.
fn execute(company: &mut CompanyState, context: &Context<'_>, batch: &Batch<'_>) -> Value {
    let executed = match batch.effect {
        Some(Effect::Partial { items, .. }) => *items,
        _ => batch.items.len(),
    };
    let items = batch.items.iter().take(executed).enumerate();
    let answers: Vec<Value> = items
        .map(|(index, item)| {
            let mut done = || execute_item(company, context, batch.request_id, item);
            let outcome = match injected_failure(batch.effect, index) {
                Some((Commit::Before, fault)) => Err(fault),
                Some((Commit::After, fault)) => done().and(Err(fault)),
                None => done(),
            };
            item_answer(&item["bId"], outcome)
        })
        .collect();
    json!({ "BatchItemResponse": answers })
}

/// Returns the fault that an injection gives to the item at this index, and whether the item is carried out.
fn injected_failure(effect: Option<&Effect>, at: usize) -> Option<(Commit, Fault)> {
    match effect {
        Some(Effect::Item {
            index,
            code,
            message,
            detail,
        }) if *index == at => {
            let fault = Fault::new(code, message, detail.clone());
            Some((Commit::Before, fault))
        }
        Some(Effect::ItemInternalError { index, commit }) if *index == at => {
            Some((*commit, Fault::internal_error()))
        }
        _ => None,
    }
}

fn item_answer(id: &Value, outcome: Result<Value, Fault>) -> Value {
    let mut answer = match outcome {
        Ok(answer) => answer,
        Err(fault) => json!({ "Fault": fault.json() }),
    };
    answer["bId"] = id.clone();
    answer
}

fn execute_item(
    company: &mut CompanyState,
    context: &Context<'_>,
    request_id: Option<&str>,
    item: &Value,
) -> Result<Value, Fault> {
    let item = item
        .as_object()
        .ok_or_else(|| Fault::unreadable("BatchItemRequest"))?;
    let id = json::text(item, "bId").ok_or_else(|| Fault::required("bId"))?;
    if id.chars().count() > LONGEST_ITEM_ID {
        return Err(Fault::length("bId", LONGEST_ITEM_ID, id.chars().count()));
    }
    let key = request_id.map(|request| IdempotencyKey {
        request_id: request.to_owned(),
        scope: Scope::Item(id.to_owned()),
    });
    if let Some(statement) = json::text(item, "Query") {
        let replays = context.switches.batch_replay == BatchReplay::WritesAndQueries;
        return query_once(company, context, key.filter(|_| replays), statement);
    }
    let request = parse_write_request(item)?;
    save::write_once(company, context, key, request)
}

/// Runs a query, or returns the first answer if the key is known.
fn query_once(
    company: &mut CompanyState,
    context: &Context<'_>,
    key: Option<IdempotencyKey>,
    statement: &str,
) -> Result<Value, Fault> {
    let Some(key) = key else {
        return query::answer(company, context, statement);
    };
    let body = Object::from_iter([("Query".to_owned(), statement.into())]);
    let cache = &company.idempotency_cache;
    if let Some(first) = cache.find(&key, &body, context.now, context.switches) {
        return first;
    }
    let answer = query::answer(company, context, statement)?;
    let cache = &mut company.idempotency_cache;
    cache.save(key, body, answer.clone(), context.now);
    Ok(answer)
}

fn parse_write_request(item: &Object) -> Result<WriteRequest, Fault> {
    let (kind, body) = item
        .iter()
        .find_map(|(name, body)| Some((Kind::from_name(name)?, body.as_object()?)))
        .ok_or_else(|| Fault::unreadable("BatchItemRequest"))?;
    let options = json::text(item, "optionsData").unwrap_or_default();
    let void = options.split(',').any(|option| option.trim() == "void");
    let mut body = body.clone();
    let verb = match json::text(item, "operation") {
        Some("create") => {
            body.remove("Id");
            Verb::Save
        }
        Some("update") if void => Verb::Void,
        Some("update") if body.contains_key("Id") => Verb::Save,
        Some("update") => return Err(Fault::required("Id")),
        Some("delete") => Verb::Delete,
        Some("void") => Verb::Void,
        Some(other) => return Err(Fault::enumeration("operation", other)),
        None => return Err(Fault::required("operation")),
    };
    Ok(WriteRequest {
        kind,
        verb,
        body,
        include: save::parse_include(options.split(',')),
        by: Actor::Api,
    })
}

#[cfg(test)]
mod tests;
