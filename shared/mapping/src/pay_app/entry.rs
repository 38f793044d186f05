//! The retainage entry.

use rust_decimal::Decimal;

use super::draft::Draft;
use crate::held::Holder;
use crate::money::cents;
use crate::naming;
use crate::posting::{Journal, JournalLine, JournalRole, Posting, Side};
use crate::slot::Slot;

impl Draft<'_> {
    /// Returns the retainage entry: it debits retainage and credits revenue, or the reverse if earlier retainage is given back. `None` if no
    /// account is concerned.
    pub fn retainage_entry(&self) -> Option<Posting> {
        let mut lines = Vec::new();
        let mut on_accounts = Decimal::ZERO;
        for part in &self.withheld.parts {
            if let Holder::Account(account) = &part.holder {
                lines.push(self.entry_line(JournalRole::Retainage, account, part.amount));
                on_accounts += part.amount;
            }
        }
        if lines.is_empty() {
            return None;
        }
        if !on_accounts.is_zero() {
            lines.push(self.entry_line(JournalRole::Revenue, self.accounts.revenue, -on_accounts));
        }
        Some(Posting::JournalEntry(Journal {
            customer: self.pay_app.customer.id.clone(),
            project: Some(self.pay_app.project.id.clone()),
            is_classed: self.is_classed,
            number: Some(naming::journal_number(
                &self.pay_app.project.number,
                self.pay_app.number,
            )),
            date: self.pay_app.period_end,
            currency: self.currency.clone(),
            note: naming::origin_note(&self.document, self.pay_app.revision, Slot::Retainage),
            lines,
            held_by_rivet: Decimal::ZERO,
        }))
    }

    /// Returns a line that debits the amount, or credits it if the amount is negative.
    fn entry_line(&self, role: JournalRole, account: &str, debit: Decimal) -> JournalLine {
        JournalLine {
            role,
            account: account.to_owned(),
            side: Side::of(debit),
            amount: cents(debit.abs()),
            description: format!("Retainage · {}", naming::memo(self.pay_app)),
        }
    }
}
