use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Person;
use crate::kind::Kind;
use crate::{Error, money};

/// Money that comes in, and what it is for.
impl Person<'_> {
    /// Enters a payment of a customer, and what of it is for which invoice; the rest stays unapplied. Gives its id.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn pay(
        &mut self,
        customer: &str,
        total: Decimal,
        invoices: &[(&str, Decimal)],
    ) -> Result<String, Error> {
        let lines: Vec<Value> = invoices
            .iter()
            .map(|(id, amount)| line("Invoice", id, *amount))
            .collect();
        let body = json!({
            "CustomerRef": {"value": customer}, "TotalAmt": money::json(total), "Line": lines,
        });
        self.create("Payment", body)
    }

    /// Takes a payment off everything that it is applied to.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn unapply(&mut self, payment: &str) -> Result<(), Error> {
        self.edit("Payment", payment, json!({"Line": []}))
    }

    /// Sets a credit memo against an invoice: a payment without money, whose id it gives.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn apply_credit(
        &mut self,
        credit_memo: &str,
        invoice: &str,
        amount: Decimal,
    ) -> Result<String, Error> {
        self.present(Kind::Invoice, invoice)?;
        let customer = self
            .company()
            .and_then(|company| company.records.get(Kind::Invoice, invoice))
            .and_then(|invoice| invoice.get("CustomerRef").cloned());
        let body = json!({
            "CustomerRef": customer,
            "TotalAmt": 0,
            "Line": [line("Invoice", invoice, amount), line("CreditMemo", credit_memo, amount)],
        });
        self.create("Payment", body)
    }

    /// Takes a payment that lies in an account to the bank: a `Deposit`, after which the payment cannot be changed.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn deposit(&mut self, payment: &str, bank_account: &str) -> Result<String, Error> {
        self.present(Kind::Payment, payment)?;
        let body = json!({
            "DepositToAccountRef": {"value": bank_account},
            "Line": [{"LinkedTxn": [{"TxnId": payment, "TxnType": "Payment"}]}],
        });
        self.create("Deposit", body)
    }
}

fn line(kind: &str, id: &str, amount: Decimal) -> Value {
    json!({"Amount": money::json(amount), "LinkedTxn": [{"TxnId": id, "TxnType": kind}]})
}
