//! References to list entries that were merged into others.
//!
//! If a customer, class, item or account is merged into another, QuickBooks replaces the old reference everywhere without making new
//! versions of the objects.

use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;

use super::field::text_of;
use super::line_differences::another_item_account;
use super::lines::written_lines;
use crate::posted_object::PostedObject;
use crate::posting::Posting;

/// A list entry that RIVET wrote as a reference, and the entry that QuickBooks has in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplacedReference {
    /// The kind of the entry: customer, class, item or account.
    pub kind: Kind,
    /// QuickBooks id of the entry that RIVET wrote.
    pub ours: String,
    /// QuickBooks id of the entry in its place.
    pub theirs: String,
}

impl PostedObject {
    /// Returns the references that QuickBooks has replaced. The caller must ask QuickBooks whether an entry was merged or a person
    /// changed the reference.
    #[must_use]
    pub fn replaced_references(&self, found: &ObjectSnapshot) -> Vec<ReplacedReference> {
        let mut all = Vec::new();
        let mut compare = |kind, ours: &str, theirs: &str| {
            let replaced = ReplacedReference {
                kind,
                ours: ours.to_owned(),
                theirs: theirs.to_owned(),
            };
            if ours != theirs && !theirs.is_empty() && !all.contains(&replaced) {
                all.push(replaced);
            }
        };
        if let Some(customer) = &found.customer {
            compare(Kind::Customer, &self.ids.customer, &customer.value);
        }
        let lines = written_lines(self);
        let class = self.ids.class.as_deref();
        if let Some(class) = class.filter(|_| lines.iter().any(|line| line.is_classed)) {
            for line in &found.lines {
                compare(Kind::Class, class, &line.class_id);
            }
        }
        let kind = match found.kind {
            Kind::JournalEntry => Kind::Account,
            _ => Kind::Item,
        };
        if lines.len() == found.lines.len() {
            for (line, found) in lines.iter().zip(&found.lines) {
                compare(kind, line.place, &found.account_or_item_id);
                if self.is_posted_differently && kind == Kind::Item {
                    compare(Kind::Account, line.item_account, &found.item_account_id);
                }
            }
        }
        if let (Posting::Payment(receipt), true) = (&self.posting, self.is_posted_differently) {
            let theirs = text_of(&found.deposit_account_id);
            let ours = receipt.deposit.iter();
            ours.for_each(|ours| compare(Kind::Account, ours, theirs));
        }
        all
    }

    /// Replaces the reference to an entry that was merged into another.
    pub fn apply_merge(&mut self, merged: &ReplacedReference) {
        let replace = |id: &mut String| {
            if *id == merged.ours {
                id.clone_from(&merged.theirs);
            }
        };
        match merged.kind {
            Kind::Customer => {
                replace(&mut self.ids.customer);
                self.ids.parent.iter_mut().for_each(replace);
            }
            Kind::Class => self.ids.class.iter_mut().for_each(replace),
            Kind::Item => self.ids.items.values_mut().for_each(replace),
            _ => match &mut self.posting {
                Posting::JournalEntry(journal) => {
                    let lines = journal.lines.iter_mut();
                    lines.for_each(|line| replace(&mut line.account));
                }
                Posting::Payment(receipt) => receipt.deposit.iter_mut().for_each(replace),
                // The lines keep the account by which RIVET finds their item.
                Posting::Invoice(_) | Posting::CreditMemo(_) => {
                    let merged = another_item_account(&merged.ours, &merged.theirs).acceptance();
                    self.taken_over_differences.push(merged);
                }
            },
        }
    }
}
