//! The output fields that other entities' changes move: balances and links.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::account::classification;
use crate::company_state::CompanyState;
use crate::json;
use crate::kind::Kind;
use crate::money;

/// Balances are told for the balance sheet only; those of income and expense are always zero.
pub(crate) fn refresh_account(company: &mut CompanyState, id: &str) {
    let on_balance_sheet = company
        .account_type(id)
        .is_some_and(|kind| !matches!(classification(kind), "Revenue" | "Expense"));
    let balance = if on_balance_sheet {
        company.ledger.balance(id)
    } else {
        Decimal::ZERO
    };
    if let Some(account) = company.records.get_mut(Kind::Account, id) {
        for field in ["CurrentBalance", "CurrentBalanceWithSubAccounts"] {
            json::set(account, field, money::json(balance));
        }
    }
}

/// The customer's own balance, and the balance with jobs of the customer and of everything above it.
pub(crate) fn refresh_customer(company: &mut CompanyState, id: &str) {
    let balance = owed(company, id);
    set(company, id, "Balance", balance);
    for above in company.lineage(id) {
        let with_jobs = family(company, &above)
            .iter()
            .map(|member| owed(company, member))
            .sum();
        set(company, &above, "BalanceWithJobs", with_jobs);
    }
}

fn set(company: &mut CompanyState, customer: &str, field: &str, amount: Decimal) {
    if let Some(customer) = company.records.get_mut(Kind::Customer, customer) {
        json::set(customer, field, money::json(amount));
    }
}

fn owed(company: &CompanyState, customer: &str) -> Decimal {
    company
        .records
        .objects(Kind::Account)
        .filter(|account| json::text(account, "AccountType") == Some("Accounts Receivable"))
        .filter_map(|account| json::text(account, "Id"))
        .map(|account| company.ledger.customer_balance(account, customer))
        .sum()
}

fn family(company: &CompanyState, customer: &str) -> Vec<String> {
    let mut members = vec![customer.to_owned()];
    let mut next = 0;
    while let Some(parent) = members.get(next).cloned() {
        let jobs = company
            .records
            .objects(Kind::Customer)
            .filter(|job| json::reference(job, "ParentRef") == Some(&parent))
            .filter_map(|job| json::text(job, "Id"));
        members.extend(jobs.map(str::to_owned));
        next += 1;
    }
    members
}

/// The links of a transaction to the payments that settle it, and what is left open.
pub(crate) fn refresh_links(company: &mut CompanyState, kind: Kind, id: &str) {
    let payments: Vec<Value> = company
        .links
        .payments(kind, id)
        .map(|payment| json!({"TxnId": payment, "TxnType": "Payment"}))
        .collect();
    let settled: Decimal = company
        .links
        .settled_parts(kind, id)
        .map(|(_, amount)| amount)
        .sum();
    let Some(transaction) = company.records.get_mut(kind, id) else {
        return;
    };
    json::set(transaction, "LinkedTxn", Value::Array(payments));
    let open = money::field(transaction, "TotalAmt") - settled;
    let fields: &[&str] = match kind {
        Kind::Invoice => &["Balance"],
        Kind::CreditMemo => &["Balance", "RemainingCredit"],
        _ => &[],
    };
    for field in fields {
        json::set(transaction, field, money::json(open));
    }
}

#[cfg(test)]
mod tests {
    use crate::test_company::TestCompany;

    #[test]
    fn a_payment_counts_as_a_change_of_the_invoice_unless_switched_off() {
        for (touch, version) in [(true, "1"), (false, "0")] {
            let mut company = TestCompany::new();
            company.switches.links_touch_targets = touch;
            let (customer, invoice) = company.invoice("Turner Bay", 100_00);
            company.pay(&customer, "Invoice", &invoice, 60_00);
            let invoice = company.get("Invoice", &invoice);
            assert_eq!(invoice["SyncToken"], version);
            assert_eq!(invoice["Balance"].to_string(), "40.00");
        }
    }

    #[test]
    fn a_payment_that_goes_leaves_no_link() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let payment = company.pay(&customer, "Invoice", &invoice, 60_00);
        company.delete("Payment", &payment).unwrap();
        let invoice = company.get("Invoice", &invoice);
        assert_eq!(invoice["LinkedTxn"], serde_json::json!([]));
        assert_eq!(invoice["Balance"].to_string(), "100.00");
    }
}
