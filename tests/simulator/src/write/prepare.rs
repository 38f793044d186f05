use jiff::civil::Date;

use super::{CheckedWrite, Context, Include, WriteRequest};
use crate::changes::{Actor, Operation};
use crate::company_state::CompanyState;
use crate::fault::Fault;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::schema::{self, COMMON, Field};
use crate::{entity, time_format};

/// An entity before it is saved. The rules of its kind check the body and fill in the fields that the request omits.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) kind: Kind,
    pub(crate) company: &'a CompanyState,
    pub(crate) context: &'a Context<'a>,
    pub(crate) id: String,
    pub(crate) before: Option<&'a Object>,
    pub(crate) body: Object,
    pub(crate) include: Include,
}

impl Draft<'_> {
    /// Returns the date of the transaction. If the request omits the date, sets it to the date of the server.
    pub(crate) fn date(&mut self) -> Date {
        let today = time_format::server_date(self.context.now);
        json::set_default(&mut self.body, "TxnDate", today.to_string());
        date(&self.body).unwrap_or(today)
    }
}

/// Checks a create or an update.
pub(super) fn save(
    company: &CompanyState,
    context: &Context<'_>,
    request: &WriteRequest,
) -> Result<CheckedWrite, Fault> {
    let fields = entity::fields(request.kind)
        .ok_or_else(|| Fault::unsupported_operation(&format!("save of {}", request.kind.name())))?;
    let forbidden = &context.switches.forbidden_kinds;
    if request.by == Actor::Api && forbidden.contains(&request.kind.name()) {
        return Err(Fault::business("A setting of the company forbids it."));
    }
    let mut clean = schema::check(fields, &request.body)?;
    let before = find_current(company, request)?;
    check_payment_update(context, request, before)?;
    schema::resolve(fields, &company.records, &mut clean)?;
    let id = match before {
        Some(before) => json::text(before, "Id").unwrap_or_default().to_owned(),
        None => company.next_id(request.kind),
    };
    let mut draft = Draft {
        kind: request.kind,
        company,
        context,
        id,
        before,
        body: merge_fields(fields, before, clean),
        include: request.include,
    };
    let posting = entity::complete(&mut draft)?;
    let dates = [before.and_then(date), date(&draft.body)];
    check_open_period(company, request, dates)?;
    Ok(CheckedWrite {
        kind: request.kind,
        date: date(&draft.body),
        id: draft.id,
        body: Some(draft.body),
        posting,
        operation: before.map_or(Operation::Create, |_| Operation::Update),
        by: request.by,
    })
}

/// Refuses a sparse update of a payment by the app, if the switch says so.
fn check_payment_update(
    context: &Context<'_>,
    request: &WriteRequest,
    before: Option<&Object>,
) -> Result<(), Fault> {
    let is_sparse = json::flag(&request.body, "sparse") == Some(true);
    let is_refused = context.switches.should_refuse_sparse_payment
        && request.kind == Kind::Payment
        && request.by == Actor::Api;
    if is_refused && is_sparse && before.is_some() {
        return Err(Fault::unsupported_operation("sparse update of Payment"));
    }
    Ok(())
}

/// Returns the entity that the body refers to, or `None` if the body has no id. The `SyncToken` must be the present one.
pub(super) fn find_current<'a>(
    company: &'a CompanyState,
    request: &WriteRequest,
) -> Result<Option<&'a Object>, Fault> {
    let Some(id) = json::text(&request.body, "Id") else {
        return Ok(None);
    };
    if id.parse::<u64>().is_err() {
        return Err(Fault::invalid_id(id));
    }
    let entity = company
        .records
        .get(request.kind, id)
        .ok_or_else(Fault::deleted)?;
    let token =
        json::text(&request.body, "SyncToken").ok_or_else(|| Fault::required("SyncToken"))?;
    if json::text(entity, "SyncToken") != Some(token) {
        return Err(Fault::stale());
    }
    Ok(Some(entity))
}

/// Refuses a write of the app into closed books. A person may write into closed books.
pub(super) fn check_open_period(
    company: &CompanyState,
    request: &WriteRequest,
    dates: impl IntoIterator<Item = Option<Date>>,
) -> Result<(), Fault> {
    let Some(closed) = company.closed_until else {
        return Ok(());
    };
    let is_closed = dates.into_iter().flatten().any(|date| date <= closed);
    if is_closed && request.by == Actor::Api && request.kind.is_transaction() {
        return Err(Fault::period_closed());
    }
    Ok(())
}

