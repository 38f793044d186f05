//! A compared transaction.

use crate::comparison::balance_pair::Pair;
use crate::rivet_side::UnfinishedState;
use billing::{DocumentRef, Id};
use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};
use store::document::TransactionKey;
use store::subledger::Balances;

/// A transaction, or a document without one, with RIVET's figures and those of QuickBooks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// The document, if it is RIVET's.
    pub document: Option<DocumentRef>,
    /// The transaction, if QuickBooks has or had one.
    pub transaction: Option<TransactionKey>,
    /// The number, or the payer's reference of a payment. Empty without one.
    pub number: String,
    /// The day.
    pub date: Option<Date>,
    /// RIVET's id of the customer, if the customer is RIVET's.
    pub customer: Option<Id>,
    /// RIVET's id of the project, if it is known.
    pub project: Option<Id>,
    /// The state of an unfinished document.
    pub state: Option<UnfinishedState>,
    /// The totals.
    pub amount: Pair<Decimal>,
    /// The effects on the compared accounts, in the customer's currency.
    pub balances: Pair<Balances>,
    /// The value of one unit of the customer's currency in the company's own. `None` if it is the company's own.
    pub rate: Option<Decimal>,
    /// True if the same money is applied to other documents.
    pub is_applied_differently: bool,
    /// The place of a page in QuickBooks, if the entry is no transaction.
    pub place: Option<String>,
    /// The difference in one sentence.
    pub sentence: String,
}

/// The fate of a transaction in the books.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The transaction stands.
    Stands,
    /// The transaction is voided.
    Voided,
    /// The transaction is not there.
    Gone,
}

/// The piles of entries that differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pile {
    /// RIVET did not post the transaction.
    OnlyInQuickbooks,
    /// QuickBooks does not have the document or the transaction.
    OnlyInRivet,
    /// The figures of both differ.
    Different,
}

impl Entry {
    /// Returns the effects in the company's own currency.
    pub fn home(&self) -> Pair<Balances> {
        Pair {
            rivet: at_home(self.balances.rivet, self.rate),
            quickbooks: at_home(self.balances.quickbooks, self.rate),
        }
    }

    /// Returns the pile to which the entry belongs. `None` if nothing differs.
    pub fn pile(&self) -> Option<Pile> {
        let is_agreed = self.balances.difference().is_zero();
        if is_agreed && !self.is_applied_differently {
            return None;
        }
        if self.is_applied_differently {
            return Some(Pile::Different);
        }
        Some(match (&self.document, self.balances.quickbooks.is_zero()) {
            (None, _) => Pile::OnlyInQuickbooks,
            (Some(_), true) => Pile::OnlyInRivet,
            (Some(_), false) => Pile::Different,
        })
    }
}

/// Returns amounts in the company's own currency, to the cent.
pub(crate) fn at_home(balances: Balances, rate: Option<Decimal>) -> Balances {
    let Some(rate) = rate else {
        return balances;
    };
    let home = |amount: Decimal| {
        let half_up = RoundingStrategy::MidpointAwayFromZero;
        (amount * rate).round_dp_with_strategy(2, half_up)
    };
    Balances {
        receivable: home(balances.receivable),
        retainage: home(balances.retainage),
        revenue: home(balances.revenue),
    }
}
