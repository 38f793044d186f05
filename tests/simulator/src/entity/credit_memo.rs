use rust_decimal::Decimal;

use super::{invoice, sales_total};
use crate::company_state::Target;
use crate::fault::Fault;
use crate::kind::Kind;
use crate::schema::Field;
use crate::write::{Draft, Posting};
use crate::{json, money};

/// The fields of a credit memo. Intuit's schema gives all sales forms the same fields.
pub(super) const FIELDS: &[Field] = invoice::FIELDS;

pub(super) fn complete(draft: &mut Draft<'_>) -> Result<Posting, Fault> {
    let sale = sales_total::complete(draft, Decimal::NEGATIVE_ONE)?;
    let target = Target {
        kind: Kind::CreditMemo,
        id: draft.id.clone(),
        customer: sale.customer,
    };
    let open = invoice::open_amount(draft, &target, sale.total)?;
    for field in ["RemainingCredit", "Balance"] {
        json::set(&mut draft.body, field, money::json(open));
    }
    Ok(Posting {
        entries: sale.entries,
        applications: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use crate::test_company::{TestCompany, line};
    use rust_decimal::Decimal;
    use serde_json::json;

    #[test]
    fn credit_memo_reverses_revenue_and_receivable() {
        let mut company = TestCompany::new();
        let customer = company.customer("Turner Bay");
        let memo = company.sale("CreditMemo", &customer, 250_00);
        assert_eq!(
            company.balance("Accounts Receivable (A/R)"),
            Decimal::new(-250_00, 2)
        );
        assert_eq!(company.balance("Contract Revenue"), Decimal::new(250_00, 2));
        assert_eq!(
            company.get("CreditMemo", &memo)["RemainingCredit"].to_string(),
            "250.00"
        );
        assert_eq!(
            company.get("Customer", &customer)["Balance"].to_string(),
            "-250.00"
        );
    }

    #[test]
    fn credit_memo_updates_to_zero_instead_of_void() {
        let mut company = TestCompany::new();
        let customer = company.customer("Turner Bay");
        let memo = company.sale("CreditMemo", &customer, 250_00);
        assert_eq!(company.void("CreditMemo", &memo).unwrap_err(), "500");
        let item = company.work_item();
        let zero = json!({
            "Id": memo, "SyncToken": "0", "sparse": true, "PrivateNote": "Voided", "Line": [line(&item, 0)],
        });
        company.save("CreditMemo", zero);
        assert_eq!(company.state.ledger.lines().count(), 0);
    }
}
