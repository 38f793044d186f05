//! The lines of the invoice or credit memo.

use billing::SovLine;
use rust_decimal::Decimal;

use super::draft::Draft;
use super::wording;
use crate::held::{Holder, Taken};
use crate::money::cents;
use crate::posting::{LineAccount, Role, SaleLine};
use crate::settings::InvoiceLines;

impl Draft<'_> {
    /// Returns the lines of a form whose total is the net.
    pub fn net_lines(&self) -> Vec<SaleLine> {
        match self.invoice_lines {
            InvoiceLines::Single => {
                vec![self.revenue_line(wording::net_line(self.pay_app), self.pay_app.totals.net)]
            }
            InvoiceLines::BySovItem => {
                let lines = self.lines_by_item(wording::net_item_line, SovLine::net);
                match lines.is_empty() {
                    // QuickBooks refuses a form without lines.
                    true => vec![self.revenue_line(wording::net_line(self.pay_app), Decimal::ZERO)],
                    false => lines,
                }
            }
        }
    }

    /// Returns the lines of a form with the billed amounts and the withheld amount.
    pub fn gross_lines(&self) -> Vec<SaleLine> {
        let billed = self.pay_app.totals.billed;
        let work = match self.invoice_lines {
            InvoiceLines::Single => {
                vec![self.revenue_line(wording::gross_line(self.pay_app), billed)]
            }
            InvoiceLines::BySovItem => self.lines_by_item(wording::item_line, SovLine::billed),
        };
        let withheld = self
            .withheld
            .parts
            .iter()
            .map(|part| self.withheld_line(part));
        work.into_iter()
            .chain(withheld)
            .filter(|line| !line.amount.is_zero())
            .collect()
    }

    /// Returns the line of an amount that is withheld or given back. What RIVET alone held is revenue when it is given back.
    fn withheld_line(&self, part: &Taken) -> SaleLine {
        match &part.holder {
            Holder::Account(id) => SaleLine {
                account: LineAccount {
                    role: Role::Retainage,
                    id: id.clone(),
                },
                description: "Retainage withheld".to_owned(),
                amount: cents(-part.amount),
            },
            Holder::Rivet | Holder::Mapped => {
                self.revenue_line("Retainage given back".to_owned(), -part.amount)
            }
        }
    }

    fn lines_by_item(
        &self,
        text: fn(&SovLine) -> String,
        amount: fn(&SovLine) -> Decimal,
    ) -> Vec<SaleLine> {
        let lines = self
            .pay_app
            .lines
            .iter()
            .filter(|line| !amount(line).is_zero());
        lines
            .map(|line| self.revenue_line(text(line), amount(line)))
            .collect()
    }

    fn revenue_line(&self, description: String, amount: Decimal) -> SaleLine {
        let account = LineAccount {
            role: Role::Revenue,
            id: self.accounts.revenue.to_owned(),
        };
        SaleLine {
            account,
            description,
            amount: cents(amount),
        }
    }
}
