//! The rules that invoices and credit memos share: customer, number, total and defaults.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::class_tracking::{self, Place};
use super::{currency, number, sales_line, tax};
use crate::fault::Fault;
use crate::kind::Kind;
use crate::ledger::Entry;
use crate::write::Draft;
use crate::{json, money};

/// A checked sales form with its total and its entries, A/R first.
pub(super) struct Sale {
    pub(super) total: Decimal,
    pub(super) customer: String,
    pub(super) entries: Vec<Entry>,
}

/// The amounts of a sales form before its sign.
#[derive(Clone, Copy)]
struct Totals {
    net: Decimal,
    tax: Decimal,
}

/// Checks and completes a sales form. A form that names a project is owed by the project. `sign` is 1 for a charge and −1 for a credit.
pub(super) fn complete(draft: &mut Draft<'_>, sign: Decimal) -> Result<Sale, Fault> {
    let payer = json::reference(&draft.body, "CustomerRef")
        .ok_or_else(|| Fault::required("CustomerRef"))?;
    let customer = json::reference(&draft.body, "ProjectRef")
        .unwrap_or(payer)
        .to_owned();
    currency::set_for_transaction(draft)?;
    currency::check_customer(draft, &customer)?;
    check_transaction_class(draft)?;
    let sold = sales_line::complete(draft)?;
    let net: Decimal = sold.iter().map(|line| line.amount).sum();
    let totals = Totals {
        net,
        tax: tax::of_lines(draft, &sold),
    };
    let total = totals.net + totals.tax;
    if total < Decimal::ZERO {
        return Err(Fault::business("Transaction amount must be 0 or greater."));
    }
    number::set_for_sale(draft)?;
    draft.date();
    let mut entries = vec![Entry {
        account: currency::receivable(draft)?,
        amount: total * sign,
        customer: Some(customer.clone()),
        class: None,
    }];
    let class = json::reference(&draft.body, "ClassRef");
    for mut line in sold {
        line.class = line.class.or_else(|| class.map(str::to_owned));
        entries.push(line.entry(&customer, sign));
    }
    if !totals.tax.is_zero() {
        let mut entry = tax::entry(draft, totals.tax)?;
        entry.amount *= sign;
        entries.push(entry);
    }
    set_defaults(draft, totals, &customer);
    Ok(Sale {
        total,
        customer,
        entries,
    })
}

fn check_transaction_class(draft: &mut Draft<'_>) -> Result<(), Fault> {
    let mut body = std::mem::take(&mut draft.body);
    let outcome = class_tracking::check(draft, Place::Transaction, &mut body);
    draft.body = body;
    outcome
}

fn set_defaults(draft: &mut Draft<'_>, totals: Totals, customer: &str) {
    let customer = draft.company.records.get(Kind::Customer, customer);
    let body = &mut draft.body;
    for address in ["BillAddr", "ShipAddr"] {
        if let Some(value) = customer.and_then(|customer| customer.get(address)) {
            json::set_default(body, address, value.clone());
        }
    }
    if let Some(Value::Array(lines)) = body.get_mut("Line") {
        lines.push(json!({
            "Amount": money::json(totals.net), "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {},
        }));
    }
    json::set(body, "TotalAmt", money::json(totals.net + totals.tax));
    if totals.tax.is_zero() {
        json::set(body, "TxnTaxDetail", json!({"TotalTax": 0}));
    } else {
        let tax = json!({ "TotalTax": money::json(totals.tax) });
        json::set(body, "TxnTaxDetail", tax);
    }
    json::set_default(body, "ApplyTaxAfterDiscount", false);
    json::set_default(body, "PrintStatus", "NotSet");
    json::set_default(body, "EmailStatus", "NotSet");
    json::set_default(body, "CustomField", json!([]));
}

#[cfg(test)]
mod tests {
    use crate::test_company::{TestCompany, journal_line, line, payment};
    use crate::{ClassTracking, Company};
    use rust_decimal::Decimal;
    use serde_json::json;

