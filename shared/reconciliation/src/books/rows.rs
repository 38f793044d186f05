//! Takes from a transaction what a comparison needs.

use quickbooks::Kind;
use quickbooks::entity::{ObjectSnapshot, SnapshotLine, TxnType};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use store::books_copy::{KeptLine, KeptLink, KeptTransaction};
use store::matches::ItemCatalogue;

/// Reads rows. Lines on accounts that are not compared are left out.
pub(crate) struct RowReader {
    /// The compared accounts.
    accounts: BTreeSet<String>,
    /// The accounts of RIVET's items, for lines that name no account.
    items: BTreeMap<String, String>,
}

impl RowReader {
    /// Returns a reader for the compared accounts.
    pub(crate) fn of(accounts: &BTreeSet<String>, items: &ItemCatalogue) -> Self {
        let by_account = items.by_account.iter();
        Self {
            accounts: accounts.clone(),
            items: by_account
                .map(|(account, item)| (item.clone(), account.clone()))
                .collect(),
        }
    }

    /// Adds an account.
    pub(crate) fn add_account(&mut self, account: &str) {
        self.accounts.insert(account.to_owned());
    }

    /// Returns whether the lines on an account are kept.
    pub(crate) fn has_account(&self, account: &str) -> bool {
        self.accounts.contains(account)
    }

    /// Returns a row as it is kept. `None` for an entry without lines on compared accounts, and for kinds that are not compared.
    pub(crate) fn read(&self, found: &ObjectSnapshot) -> Option<KeptTransaction> {
        let kind = txn_type(found.kind)?;
        let customer = found.customer.as_ref();
        let number = found
            .doc_number
            .as_ref()
            .or(found.payment_reference.as_ref());
        let mut row = KeptTransaction {
            kind,
            id: found.id.clone(),
            version: found.sync_token.clone(),
            date: found.date,
            customer: customer
                .map(|customer| customer.value.clone())
                .unwrap_or_default(),
            total: found.amount().unwrap_or_default(),
            rate: found.exchange_rate.filter(|rate| *rate != Decimal::ONE),
            lines: Vec::new(),
            links: found.links.iter().filter_map(link).collect(),
            number: number.cloned().unwrap_or_default(),
        };
        if kind != TxnType::Payment {
            row.links.clear();
        }
        for line in &found.lines {
            if let Some(line) = self.line(&row, line) {
                row.add_line(line);
            }
        }
        row.lines.retain(|line| !line.amount.is_zero());
        let is_compared = kind != TxnType::JournalEntry || !row.lines.is_empty();
        is_compared.then_some(row)
    }

    fn line(&self, row: &KeptTransaction, line: &SnapshotLine) -> Option<KeptLine> {
        let named = &line.account_or_item_id;
        let account = match row.kind {
            TxnType::JournalEntry => named,
            _ if line.item_account_id.is_empty() => self.items.get(named)?,
            _ => &line.item_account_id,
        };
        let customer = match row.kind {
            TxnType::JournalEntry => &line.name_id,
            _ => &row.customer,
        };
        self.accounts.contains(account).then(|| KeptLine {
            account: account.clone(),
            customer: customer.clone(),
            class: line.class_id.clone(),
            amount: debit(row.kind, line.amount),
        })
    }
}

/// Returns the amount of a line as a debit. The lines of an invoice are credits.
fn debit(kind: TxnType, amount: Decimal) -> Decimal {
    match kind {
        TxnType::Invoice => -amount,
        _ => amount,
    }
}

fn link(link: &quickbooks::entity::Link) -> Option<KeptLink> {
    Some(KeptLink {
        kind: txn_type(link.kind)?,
        id: link.id.clone(),
        amount: link.amount?,
    })
}

/// Returns the type of transaction of a kind. `None` for lists.
pub(crate) fn txn_type(kind: Kind) -> Option<TxnType> {
    match kind {
        Kind::Invoice => Some(TxnType::Invoice),
        Kind::CreditMemo => Some(TxnType::CreditMemo),
        Kind::JournalEntry => Some(TxnType::JournalEntry),
        Kind::Payment => Some(TxnType::Payment),
        _ => None,
    }
}