/// Returns the date of a transaction.
pub(super) fn date(body: &Object) -> Option<Date> {
    json::text(body, "TxnDate")?.parse().ok()
}

/// Merges an update into the entity before it. A sparse update keeps the fields that it omits. A full update keeps only the
/// fields that cannot be written.
fn merge_fields(fields: &'static [Field], before: Option<&Object>, clean: Object) -> Object {
    let is_sparse = json::flag(&clean, "sparse") == Some(true);
    let is_kept = |name: &str| {
        let is_common = COMMON.iter().any(|field| field.name == name);
        is_sparse || is_common || schema::find(fields, name).is_some_and(|field| field.is_output)
    };
    let mut body: Object = before
        .into_iter()
        .flatten()
        .filter(|(name, _)| is_kept(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    body.extend(clean);
    body.retain(|_, value| !value.is_null());
    body
}

#[cfg(test)]
mod tests {
    use crate::test_company::TestCompany;
    use serde_json::json;

    fn company_with_customer() -> (TestCompany, String) {
        let mut company = TestCompany::new();
        let id = company.save(
            "Customer",
            json!({"DisplayName": "Turner Bay", "CompanyName": "Turner Bay Inc", "Notes": "gate 4"}),
        );
        (company, id)
    }

    #[test]
    fn sparse_update_keeps_omitted_fields() {
        let (mut company, id) = company_with_customer();
        company.save(
            "Customer",
            json!({"Id": id, "SyncToken": "0", "sparse": true, "Notes": "gate 5"}),
        );
        let customer = company.get("Customer", &id);
        assert_eq!(customer["CompanyName"], "Turner Bay Inc");
        assert_eq!(customer["Notes"], "gate 5");
        assert_eq!(customer["SyncToken"], "1");
        assert_eq!(customer["sparse"], false);
    }

    #[test]
    fn full_update_clears_omitted_fields() {
        let (mut company, id) = company_with_customer();
        company.save(
            "Customer",
            json!({"Id": id, "SyncToken": "0", "DisplayName": "Turner Bay"}),
        );
        let customer = company.get("Customer", &id);
        assert_eq!(customer.get("CompanyName"), None);
        assert_eq!(customer.get("Notes"), None);
        assert!(customer["MetaData"]["CreateTime"].is_string());
    }

    #[test]
    fn null_clears_field_in_sparse_update() {
        let (mut company, id) = company_with_customer();
        company.save(
            "Customer",
            json!({"Id": id, "SyncToken": "0", "sparse": true, "Notes": null}),
        );
        assert_eq!(company.get("Customer", &id).get("Notes"), None);
    }

    #[test]
    fn update_needs_present_version() {
        let (mut company, id) = company_with_customer();
        let update =
            |token: &str| json!({"Id": id, "SyncToken": token, "sparse": true, "Notes": "x"});
        assert_eq!(company.refusal_code("Customer", update("1")), "5010");
        company.save("Customer", update("0"));
        assert_eq!(company.refusal_code("Customer", update("0")), "5010");
        let without = json!({"Id": id, "sparse": true, "Notes": "x"});
        assert_eq!(company.refusal_code("Customer", without), "2020");
    }

    #[test]
    fn unknown_and_malformed_ids_are_refused() {
        let mut company = TestCompany::new();
        let update = |id: &str| json!({"Id": id, "SyncToken": "0", "DisplayName": "X"});
        assert_eq!(company.refusal_code("Customer", update("999")), "610");
        assert_eq!(company.refusal_code("Customer", update("abc")), "2030");
    }

    #[test]
    fn closed_books_check_old_and_new_date() {
        let mut company = TestCompany::new();
        let march = company.entry("2026-03-31");
        let april = company.entry("2026-04-01");
        company.state.closed_until = Some("2026-03-31".parse().unwrap());
        let moved = |id: &str, date: &str| json!({"Id": id, "SyncToken": "0", "sparse": true, "TxnDate": date});
        assert_eq!(
            company.refusal_code("JournalEntry", moved(&march, "2026-04-02")),
            "6210"
        );
        assert_eq!(
            company.refusal_code("JournalEntry", moved(&april, "2026-03-30")),
            "6210"
        );
        company.save("JournalEntry", moved(&april, "2026-04-02"));
    }
}