    #[test]
    fn negative_total_is_refused_but_zero_allowed() {
        let mut company = TestCompany::new();
        let (customer, work) = (company.customer("Turner Bay"), company.work_item());
        let retainage = company.item("Retainage", "Retainage Receivable");
        let body = |held: i64| json!({"CustomerRef": {"value": customer}, "Line": [line(&work, 100_00), line(&retainage, held)]});
        assert_eq!(company.refusal_code("Invoice", body(-100_01)), "6000");
        let zero = company.save("Invoice", body(-100_00));
        assert_eq!(
            company.get("Invoice", &zero)["TotalAmt"].to_string(),
            "0.00"
        );
        assert_eq!(
            company.balance("Retainage Receivable"),
            Decimal::new(100_00, 2)
        );
    }

    #[test]
    fn sales_forms_use_first_receivable_account() {
        let settings =
            Company::new("X").account("Retainage A/R", "Accounts Receivable", "AccountsReceivable");
        let mut company = TestCompany::with(settings);
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let second = company.account("Retainage A/R");
        let entry = company.save(
            "JournalEntry",
            json!({"Line": [
                journal_line("Debit", 50_00, &second, Some(&customer)),
                journal_line("Credit", 50_00, &company.account("Retainage Receivable"), None),
            ]}),
        );
        let first = company.balance("Accounts Receivable (A/R)");
        assert_eq!(first, Decimal::new(100_00, 2));
        let mut both = payment(&customer, "Invoice", &invoice, 100_00);
        let other = payment(&customer, "JournalEntry", &entry, 50_00);
        both["TotalAmt"] = json!(150);
        both["Line"]
            .as_array_mut()
            .unwrap()
            .push(other["Line"][0].clone());
        assert_eq!(company.refusal_code("Payment", both), "620");
    }

    #[test]
    fn invoice_posts_net_receivable_and_gross_revenue() {
        let settings = Company::new("X").class_tracking(ClassTracking::PerLine);
        let mut company = TestCompany::with(settings);
        let (customer, work) = (company.customer("Turner Bay"), company.work_item());
        let retainage = company.item("Retainage", "Retainage Receivable");
        let class = company.save("Class", json!({"Name": "1042"}));
        let mut lines = [line(&work, 48_500_00), line(&retainage, -4_850_00)];
        for line in &mut lines {
            line["SalesItemLineDetail"]["ClassRef"] = json!({"value": class});
        }
        company.save(
            "Invoice",
            json!({"CustomerRef": {"value": customer}, "Line": lines}),
        );
        let ledger = &company.state.ledger;
        let account = |name: &str| company.account(name);
        assert_eq!(
            ledger.customer_balance(&account("Accounts Receivable (A/R)"), &customer),
            Decimal::new(43_650_00, 2)
        );
        assert_eq!(
            ledger.class_balance(&account("Contract Revenue"), &class),
            Decimal::new(-48_500_00, 2)
        );
        assert_eq!(
            ledger.class_balance(&account("Retainage Receivable"), &class),
            Decimal::new(4_850_00, 2)
        );
    }

    #[test]
    fn transaction_class_applies_to_every_line() {
        let settings = Company::new("X").class_tracking(ClassTracking::PerTransaction);
        let mut company = TestCompany::with(settings);
        let (customer, work) = (company.customer("Turner Bay"), company.work_item());
        let class = company.save("Class", json!({"Name": "1042"}));
        let body = json!({
            "CustomerRef": {"value": customer}, "ClassRef": {"value": class}, "Line": [line(&work, 5_00)],
        });
        company.save("Invoice", body);
        let revenue = company.account("Contract Revenue");
        assert_eq!(
            company.state.ledger.class_balance(&revenue, &class),
            Decimal::new(-5_00, 2)
        );
    }
}
