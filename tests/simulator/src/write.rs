//! Writing to a company: check everything first, then change everything, so that a refused write leaves no trace.

mod commit;
mod prepare;
mod remove;
mod settle;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::Switches;
use crate::changes::{Actor, Operation};
use crate::company_state::{Application, CompanyState};
use crate::fault::Fault;
use crate::json::Object;
use crate::kind::Kind;
use crate::ledger::Entry;

pub(crate) use commit::{ENVELOPE_FIELDS, put_merged, put_single};
pub(crate) use prepare::Draft;

/// What every write needs to know besides the company.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) now: Timestamp,
    pub(crate) switches: &'a Switches,
}

/// One write, however it came in.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) kind: Kind,
    pub(crate) verb: Verb,
    pub(crate) body: Object,
    pub(crate) include: Include,
    pub(crate) by: Actor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    /// Create, or update if the body has an `Id`.
    Save,
    Delete,
    Void,
    /// Save, with an e-mail to the customer.
    Email,
}

/// The `include` parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Include {
    pub(crate) duplicate_number: bool,
    pub(crate) automatic_number: bool,
}

/// What a transaction does to the books.
#[derive(Clone, Debug, Default)]
pub(crate) struct Posting {
    pub(crate) entries: Vec<Entry>,
    pub(crate) applications: Vec<Application>,
}

/// A checked write, ready to be carried out.
#[derive(Clone, Debug)]
struct Plan {
    kind: Kind,
    id: String,
    /// `None` removes the entity.
    body: Option<Object>,
    date: Option<Date>,
    posting: Posting,
    operation: Operation,
    by: Actor,
}

impl Order {
    pub(crate) fn save(kind: Kind, body: Object, by: Actor) -> Self {
        Self {
            kind,
            verb: Verb::Save,
            body,
            include: Include::default(),
            by,
        }
    }
}

/// Carries out one write and gives the entity under its name, as it is answered.
pub(crate) fn write(
    company: &mut CompanyState,
    context: &Context<'_>,
    order: &Order,
) -> Result<Value, Fault> {
    let kind = order.kind;
    let plan = match order.verb {
        Verb::Save => prepare::save(company, context, order)?,
        Verb::Delete => remove::delete(company, order)?,
        Verb::Void => remove::void(company, order)?,
        Verb::Email => Plan {
            operation: Operation::Emailed,
            ..prepare::save(company, context, order)?
        },
    };
    let id = plan.id.clone();
    let created = plan.operation == Operation::Create;
    commit::commit(company, context, plan);
    if created {
        settle::settle(company, context, kind, &id);
    }
    Ok(answer(company, kind, &id))
}

/// The id of an entity that a write has answered with.
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
mod random;

#[cfg(test)]
mod tests {
    use crate::test_company::TestCompany;
    use serde_json::json;

    #[test]
    fn a_refused_write_leaves_no_trace() {
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
    fn a_new_entity_starts_at_version_zero_with_times() {
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
