//! Changes that QuickBooks makes to a write before it checks the write: missing items, and the alterations of the switches.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Context, Verb, WriteRequest, write};
use crate::changes::Actor;
use crate::company_state::CompanyState;
use crate::config::{Alteration, AlteredField};
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::money;

/// The name of the item that QuickBooks gives to a line without one.
const DEFAULT_ITEM: &str = "Services";

/// Returns the write that QuickBooks makes of a request, or `None` if it takes the request as sent.
pub(super) fn alter(
    company: &mut CompanyState,
    context: &Context<'_>,
    request: &WriteRequest,
) -> Option<WriteRequest> {
    if request.verb != Verb::Save {
        return None;
    }
    let mut altered = request.clone();
    if !context.switches.should_refuse_missing_item {
        add_missing_items(company, context, &mut altered);
    }
    let alterations = &context.switches.alterations;
    for alteration in alterations
        .iter()
        .filter(|alteration| request.by == Actor::Api && alteration.kind == request.kind.name())
    {
        apply(&mut altered, alteration);
    }
    (altered.body != request.body).then_some(altered)
}

/// Returns the id of the default item. The first call creates it, on the last income account.
pub(crate) fn default_item(company: &mut CompanyState, context: &Context<'_>) -> Option<String> {
    let is_default = |item: &&Object| json::text(item, "Name") == Some(DEFAULT_ITEM);
    let known = company.records.objects(Kind::Item).find(is_default);
    if let Some(id) = known.and_then(|item| json::text(item, "Id")) {
        return Some(id.to_owned());
    }
    let account = company
        .records
        .objects(Kind::Account)
        .filter(|account| json::text(account, "AccountType") == Some("Income"))
        .filter_map(|account| json::text(account, "Id"))
        .last()?;
    let body = json!({"Name": DEFAULT_ITEM, "IncomeAccountRef": {"value": account}});
    let Value::Object(body) = body else {
        return None;
    };
    let request = WriteRequest::new_save(Kind::Item, body, Actor::System);
    let answer = write(company, context, &request).ok()?;
    Some(super::answered_id(Kind::Item, &answer))
}

fn add_missing_items(
    company: &mut CompanyState,
    context: &Context<'_>,
    request: &mut WriteRequest,
) {
    if !matches!(request.kind, Kind::Invoice | Kind::CreditMemo) {
        return;
    }
    for detail in details(&mut request.body, "SalesItemLineDetail") {
        if !detail.contains_key("ItemRef")
            && let Some(item) = default_item(company, context)
        {
            json::set(detail, "ItemRef", json!({ "value": item }));
        }
    }
}

fn apply(request: &mut WriteRequest, alteration: &Alteration) {
    let kind = request.kind;
    let body = &mut request.body;
    let reference = |id: &str| json!({ "value": id });
    match &alteration.field {
        AlteredField::Amount(more) => add_amount(kind, body, *more),
        AlteredField::Customer(id) if kind == Kind::JournalEntry => {
            for detail in details(body, "JournalEntryLineDetail") {
                if let Some(Value::Object(entity)) = detail.get_mut("Entity") {
                    json::set(entity, "EntityRef", reference(id));
                }
            }
        }
        AlteredField::Customer(id) => json::set(body, "CustomerRef", reference(id)),
        AlteredField::Date(date) => json::set(body, "TxnDate", date.to_string()),
        AlteredField::Account(id) if kind == Kind::Payment => {
            json::set(body, "DepositToAccountRef", reference(id));
        }
        AlteredField::Account(id) => {
            if let Some(detail) = details(body, "JournalEntryLineDetail").next() {
                json::set(detail, "AccountRef", reference(id));
            }
        }
        AlteredField::Item(id) => {
            if let Some(detail) = details(body, "SalesItemLineDetail").next() {
                json::set(detail, "ItemRef", reference(id));
            }
        }
        AlteredField::Number(number) if kind == Kind::Payment => {
            json::set(body, "PaymentRefNum", number.as_str());
        }
        AlteredField::Number(number) => json::set(body, "DocNumber", number.as_str()),
        AlteredField::Unapplied => json::set(body, "Line", json!([])),
    }
}

