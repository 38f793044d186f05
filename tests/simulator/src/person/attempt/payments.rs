use rust_decimal::Decimal;

use super::{Person, id, is_active, pick_one};
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::{Edit, Error, money};

impl Person<'_> {
    pub(super) fn edit_payment(
        &mut self,
        edit: Edit,
        pick: &mut impl FnMut(usize) -> usize,
    ) -> Result<bool, Error> {
        match edit {
            Edit::PayPartly | Edit::PayFully | Edit::PayTooMuch | Edit::PaySeveral => {
                return self.pay_some(edit, pick);
            }
            Edit::ApplyCreditMemo => return self.apply_some_credit(pick),
            Edit::DepositPayment => return self.deposit_some(pick),
            Edit::DeleteDeposit => {
                let Some(deposit) = pick_one(self.select(Kind::Deposit, |_| true), pick) else {
                    return Ok(false);
                };
                self.delete("Deposit", id(&deposit))?;
                return Ok(true);
            }
            _ => {}
        }
        let is_applied = |payment: &Object| json::list(payment, "Line").next().is_some();
        let is_candidate = |payment: &Object| match edit {
            Edit::Unapply => is_applied(payment),
            Edit::VoidPayment => is_positive(payment, "TotalAmt"),
            _ => true,
        };
        let Some(payment) = pick_one(self.select(Kind::Payment, is_candidate), pick) else {
            return Ok(false);
        };
        match edit {
            Edit::Unapply => self.unapply(id(&payment))?,
            Edit::VoidPayment => self.void("Payment", id(&payment))?,
            _ => self.delete("Payment", id(&payment))?,
        }
        Ok(true)
    }

    fn pay_some(
        &mut self,
        edit: Edit,
        pick: &mut impl FnMut(usize) -> usize,
    ) -> Result<bool, Error> {
        let open = self.select(Kind::Invoice, |invoice| is_positive(invoice, "Balance"));
        let Some(invoice) = pick_one(open.clone(), pick) else {
            return Ok(false);
        };
        let customer = payer(&invoice);
        let balance = money::field(&invoice, "Balance");
        let paid: Vec<(&str, Decimal)> = match edit {
            Edit::PaySeveral => open
                .iter()
                .filter(|other| payer(other) == customer)
                .map(|other| (id(other), money::field(other, "Balance")))
                .collect(),
            Edit::PayPartly => {
                let half = (balance / Decimal::TWO).round_dp(2);
                vec![(id(&invoice), half.max(Decimal::new(1, 2)))]
            }
            _ => vec![(id(&invoice), balance)],
        };
        let mut total: Decimal = paid.iter().map(|(_, amount)| *amount).sum();
        if edit == Edit::PayTooMuch {
            total += Decimal::from(1 + pick(500));
        }
        self.pay(customer, total, &paid)?;
        Ok(true)
    }

    fn apply_some_credit(&mut self, pick: &mut impl FnMut(usize) -> usize) -> Result<bool, Error> {
        let open = self.select(Kind::CreditMemo, |memo| is_positive(memo, "Balance"));
        let Some(memo) = pick_one(open, pick) else {
            return Ok(false);
        };
        let is_candidate =
            |invoice: &Object| is_positive(invoice, "Balance") && payer(invoice) == payer(&memo);
        let Some(invoice) = pick_one(self.select(Kind::Invoice, is_candidate), pick) else {
            return Ok(false);
        };
        let amount = money::field(&memo, "Balance").min(money::field(&invoice, "Balance"));
        self.apply_credit(id(&memo), id(&invoice), amount)?;
        Ok(true)
    }

    fn deposit_some(&mut self, pick: &mut impl FnMut(usize) -> usize) -> Result<bool, Error> {
        let is_bank = |account: &Object| {
            json::text(account, "AccountType") == Some("Bank") && is_active(account)
        };
        let mut payments = self.select(Kind::Payment, |payment| is_positive(payment, "TotalAmt"));
        if let Some(company) = self.company() {
            payments.retain(|payment| !company.is_deposited(id(payment)));
        }
        let (Some(payment), Some(bank)) = (
            pick_one(payments, pick),
            pick_one(self.select(Kind::Account, is_bank), pick),
        ) else {
            return Ok(false);
        };
        self.deposit(id(&payment), id(&bank))?;
        Ok(true)
    }
}

fn is_positive(entity: &Object, field: &str) -> bool {
    money::field(entity, field) > Decimal::ZERO
}

fn payer(entity: &Object) -> &str {
    json::reference(entity, "CustomerRef").unwrap_or_default()
}
