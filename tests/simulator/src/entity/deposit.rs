use rust_decimal::Decimal;

use crate::fault::Fault;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::ledger::Entry;
use crate::money;
use crate::schema::{Field, Shape, reference, text};
use crate::write::{Draft, Posting};

/// The fields of a deposit. A deposit moves payments from Undeposited Funds to the bank and locks them.
pub(super) const FIELDS: &[Field] = &[
    Field::new("TxnDate", Shape::Date).queryable(),
    text("PrivateNote", 4000),
    reference("DepositToAccountRef", Kind::Account).queryable(),
    Field::new(
        "Line",
        Shape::List(&[
            Field::new("Amount", Shape::Amount),
            Field::new(
                "LinkedTxn",
                Shape::List(&[
                    text("TxnId", 30),
                    Field::new("TxnType", Shape::OneOf(&["Payment"])),
                    text("TxnLineId", 30),
                ]),
            ),
        ]),
    ),
    Field::output("TotalAmt", Shape::Amount).queryable(),
];

pub(super) fn complete(draft: &mut Draft<'_>) -> Result<Posting, Fault> {
    let bank = json::reference(&draft.body, "DepositToAccountRef")
        .ok_or_else(|| Fault::required("DepositToAccountRef"))?
        .to_owned();
    if draft.before.is_some() {
        return Err(Fault::feature("changing a deposit is not simulated"));
    }
    let mut entries = Vec::new();
    for line in json::list(&draft.body, "Line") {
        entries.push(payment_entry(draft, line)?);
    }
    if entries.is_empty() {
        return Err(Fault::required("Line"));
    }
    let total: Decimal = entries.iter().map(|entry| -entry.amount).sum();
    entries.push(Entry {
        account: bank,
        amount: total,
        ..Entry::default()
    });
    draft.date();
    json::set(&mut draft.body, "TotalAmt", money::json(total));
    Ok(Posting {
        entries,
        applications: Vec::new(),
    })
}

/// Returns the entry that takes a payment out of its account.
fn payment_entry(draft: &Draft<'_>, line: &Object) -> Result<Entry, Fault> {
    let link = json::list(line, "LinkedTxn").next();
    let id = link
        .and_then(|link| json::text(link, "TxnId"))
        .ok_or_else(|| Fault::required("LinkedTxn"))?;
    let payment = draft
        .company
        .records
        .get(Kind::Payment, id)
        .ok_or_else(Fault::deleted)?;
    let total = money::field(payment, "TotalAmt");
    if draft.company.is_deposited(id) || total.is_zero() {
        return Err(Fault::cannot_link(
            "the payment is not waiting to be deposited",
        ));
    }
    let account = json::reference(payment, "DepositToAccountRef").unwrap_or_default();
    Ok(Entry {
        account: account.to_owned(),
        amount: -total,
        customer: json::reference(payment, "CustomerRef").map(str::to_owned),
        class: None,
    })
}

#[cfg(test)]
mod tests {
    use crate::test_company::TestCompany;
    use rust_decimal::Decimal;
    use serde_json::json;

    #[test]
    fn deposit_moves_payment_to_bank_and_locks_it() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let payment = company.pay(&customer, "Invoice", &invoice, 100_00);
        let body = json!({
            "DepositToAccountRef": {"value": company.account("Checking")},
            "Line": [{"Amount": 100, "LinkedTxn": [{"TxnId": payment, "TxnType": "Payment"}]}],
        });
        let deposit = company.save("Deposit", body.clone());
        assert_eq!(company.balance("Checking"), Decimal::new(100_00, 2));
        assert_eq!(company.balance("Undeposited Funds"), Decimal::ZERO);
        assert_eq!(company.refusal_code("Deposit", body), "620");
        assert_eq!(company.void("Payment", &payment).unwrap_err(), "6540");
        let change = json!({"Id": payment, "SyncToken": "0", "sparse": true, "PrivateNote": "x"});
        assert_eq!(company.refusal_code("Payment", change), "6540");
        company.delete("Deposit", &deposit).unwrap();
        company.void("Payment", &payment).unwrap();
    }
}
