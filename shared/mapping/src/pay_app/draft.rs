//! A pay application with all that decides its postings.

use billing::{DocumentRef, PayApp, Totals};
use rust_decimal::Decimal;

use super::withheld::Withheld;
use crate::effect::Effect;
use crate::naming;
use crate::plan_inputs::RequiredAccounts;
use crate::refusal::Refusal;
use crate::settings::InvoiceLines;

/// A pay application with the settings and preferences that decide its postings.
pub(super) struct Draft<'a> {
    /// The pay application.
    pub pay_app: &'a PayApp,
    /// The reference to the pay application.
    pub document: DocumentRef,
    /// The chosen accounts.
    pub accounts: RequiredAccounts<'a>,
    /// The retainage, by holder.
    pub withheld: Withheld,
    /// The level of detail of the form.
    pub invoice_lines: InvoiceLines,
    /// True if the postings carry the project's class.
    pub is_classed: bool,
    /// True if the postings name the project's job.
    pub is_for_job: bool,
    /// The currency to name, if the company uses several.
    pub currency: Option<String>,
}

impl Draft<'_> {
    /// Returns the effect that the totals state. Totals that differ from the sums of the lines are refused: an invoice with one line of
    /// the net would hide the difference. What RIVET alone holds is not earned in the books yet.
    pub fn stated_effect(&self) -> Result<Effect, Refusal> {
        let (totals, sum) = (self.pay_app.totals, Totals::of(&self.pay_app.lines));
        if totals != sum {
            let figures = format!("the totals are {totals:?}; the lines add up to {sum:?}");
            return Err(Refusal::Disagreement { figures });
        }
        let by_rivet = self.withheld.by_rivet();
        Ok(Effect {
            receivable: totals.net,
            retainage: totals.retainage - by_rivet,
            revenue: totals.billed - by_rivet,
            deposits: Decimal::ZERO,
        })
    }

    /// Returns the number of the invoice or credit memo.
    pub fn number(&self) -> String {
        naming::document_number(&self.pay_app.project.number, self.pay_app.number)
    }
}
