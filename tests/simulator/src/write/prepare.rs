use jiff::civil::Date;

use super::{Context, Include, Order, Plan};
use crate::changes::{Actor, Operation};
use crate::company_state::CompanyState;
use crate::fault::Fault;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::schema::{self, COMMON, Field};
use crate::{entity, time_format};

/// An entity in the making: the rules of its kind check it and fill in what the request left out.
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
    /// The date of the transaction; the server's date if the request left it out.
    pub(crate) fn date(&mut self) -> Date {
        let today = time_format::server_date(self.context.now);
        json::set_default(&mut self.body, "TxnDate", today.to_string());
        date(&self.body).unwrap_or(today)
    }
}

pub(super) fn save(
    company: &CompanyState,
    context: &Context<'_>,
    order: &Order,
) -> Result<Plan, Fault> {
    let fields = entity::fields(order.kind)
        .ok_or_else(|| Fault::unsupported_operation(&format!("save of {}", order.kind.name())))?;
    let mut clean = schema::check(fields, &order.body)?;
    let before = current(company, order)?;
    schema::resolve(fields, &company.records, &mut clean)?;
    let id = match before {
        Some(before) => json::text(before, "Id").unwrap_or_default().to_owned(),
        None => company.next_id(order.kind),
    };
    let mut draft = Draft {
        kind: order.kind,
        company,
        context,
        id,
        before,
        body: merge(fields, before, clean),
        include: order.include,
    };
    let posting = entity::complete(&mut draft)?;
    let dates = [before.and_then(date), date(&draft.body)];
    open_period(company, order, dates)?;
    Ok(Plan {
        kind: order.kind,
        date: date(&draft.body),
        id: draft.id,
        body: Some(draft.body),
        posting,
        operation: before.map_or(Operation::Create, |_| Operation::Update),
        by: order.by,
    })
}

/// The entity that the body refers to, if it has an id; the `SyncToken` must be the present one.
pub(super) fn current<'a>(
    company: &'a CompanyState,
    order: &Order,
) -> Result<Option<&'a Object>, Fault> {
    let Some(id) = json::text(&order.body, "Id") else {
        return Ok(None);
    };
    if id.parse::<u64>().is_err() {
        return Err(Fault::invalid_id(id));
    }
    let entity = company
        .records
        .get(order.kind, id)
        .ok_or_else(Fault::deleted)?;
    let token = json::text(&order.body, "SyncToken").ok_or_else(|| Fault::required("SyncToken"))?;
    if json::text(entity, "SyncToken") != Some(token) {
        return Err(Fault::stale());
    }
    Ok(Some(entity))
}

/// Closed books are closed for the app; a person on the page may overrule it.
pub(super) fn open_period(
    company: &CompanyState,
    order: &Order,
    dates: impl IntoIterator<Item = Option<Date>>,
) -> Result<(), Fault> {
    let Some(closed) = company.closed_until else {
        return Ok(());
    };
    let hit = dates.into_iter().flatten().any(|date| date <= closed);
    if hit && order.by == Actor::Api && order.kind.is_transaction() {
        return Err(Fault::period_closed());
    }
    Ok(())
}

pub(super) fn date(body: &Object) -> Option<Date> {
    json::text(body, "TxnDate")?.parse().ok()
}

/// A sparse update keeps what it leaves out, a full one keeps only the fields that cannot be written.
fn merge(fields: &'static [Field], before: Option<&Object>, clean: Object) -> Object {
    let sparse = json::flag(&clean, "sparse") == Some(true);
    let kept = |name: &str| {
        let common = COMMON.iter().any(|field| field.name == name);
        sparse || common || schema::find(fields, name).is_some_and(|field| field.output)
    };
    let mut body: Object = before
        .into_iter()
        .flatten()
        .filter(|(name, _)| kept(name))
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

    fn bench_with_customer() -> (TestCompany, String) {
        let mut company = TestCompany::new();
        let id = company.save(
            "Customer",
            json!({"DisplayName": "Turner Bay", "CompanyName": "Turner Bay Inc", "Notes": "gate 4"}),
        );
        (company, id)
    }

    #[test]
    fn a_sparse_update_keeps_what_it_leaves_out() {
        let (mut company, id) = bench_with_customer();
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
    fn a_full_update_clears_what_it_leaves_out() {
        let (mut company, id) = bench_with_customer();
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
    fn a_null_clears_a_field_in_a_sparse_update() {
        let (mut company, id) = bench_with_customer();
        company.save(
            "Customer",
            json!({"Id": id, "SyncToken": "0", "sparse": true, "Notes": null}),
        );
        assert_eq!(company.get("Customer", &id).get("Notes"), None);
    }

    #[test]
    fn an_update_needs_the_present_version() {
        let (mut company, id) = bench_with_customer();
        let update =
            |token: &str| json!({"Id": id, "SyncToken": token, "sparse": true, "Notes": "x"});
        assert_eq!(company.refusal_code("Customer", update("1")), "5010");
        company.save("Customer", update("0"));
        assert_eq!(company.refusal_code("Customer", update("0")), "5010");
        let without = json!({"Id": id, "sparse": true, "Notes": "x"});
        assert_eq!(company.refusal_code("Customer", without), "2020");
    }

    #[test]
    fn an_unknown_id_is_not_found_and_an_odd_one_invalid() {
        let mut company = TestCompany::new();
        let update = |id: &str| json!({"Id": id, "SyncToken": "0", "DisplayName": "X"});
        assert_eq!(company.refusal_code("Customer", update("999")), "610");
        assert_eq!(company.refusal_code("Customer", update("abc")), "2030");
    }

    #[test]
    fn closed_books_are_closed_by_old_and_by_new_date() {
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