/// Adds an amount where the total follows. An entry stays balanced.
fn add_amount(kind: Kind, body: &mut Object, more: Decimal) {
    let add = |object: &mut Object, field: &str| {
        let amount = money::field(object, field) + more;
        json::set(object, field, money::json(amount));
    };
    if kind == Kind::Payment {
        add(body, "TotalAmt");
        return;
    }
    let mut sides: Vec<String> = Vec::new();
    for line in json::list_mut(body, "Line") {
        let side = json::object(line, "JournalEntryLineDetail")
            .and_then(|detail| json::text(detail, "PostingType"))
            .unwrap_or_default()
            .to_owned();
        if sides.contains(&side) {
            continue;
        }
        add(line, "Amount");
        if let Some(Value::Object(detail)) = line.get_mut("SalesItemLineDetail") {
            detail.remove("Qty");
            detail.remove("UnitPrice");
        }
        sides.push(side);
    }
}

/// Returns the details of this type of the lines.
fn details<'a>(body: &'a mut Object, kind: &'a str) -> impl Iterator<Item = &'a mut Object> {
    json::list_mut(body, "Line").filter_map(move |line| line.get_mut(kind)?.as_object_mut())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_company::{TestCompany, line};

    fn altered(kind: &'static str, field: AlteredField) -> TestCompany {
        let mut company = TestCompany::new();
        company.switches.alterations = vec![Alteration { kind, field }];
        company
    }

    #[test]
    fn altered_amount_is_in_the_books() {
        let mut company = altered("Invoice", AlteredField::Amount(Decimal::new(1, 2)));
        let (_, invoice) = company.invoice("Turner Bay", 43_650_00);
        let body = company.get("Invoice", &invoice);
        assert_eq!(body["TotalAmt"].to_string(), "43650.01");
        let open = company.balance("Accounts Receivable (A/R)");
        assert_eq!(open, Decimal::new(43_650_01, 2));
        let mut company = altered("JournalEntry", AlteredField::Amount(Decimal::ONE));
        company.entry("2026-03-31");
        assert_eq!(company.balance("Retainage Receivable"), Decimal::from(6));
        let mut company = altered("Payment", AlteredField::Amount(Decimal::ONE));
        let (customer, invoice) = company.invoice("Turner Bay", 5_00);
        let payment = company.pay(&customer, "Invoice", &invoice, 5_00);
        let body = company.get("Payment", &payment);
        assert_eq!(body["UnappliedAmt"].to_string(), "1.00");
    }

    #[test]
    fn altered_references_and_dates_are_saved() {
        let mut company = TestCompany::new();
        let (other, account) = (company.customer("Other"), company.account("Checking"));
        company.switches.alterations = vec![
            Alteration {
                kind: "Payment",
                field: AlteredField::Account(account.clone()),
            },
            Alteration {
                kind: "Invoice",
                field: AlteredField::Customer(other.clone()),
            },
            Alteration {
                kind: "Invoice",
                field: AlteredField::Date("2026-04-01".parse().unwrap()),
            },
        ];
        let (_, invoice) = company.invoice("Turner Bay", 5_00);
        let body = company.get("Invoice", &invoice);
        assert_eq!(body["CustomerRef"]["value"], *other);
        assert_eq!(body["TxnDate"], "2026-04-01");
        let payment = company.pay(&other, "Invoice", &invoice, 5_00);
        let body = company.get("Payment", &payment);
        assert_eq!(body["DepositToAccountRef"]["value"], *account);
    }

    #[test]
    fn line_without_item_gets_default() {
        let mut company = TestCompany::new();
        company.switches.should_refuse_missing_item = false;
        let customer = company.customer("Turner Bay");
        let mut bare = line("1", 5_00);
        bare["SalesItemLineDetail"] = json!({});
        let body = json!({"CustomerRef": {"value": customer}, "Line": [bare]});
        let invoice = company.save("Invoice", body);
        let detail = &company.get("Invoice", &invoice)["Line"][0]["SalesItemLineDetail"];
        assert_eq!(detail["ItemRef"]["name"], DEFAULT_ITEM);
        assert_eq!(company.balance("Service Revenue"), Decimal::new(-5_00, 2));
    }
}
