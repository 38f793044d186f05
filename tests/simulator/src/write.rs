//! Writing to a company: a write is checked as a whole before anything changes, so that a refused write changes nothing.

mod alter;
mod auto_apply;
mod closed_books;
mod commit;
mod loosen;
mod prepare;
mod remove;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use self::closed_books::ClosedBooks;

use crate::Switches;
use crate::changes::{Actor, Operation};
use crate::company_state::{Application, CompanyState};
use crate::fault::Fault;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::ledger::Entry;

pub(crate) use alter::default_item;
pub(crate) use commit::{ENVELOPE_FIELDS, put_merged, put_single};
pub(crate) use prepare::Draft;

/// The surroundings of a write, besides the company.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) now: Timestamp,
    pub(crate) switches: &'a Switches,
}

/// A write, sent by the API, made by a person or caused by QuickBooks itself.
#[derive(Clone, Debug)]
pub(crate) struct WriteRequest {
    pub(crate) kind: Kind,
    pub(crate) verb: Verb,
    pub(crate) body: Object,
    pub(crate) include: Include,
    pub(crate) by: Actor,
}

/// The operation of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    /// Creates an entity, or updates it if the body has an `Id`.
    Save,
    Delete,
    Void,
    /// Saves an entity and sends an e-mail to the customer.
    Email,
}

/// The values of the `include` query parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Include {
    pub(crate) duplicate_number: bool,
    pub(crate) automatic_number: bool,
}

/// The effect of a transaction on the books.
#[derive(Clone, Debug, Default)]
pub(crate) struct Posting {
    pub(crate) entries: Vec<Entry>,
    pub(crate) applications: Vec<Application>,
}

/// A checked write, ready to be carried out.
#[derive(Clone, Debug)]
struct CheckedWrite {
    kind: Kind,
    id: String,
    /// `None` removes the entity.
    body: Option<Object>,
    date: Option<Date>,
    posting: Posting,
    operation: Operation,
    by: Actor,
}

/// A merge of one entry of a list into another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Merge<'a> {
    pub(crate) kind: Kind,
    /// The id of the entry that ends.
    pub(crate) from: &'a str,
    /// The id of the entry that survives.
    pub(crate) into: &'a str,
}

impl WriteRequest {
    /// Makes a save without `include` values.
    pub(crate) fn new_save(kind: Kind, body: Object, by: Actor) -> Self {
        Self {
            kind,
            verb: Verb::Save,
            body,
            include: Include::default(),
            by,
        }
    }
}

/// Carries out one write. Returns the entity under the name of its kind, as Intuit answers it.
pub(crate) fn write(
    company: &mut CompanyState,
    context: &Context<'_>,
    request: &WriteRequest,
) -> Result<Value, Fault> {
    let altered = alter::alter(company, context, request);
    let request = altered.as_ref().unwrap_or(request);
    let closed = ClosedBooks::before(company, request);
    let answer = write_checked(company, context, request)?;
    if let Some(closed) = closed {
        closed.note_changes(company, request);
    }
    Ok(answer)
}

fn write_checked(
    company: &mut CompanyState,
    context: &Context<'_>,
    request: &WriteRequest,
) -> Result<Value, Fault> {
    if !loosen::is_needed(company, context, request) {
        return carry_out(company, context, request);
    }
    // A refused write changes nothing, so the payments are freed in a copy.
    let mut freed = company.clone();
    let invoice = json::text(&request.body, "Id").unwrap_or_default();
    loosen::unapply_all(&mut freed, context, invoice);
    let answer = carry_out(&mut freed, context, request)?;
    *company = freed;
    Ok(answer)
}

fn carry_out(
    company: &mut CompanyState,
    context: &Context<'_>,
    request: &WriteRequest,
) -> Result<Value, Fault> {
    let kind = request.kind;
    let checked = match request.verb {
        Verb::Save => prepare::save(company, context, request)?,
        Verb::Delete => remove::delete(company, request)?,
        Verb::Void => remove::void(company, request)?,
        Verb::Email => CheckedWrite {
            operation: Operation::Emailed,
            ..prepare::save(company, context, request)?
        },
    };
    let id = checked.id.clone();
    let is_new = checked.operation == Operation::Create;
    commit::commit(company, context, checked);
    if is_new {
        auto_apply::apply_credits(company, context, kind, &id);
        auto_apply::apply_remainder(company, context, kind, &id);
    }
    Ok(answer(company, kind, &id))
}

/// Returns the id of the entity in the answer of a write.
pub(crate) fn answered_id(kind: Kind, answer: &Value) -> String {
    let id = answer[kind.name()]["Id"].as_str();
    id.unwrap_or_default().to_owned()
}

fn answer(company: &CompanyState, kind: Kind, id: &str) -> Value {
    match company.records.get(kind, id) {
        Some(entity) => json!({ kind.name(): entity }),
        None => json!({ kind.name(): {"domain": "QBO", "status": "Deleted", "Id": id} }),
    }
}

#[cfg(test)]
mod random_writes;

#[cfg(test)]
mod tests {
    use crate::test_company::TestCompany;
    use serde_json::json;

    #[test]
    fn refused_write_changes_nothing() {
        let mut company = TestCompany::new();
        let customer = company.customer("Turner Bay");
        let before = format!("{:?}", company.state);
        let bad = json!({"CustomerRef": {"value": customer}, "Line": [
            {"DetailType": "SalesItemLineDetail", "Amount": 5, "SalesItemLineDetail": {"ItemRef": {"value": "999"}}},
        ]});
        assert_eq!(company.refusal_code("Invoice", bad), "2500");
        assert_eq!(format!("{:?}", company.state), before);
    }

    #[test]
    fn new_entity_has_version_zero_and_times() {
        let mut company = TestCompany::new();
        let id = company.customer("Turner Bay");
        let customer = company.get("Customer", &id);
        assert_eq!(customer["SyncToken"], "0");
        assert_eq!(customer["domain"], "QBO");
        assert_eq!(customer["sparse"], false);
        assert_eq!(
            customer["MetaData"]["CreateTime"],
            "2026-03-02T08:00:00-07:00"
        );
    }
}
