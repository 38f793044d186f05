use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

use super::class_tracking::{self, Place};
use super::tax::{self, Taxation};
use crate::fault::Fault;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::ledger::Entry;
use crate::money;
use crate::schema::{Field, Shape, reference, text};
use crate::write::Draft;

pub(super) const LINE: &[Field] = &[
    text("Id", 30),
    text("Description", 4000),
    Field::new("Amount", Shape::Amount),
    Field::new(
        "DetailType",
        Shape::OneOf(&[
            "SalesItemLineDetail",
            "DescriptionOnly",
            "DiscountLineDetail",
            "GroupLineDetail",
            "SubTotalLineDetail",
        ]),
    ),
    Field::new("SalesItemLineDetail", Shape::Object(DETAIL)),
    Field::new("DescriptionLineDetail", Shape::Anything),
    Field::output("SubTotalLineDetail", Shape::Anything),
    Field::output("LineNum", Shape::Number),
    Field::output("LinkedTxn", Shape::Anything),
];

const DETAIL: &[Field] = &[
    reference("ItemRef", Kind::Item),
    reference("ClassRef", Kind::Class),
    Field::new("Qty", Shape::Number),
    Field::new("UnitPrice", Shape::Number),
    Field::new("TaxCodeRef", Shape::Code),
    Field::new("ServiceDate", Shape::Date),
    Field::output("RetainageAmount", Shape::Amount),
    Field::output("ItemAccountRef", Shape::Code),
    Field::output("TaxInclusiveAmt", Shape::Amount),
];

/// The posting of one sales line, before the sign of the form.
pub(super) struct SalesPosting {
    pub(super) account: String,
    pub(super) amount: Decimal,
    pub(super) class: Option<String>,
    pub(super) taxation: Taxation,
}

impl SalesPosting {
    /// Returns the entry against A/R. A sale credits the account, a credit memo debits it.
    pub(super) fn entry(self, customer: &str, sign: Decimal) -> Entry {
        Entry {
            account: self.account,
            amount: -self.amount * sign,
            customer: Some(customer.to_owned()),
            class: self.class,
        }
    }
}

/// Checks and completes the lines of the draft. Line ids of the earlier version are kept; other lines get new ids.
pub(super) fn complete(draft: &mut Draft<'_>) -> Result<Vec<SalesPosting>, Fault> {
    let Some(Value::Array(lines)) = draft.body.remove("Line") else {
        return Err(Fault::required("Line"));
    };
    let mut kept = Vec::new();
    let mut sold = Vec::new();
    for line in lines {
        let Value::Object(mut line) = line else {
            continue;
        };
        match json::text(&line, "DetailType") {
            Some("SalesItemLineDetail") => sold.push(sales_item(draft, &mut line)?),
            Some("DescriptionOnly") => {}
            // A client may send an answer back, with its subtotal line. QuickBooks computes that line.
            Some("SubTotalLineDetail") => continue,
            Some(other) => return Err(Fault::feature(&format!("{other} is not simulated"))),
            None => return Err(Fault::required("DetailType")),
        }
        kept.push(line);
    }
    if kept.is_empty() {
        return Err(Fault::required("Line"));
    }
    number_lines(draft.before, &mut kept);
    let lines = kept.into_iter().map(Value::Object).collect();
    json::set(&mut draft.body, "Line", Value::Array(lines));
    Ok(sold)
}

fn sales_item(draft: &Draft<'_>, line: &mut Object) -> Result<SalesPosting, Fault> {
    if !line.contains_key("Amount") {
        return Err(Fault::required("Amount"));
    }
    let amount = money::field(line, "Amount");
    let Some(Value::Object(detail)) = line.get_mut("SalesItemLineDetail") else {
        return Err(Fault::required("SalesItemLineDetail"));
    };
    check_amount(detail, amount)?;
    let taxation = tax::complete_line(draft, detail)?;
    class_tracking::check(draft, Place::SalesLine, detail)?;
    let account = income_account(draft, detail)?;
    let class = json::reference(detail, "ClassRef").map(str::to_owned);
    json::set(detail, "ItemAccountRef", json!({ "value": account }));
    Ok(SalesPosting {
        account,
        amount,
        class,
        taxation,
    })
}

/// Checks that quantity times price gives the amount, rounded to cents.
fn check_amount(detail: &Object, amount: Decimal) -> Result<(), Fault> {
    if !detail.contains_key("Qty") || !detail.contains_key("UnitPrice") {
        return Ok(());
    }
    let cents = RoundingStrategy::MidpointAwayFromZero;
    let (quantity, price) = (
        money::field(detail, "Qty"),
        money::field(detail, "UnitPrice"),
    );
    quantity
        .checked_mul(price)
        .filter(|exact| exact.round_dp_with_strategy(2, cents) == amount)
        .map(drop)
        .ok_or_else(Fault::amount_differs)
}

fn income_account(draft: &Draft<'_>, detail: &Object) -> Result<String, Fault> {
    let id = json::reference(detail, "ItemRef").ok_or_else(Fault::item_needed)?;
    let item = draft.company.records.get(Kind::Item, id);
    let account = item.and_then(|item| json::reference(item, "IncomeAccountRef"));
    let account = account.ok_or_else(|| Fault::no_income_account(id))?;
    let is_active = draft
        .company
        .records
        .get(Kind::Account, account)
        .is_some_and(|account| json::flag(account, "Active") == Some(true));
    if !is_active {
        return Err(Fault::inactive());
    }
    Ok(account.to_owned())
}

