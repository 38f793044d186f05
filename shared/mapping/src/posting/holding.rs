//! The retainage that a transaction holds, by holder.

use rust_decimal::Decimal;

use crate::held::{Holder, RetainageShare, merged};
use crate::posting::{Journal, JournalRole, Posting, Role, Sale, Side};

/// An amount that a transaction withholds, negative if it releases the amount.
struct Holding<'a> {
    holder: Option<&'a str>,
    amount: Decimal,
}

impl Posting {
    /// Returns the retainage that the transaction withholds or releases, one share for each account, and RIVET's own share.
    #[must_use]
    pub fn retainage_shares(&self) -> Vec<RetainageShare> {
        let holdings = match self {
            Self::Invoice(sale) => of_sale(sale),
            Self::CreditMemo(sale) => of_sale(sale).into_iter().map(Holding::opposite).collect(),
            Self::JournalEntry(journal) => of_journal(journal),
            Self::Payment(_) => Vec::new(),
        };
        let share = |holding: Holding<'_>| RetainageShare {
            date: self.date(),
            holder: holding
                .holder
                .map_or(Holder::Rivet, |id| Holder::Account(id.to_owned())),
            amount: holding.amount,
        };
        merged(holdings.into_iter().map(share).collect())
    }
}

impl Posting {
    /// Returns whether the transaction takes retainage from a holder.
    #[must_use]
    pub fn releases_retainage(&self) -> bool {
        let shares = self.retainage_shares();
        shares.iter().any(|share| share.amount < Decimal::ZERO)
    }
}

impl Holding<'_> {
    fn opposite(self) -> Self {
        Self {
            amount: -self.amount,
            ..self
        }
    }
}

fn of_sale(sale: &Sale) -> Vec<Holding<'_>> {
    let lines = sale
        .lines
        .iter()
        .filter(|line| line.account.role == Role::Retainage);
    let on_accounts = lines.map(|line| Holding {
        holder: Some(&line.account.id),
        amount: -line.amount,
    });
    on_accounts.chain([by_rivet(sale.held_by_rivet)]).collect()
}

fn of_journal(journal: &Journal) -> Vec<Holding<'_>> {
    let lines = journal
        .lines
        .iter()
        .filter(|line| line.role == JournalRole::Retainage);
    let on_accounts = lines.map(|line| Holding {
        holder: Some(&line.account),
        amount: match line.side {
            Side::Debit => line.amount,
            Side::Credit => -line.amount,
        },
    });
    on_accounts
        .chain([by_rivet(journal.held_by_rivet)])
        .collect()
}

fn by_rivet<'a>(amount: Decimal) -> Holding<'a> {
    Holding {
        holder: None,
        amount,
    }
}
