use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Person;
use crate::kind::Kind;
use crate::{Error, money};

/// Payments, applied credits and deposits.
impl Person<'_> {
    /// Enters a payment of a customer and returns its id. `invoices` holds the amount for each invoice; the rest of `total`
    /// stays unapplied.
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

    /// Removes a payment from every transaction that the payment is applied to.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn unapply(&mut self, payment: &str) -> Result<(), Error> {
        self.edit("Payment", payment, json!({"Line": []}))
    }

    /// Sets a credit memo against an invoice by a payment of zero. Returns the id of the payment.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn apply_credit(
        &mut self,
        credit_memo: &str,
        invoice: &str,
        amount: Decimal,
    ) -> Result<String, Error> {
        self.address(Kind::Invoice, invoice)?;
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

    /// Moves a payment to a bank account by a `Deposit` and returns its id. A deposited payment cannot be changed.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn deposit(&mut self, payment: &str, bank_account: &str) -> Result<String, Error> {
        self.address(Kind::Payment, payment)?;
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