fn number_lines(before: Option<&Object>, lines: &mut [Object]) {
    let known: Vec<&str> = before
        .into_iter()
        .flat_map(|before| json::list(before, "Line"))
        .filter_map(|line| json::text(line, "Id"))
        .collect();
    let mut last: u64 = known
        .iter()
        .filter_map(|id| id.parse().ok())
        .max()
        .unwrap_or(0);
    for (index, line) in lines.iter_mut().enumerate() {
        if !json::text(line, "Id").is_some_and(|id| known.contains(&id)) {
            last += 1;
            json::set(line, "Id", last.to_string());
        }
        json::set(line, "LineNum", index + 1);
    }
}

#[cfg(test)]
mod tests {
    use crate::test_company::{TestCompany, line};
    use serde_json::{Value, json};

    fn changed_invoice(company: &mut TestCompany, change: impl Fn(&mut Value)) -> Value {
        let (customer, item) = (company.customer("Turner Bay"), company.work_item());
        let mut body = json!({"CustomerRef": {"value": customer}, "Line": [line(&item, 12_50)]});
        change(&mut body);
        body
    }

    fn outcome(change: impl Fn(&mut Value)) -> String {
        let mut company = TestCompany::new();
        let body = changed_invoice(&mut company, change);
        let outcome = company.try_write("Invoice", crate::write::Verb::Save, body);
        outcome.map_or_else(|code| code, |_| "fine".to_owned())
    }

    fn outcome_of_price(quantity: &str, price: &str) -> String {
        let number = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        outcome(|body| {
            let detail = &mut body["Line"][0]["SalesItemLineDetail"];
            detail["Qty"] = number(quantity);
            detail["UnitPrice"] = number(price);
        })
    }

    #[test]
    fn quantity_times_price_must_equal_the_amount() {
        assert_eq!(outcome_of_price("1", "12.5"), "fine");
        assert_eq!(outcome_of_price("3", "4.166666"), "fine");
        assert_eq!(outcome_of_price("3", "4.17"), "6070");
        assert_eq!(outcome_of_price("1", "12.505"), "6070");
        let huge = "1000000000000000000000000000";
        assert_eq!(outcome_of_price(huge, huge), "6070");
    }

    #[test]
    fn incomplete_line_is_refused() {
        type Change = fn(&mut Value);
        let cases: [(&str, Change); 7] = [
            ("2020", |body| body["Line"] = json!([])),
            ("2020", |body| {
                drop(body.as_object_mut().unwrap().remove("Line"))
            }),
            ("2020", |body| body["Line"][0]["DetailType"] = Value::Null),
            ("2020", |body| body["Line"][0]["Amount"] = Value::Null),
            ("2020", |body| {
                body["Line"][0]["SalesItemLineDetail"] = Value::Null
            }),
            ("6440", |body| {
                body["Line"][0]["SalesItemLineDetail"] = json!({})
            }),
            ("2170", |body| body["Line"][0]["DetailType"] = json!("Odd")),
        ];
        for (code, change) in cases {
            assert_eq!(outcome(change), code);
        }
    }

    #[test]
    fn item_without_account_is_refused() {
        let mut company = TestCompany::new();
        let category = company.save("Item", json!({"Name": "Labour", "Type": "Category"}));
        let body = changed_invoice(&mut company, |body| {
            body["Line"][0]["SalesItemLineDetail"]["ItemRef"] = json!({"value": category});
        });
        assert_eq!(company.refusal_code("Invoice", body), "2390");
    }

    #[test]
    fn inactive_item_or_account_is_refused() {
        let mut company = TestCompany::new();
        let body = changed_invoice(&mut company, |_| {});
        let account = company.account("Contract Revenue");
        let deactivate =
            |id: &str| json!({"Id": id, "SyncToken": "0", "sparse": true, "Active": false});
        company.save("Account", deactivate(&account));
        assert_eq!(company.refusal_code("Invoice", body.clone()), "610");
        let item = company.id_of(crate::kind::Kind::Item, "Work");
        let activate = json!({"Id": account, "SyncToken": "1", "sparse": true, "Active": true});
        company.save("Account", activate);
        company.save("Item", deactivate(&item));
        assert_eq!(company.refusal_code("Invoice", body), "610");
    }

    #[test]
    fn known_line_ids_are_kept() {
        let mut company = TestCompany::new();
        let body = changed_invoice(&mut company, |body| {
            let line = body["Line"][0].clone();
            body["Line"] = json!([line, line]);
        });
        let id = company.save("Invoice", body);
        let mut sent = company.get("Invoice", &id);
        let lines = sent["Line"].as_array_mut().unwrap();
        lines.remove(0);
        let mut fresh = lines[0].clone();
        fresh.as_object_mut().unwrap().remove("Id");
        lines.push(fresh);
        company.save("Invoice", Value::Object(sent));
        let invoice = company.get("Invoice", &id);
        let ids: Vec<&Value> = invoice["Line"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| &line["Id"])
            .collect();
        assert_eq!(ids, [&json!("2"), &json!("3"), &Value::Null]);
    }
}
