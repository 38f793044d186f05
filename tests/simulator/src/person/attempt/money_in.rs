use rust_decimal::Decimal;

use super::{Person, id, is_active, one};
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::{Edit, Error, money};

impl Person<'_> {
    pub(super) fn handle_money(
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
                let Some(deposit) = one(self.those(Kind::Deposit, |_| true), pick) else {
                    return Ok(false);
                };
                self.delete("Deposit", id(&deposit))?;
                return Ok(true);
            }
            _ => {}
        }
        let applied = |payment: &Object| json::list(payment, "Line").next().is_some();
        let wanted = |payment: &Object| match edit {
            Edit::Unapply => applied(payment),
            Edit::VoidPayment => has(payment, "TotalAmt"),
            _ => true,
        };
        let Some(payment) = one(self.those(Kind::Payment, wanted), pick) else {
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
        let open = self.those(Kind::Invoice, |invoice| has(invoice, "Balance"));
        let Some(invoice) = one(open.clone(), pick) else {
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
        let open = self.those(Kind::CreditMemo, |memo| has(memo, "Balance"));
        let Some(memo) = one(open, pick) else {
            return Ok(false);
        };
        let fits = |invoice: &Object| has(invoice, "Balance") && payer(invoice) == payer(&memo);
        let Some(invoice) = one(self.those(Kind::Invoice, fits), pick) else {
            return Ok(false);
        };
        let amount = money::field(&memo, "Balance").min(money::field(&invoice, "Balance"));
        self.apply_credit(id(&memo), id(&invoice), amount)?;
        Ok(true)
    }

    fn deposit_some(&mut self, pick: &mut impl FnMut(usize) -> usize) -> Result<bool, Error> {
        let bank = |account: &Object| {
            json::text(account, "AccountType") == Some("Bank") && is_active(account)
        };
        let mut payments = self.those(Kind::Payment, |payment| has(payment, "TotalAmt"));
        if let Some(company) = self.company() {
            payments.retain(|payment| !company.is_deposited(id(payment)));
        }
        let (Some(payment), Some(bank)) = (
            one(payments, pick),
            one(self.those(Kind::Account, bank), pick),
        ) else {
            return Ok(false);
        };
        self.deposit(id(&payment), id(&bank))?;
        Ok(true)
    }
}

fn has(entity: &Object, amount: &str) -> bool {
    money::field(entity, amount) > Decimal::ZERO
}

fn payer(entity: &Object) -> &str {
    json::reference(entity, "CustomerRef").unwrap_or_default()
}
