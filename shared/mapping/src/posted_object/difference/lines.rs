//! The lines as RIVET wrote them.

use rust_decimal::Decimal;

use crate::posted_object::PostedObject;
use crate::posting::{Journal, Posting, Sale, Side};

/// A line as RIVET wrote it.
pub(super) struct WrittenLine<'a> {
    /// QuickBooks id of the item or account that the line posts to; empty if the item is unknown.
    pub(super) place: &'a str,
    /// QuickBooks id of the account to which the item must post; empty for lines of an entry.
    pub(super) item_account: &'a str,
    /// Amount of the line; debits of an entry are positive, credits negative.
    pub(super) amount: Decimal,
    /// Text of the line; empty if it has none.
    pub(super) description: &'a str,
    /// True if the line carries the project's class.
    pub(super) is_classed: bool,
}

/// Returns the lines as RIVET wrote them. Payments have none.
pub(super) fn written_lines(posted: &PostedObject) -> Vec<WrittenLine<'_>> {
    match &posted.posting {
        Posting::Invoice(sale) | Posting::CreditMemo(sale) => form_lines(posted, sale),
        Posting::JournalEntry(journal) => entry_lines(journal),
        Posting::Payment(_) => Vec::new(),
    }
}

fn form_lines<'a>(posted: &'a PostedObject, sale: &'a Sale) -> Vec<WrittenLine<'a>> {
    let mut lines = Vec::new();
    for line in &sale.lines {
        let item = posted.ids.items.get(&line.account.id);
        lines.push(WrittenLine {
            place: item.map_or("", String::as_str),
            item_account: &line.account.id,
            amount: line.amount,
            description: &line.description,
            is_classed: sale.is_classed,
        });
    }
    lines
}

/// Returns the lines of an entry. A class says on which project money was earned or held back; Accounts Receivable has none.
fn entry_lines(journal: &Journal) -> Vec<WrittenLine<'_>> {
    let mut lines = Vec::new();
    for line in &journal.lines {
        lines.push(WrittenLine {
            place: &line.account,
            item_account: "",
            amount: match line.side {
                Side::Debit => line.amount,
                Side::Credit => -line.amount,
            },
            description: &line.description,
            is_classed: journal.is_classed && line.role.is_of_project(),
        });
    }
    lines
}
