//! The output fields that changes of other entities affect: balances and links.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::account::classification;
use super::currency;
use crate::company_state::CompanyState;
use crate::kind::Kind;
use crate::{json, money};

/// Sets the balance of an account. Intuit shows zero for income and expense accounts.
pub(crate) fn refresh_account(company: &mut CompanyState, id: &str) {
    let is_on_balance_sheet = company
        .account_type(id)
        .is_some_and(|kind| !matches!(classification(kind), "Revenue" | "Expense"));
    let balance = if is_on_balance_sheet {
        home_balance(company, id)
    } else {
        Decimal::ZERO
    };
    if let Some(account) = company.records.get_mut(Kind::Account, id) {
        for field in ["CurrentBalance", "CurrentBalanceWithSubAccounts"] {
            json::set(account, field, money::json(balance));
        }
    }
}

/// Returns the balance of an account in the account's currency. The lines of the ledger are in the currencies of their transactions.
fn home_balance(company: &CompanyState, account: &str) -> Decimal {
    let settings = &company.settings;
    let is_foreign = currency::of_account(company, account) != settings.currency;
    if is_foreign || settings.exchange_rate == Decimal::ONE {
        return company.ledger.balance(account);
    }
    let lines = company
        .ledger
        .lines()
        .filter(|line| line.entry.account == account);
    let at_home = lines.map(|line| {
        let transaction = &line.transaction;
        let kind = Kind::from_name(transaction.kind);
        let body = kind.and_then(|kind| company.records.get(kind, &transaction.id));
        let named = body.and_then(|body| json::reference(body, "CurrencyRef"));
        match named.is_some_and(|named| named != settings.currency) {
            true => (line.entry.amount * settings.exchange_rate).round_dp(2),
            false => line.entry.amount,
        }
    });
    at_home.sum()
}

/// Sets the balance of a customer, and the balance with jobs of the customer and of each customer above it.
pub(crate) fn refresh_customer(company: &mut CompanyState, id: &str) {
    let balance = receivable_balance(company, id);
    set_amount(company, id, "Balance", balance);
    for above in company.lineage(id) {
        let with_jobs = with_jobs_below(company, &above)
            .iter()
            .map(|member| receivable_balance(company, member))
            .sum();
        set_amount(company, &above, "BalanceWithJobs", with_jobs);
    }
}

fn set_amount(company: &mut CompanyState, customer: &str, field: &str, amount: Decimal) {
    if let Some(customer) = company.records.get_mut(Kind::Customer, customer) {
        json::set(customer, field, money::json(amount));
    }
}

fn receivable_balance(company: &CompanyState, customer: &str) -> Decimal {
    company
        .records
        .objects(Kind::Account)
        .filter(|account| json::text(account, "AccountType") == Some("Accounts Receivable"))
        .filter_map(|account| json::text(account, "Id"))
        .map(|account| company.ledger.customer_balance(account, customer))
        .sum()
}

/// Returns the customer and every job below it.
fn with_jobs_below(company: &CompanyState, customer: &str) -> Vec<String> {
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

/// Sets the links of a transaction to the payments that settle it, and its open balance.
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
    fn payment_changes_invoice_version_by_switch() {
        for (touch, version) in [(true, "1"), (false, "0")] {
            let mut company = TestCompany::new();
            company.switches.should_update_paid_invoice = touch;
            let (customer, invoice) = company.invoice("Turner Bay", 100_00);
            company.pay(&customer, "Invoice", &invoice, 60_00);
            let invoice = company.get("Invoice", &invoice);
            assert_eq!(invoice["SyncToken"], version);
            assert_eq!(invoice["Balance"].to_string(), "40.00");
        }
    }

    #[test]
    fn deleted_payment_leaves_no_link() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let payment = company.pay(&customer, "Invoice", &invoice, 60_00);
        company.delete("Payment", &payment).unwrap();
        let invoice = company.get("Invoice", &invoice);
        assert_eq!(invoice["LinkedTxn"], serde_json::json!([]));
        assert_eq!(invoice["Balance"].to_string(), "100.00");
    }
}
