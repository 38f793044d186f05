//! A planned transaction on the accounts on which it was posted.
//!
//! The accounts of the settings, and the retainage that a project holds, may be others by now. What RIVET posted before stays where it is.

use quickbooks::entity::{ObjectSnapshot, SnapshotLine};
use rust_decimal::Decimal;

use crate::ids::Ids;
use crate::posting::{
    Journal, JournalLine, JournalRole, LineAccount, Posting, Role, Sale, SaleLine, Side,
};

/// A planned transaction on the accounts on which it was posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsPosted {
    /// The transaction.
    pub posting: Posting,
    /// The QuickBooks ids that it was posted with.
    pub ids: Ids,
}

impl AsPosted {
    /// Returns a planned transaction on the accounts of the one that was found. The amounts stay as planned; only a release may take its
    /// amount from other accounts in other parts.
    #[must_use]
    pub fn new(planned: &Posting, ids: &Ids, found: &ObjectSnapshot) -> Self {
        let mut ids = ids.clone();
        let mut posting = planned.clone();
        match &mut posting {
            Posting::Invoice(sale) | Posting::CreditMemo(sale) => {
                follow_items(sale, &mut ids, &found.lines);
            }
            Posting::JournalEntry(journal) => follow_accounts(journal, &found.lines),
            Posting::Payment(receipt) => {
                if receipt.deposit.is_some() {
                    receipt.deposit.clone_from(&found.deposit_account_id);
                }
            }
        }
        Self { posting, ids }
    }
}

/// Takes over the items of the lines, with the accounts to which they post.
fn follow_items(sale: &mut Sale, ids: &mut Ids, found: &[SnapshotLine]) {
    let is_known = |line: &SnapshotLine| !line.item_account_id.is_empty();
    if !found.iter().all(is_known) {
        return;
    }
    let amounts = sale.lines.iter().map(|line| line.amount);
    let is_same = amounts.eq(found.iter().map(|line| line.amount));
    let is_release = sale
        .lines
        .iter()
        .all(|line| line.account.role == Role::Retainage);
    let total: Decimal = found.iter().map(|line| line.amount).sum();
    let is_divided = is_release && total == sale.total();
    if !is_same && !is_divided {
        return;
    }
    let role = |at: usize| {
        sale.lines
            .get(at)
            .map_or(Role::Retainage, |line| line.account.role)
    };
    let lines = found.iter().enumerate().map(|(at, line)| SaleLine {
        account: LineAccount {
            role: role(at),
            id: line.item_account_id.clone(),
        },
        description: match sale.lines.get(at) {
            Some(planned) if is_same => planned.description.clone(),
            _ => line.description.clone(),
        },
        amount: line.amount,
    });
    sale.lines = lines.collect();
    for line in found {
        let (account, item) = (&line.item_account_id, &line.account_or_item_id);
        ids.items.insert(account.clone(), item.clone());
    }
}

/// Takes over the accounts of the lines. What an entry debits to the customer is the same in any case.
fn follow_accounts(journal: &mut Journal, found: &[SnapshotLine]) {
    let signed = |line: &JournalLine| match line.side {
        Side::Debit => line.amount,
        Side::Credit => -line.amount,
    };
    let amounts = journal.lines.iter().map(signed);
    if amounts.eq(found.iter().map(|line| line.amount)) {
        for (line, found) in journal.lines.iter_mut().zip(found) {
            if line.role.is_of_project() {
                line.account.clone_from(&found.account_or_item_id);
            }
        }
        return;
    }
    let receivable = |line: &&JournalLine| line.role == JournalRole::Receivable;
    let kept: Vec<JournalLine> = journal.lines.iter().filter(receivable).cloned().collect();
    let Some(owed) = kept.first() else {
        return;
    };
    let (own, others): (Vec<&SnapshotLine>, Vec<&SnapshotLine>) = found
        .iter()
        .partition(|line| line.account_or_item_id == owed.account);
    let released: Decimal = others.iter().map(|line| line.amount).sum();
    let is_same =
        own.iter().map(|line| line.amount).eq([signed(owed)]) && released == -signed(owed);
    if !is_same {
        return;
    }
    let description = journal
        .lines
        .iter()
        .find(|line| line.role == JournalRole::Retainage);
    let description = description
        .map(|line| line.description.clone())
        .unwrap_or_default();
    let lines = found
        .iter()
        .map(|line| match line.account_or_item_id == owed.account {
            true => owed.clone(),
            false => JournalLine {
                role: JournalRole::Retainage,
                account: line.account_or_item_id.clone(),
                side: Side::of(line.amount),
                amount: line.amount.abs(),
                description: description.clone(),
            },
        });
    journal.lines = lines.collect();
}
