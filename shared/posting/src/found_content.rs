//! The content of a transaction that RIVET posted and forgot, as the books have it.

use mapping::{
    Accounts, Journal, JournalLine, JournalRole, LineAccount, Posting, Role, Sale, SaleLine, Side,
};
use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;
use rust_decimal::Decimal;

/// Returns a posting of the kind of a transaction, which takes its amounts from the transaction when it is adopted. It is for the customer and
/// project of `like`, another posting of the document. `None` if nothing says how to read the transaction.
pub fn posting_like(
    like: &Posting,
    found: &ObjectSnapshot,
    accounts: &Accounts,
) -> Option<Posting> {
    Some(match (found.kind, like) {
        (Kind::Invoice, Posting::Invoice(sale) | Posting::CreditMemo(sale)) => {
            Posting::Invoice(sale.clone())
        }
        (Kind::CreditMemo, Posting::Invoice(sale) | Posting::CreditMemo(sale)) => {
            Posting::CreditMemo(sale.clone())
        }
        (Kind::JournalEntry, Posting::JournalEntry(journal)) => {
            Posting::JournalEntry(journal.clone())
        }
        (Kind::JournalEntry, like) => {
            Posting::JournalEntry(empty_entry(like, accounts.retainage.as_deref()?))
        }
        (Kind::Invoice, like) => Posting::Invoice(form_without_lines(
            like,
            accounts.contract_revenue.as_deref()?,
        )?),
        (Kind::CreditMemo, like) => Posting::CreditMemo(form_without_lines(
            like,
            accounts.contract_revenue.as_deref()?,
        )?),
        (Kind::Payment, Posting::Payment(receipt)) => Posting::Payment(receipt.clone()),
        _ => return None,
    })
}

/// Returns a retainage entry whose lines are taken from QuickBooks. Only the line on this account holds retainage.
fn empty_entry(like: &Posting, retainage: &str) -> Journal {
    let line = JournalLine {
        role: JournalRole::Retainage,
        account: retainage.to_owned(),
        side: Side::Debit,
        amount: Decimal::ZERO,
        description: String::new(),
    };
    Journal {
        customer: like.customer().clone(),
        project: like.project().cloned(),
        is_classed: is_classed(like),
        number: None,
        date: like.date(),
        currency: like.currency().map(str::to_owned),
        note: String::new(),
        lines: vec![line],
        held_by_rivet: Decimal::ZERO,
    }
}

/// Returns a form whose one line takes the total from QuickBooks.
fn form_without_lines(like: &Posting, revenue: &str) -> Option<Sale> {
    let account = LineAccount {
        role: Role::Revenue,
        id: revenue.to_owned(),
    };
    let line = SaleLine {
        account,
        description: String::new(),
        amount: Decimal::ZERO,
    };
    Some(Sale {
        customer: like.customer().clone(),
        project: like.project()?.clone(),
        is_classed: is_classed(like),
        number: None,
        date: like.date(),
        due: None,
        currency: like.currency().map(str::to_owned),
        memo: String::new(),
        note: String::new(),
        lines: vec![line],
        held_by_rivet: Decimal::ZERO,
    })
}

fn is_classed(like: &Posting) -> bool {
    match like {
        Posting::Invoice(sale) | Posting::CreditMemo(sale) => sale.is_classed,
        Posting::JournalEntry(journal) => journal.is_classed,
        Posting::Payment(_) => false,
    }
}
