//! Entries of lists that were merged into others: whatever named the one names the other from then on, without a new version.

use quickbooks::Kind;
use quickbooks::entity::Standing;

use crate::posted_object::Posted;
use crate::posting::Posting;

/// An entry of a list that we named, and the one that stands in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Customer, class, item or account.
    pub kind: Kind,
    /// The id that we wrote.
    pub ours: String,
    /// The id that stands there.
    pub theirs: String,
}

impl Posted {
    /// The entries of lists in whose place another one stands. Whether somebody put it there, or it was merged, only QuickBooks knows.
    #[must_use]
    pub fn replaced(&self, found: &Standing) -> Vec<Replaced> {
        let mut all = Vec::new();
        let mut note = |kind, ours: &str, theirs: &str| {
            let replaced = Replaced {
                kind,
                ours: ours.to_owned(),
                theirs: theirs.to_owned(),
            };
            if ours != theirs && !theirs.is_empty() && !all.contains(&replaced) {
                all.push(replaced);
            }
        };
        if let Some(customer) = &found.customer {
            note(Kind::Customer, &self.ids.customer, &customer.value);
        }
        let (ours, is_entry) = (self.lines(), found.kind == Kind::JournalEntry);
        let class = self.ids.class.as_deref();
        let class = class.filter(|_| ours.iter().any(|line| line.is_classed()));
        for words in found.words.iter().skip(1) {
            class
                .iter()
                .for_each(|class| note(Kind::Class, class, &words[1]));
        }
        let kind = if is_entry { Kind::Account } else { Kind::Item };
        if ours.len() == found.lines.len() {
            for (line, (place, _)) in ours.iter().zip(&found.lines) {
                note(kind, line.place(), place);
            }
        }
        all
    }

    /// One entry of a list was merged into another: it names that one.
    pub fn follow(&mut self, merged: &Replaced) {
        let follow = |id: &mut String| {
            if *id == merged.ours {
                id.clone_from(&merged.theirs);
            }
        };
        match merged.kind {
            Kind::Customer => follow(&mut self.ids.customer),
            Kind::Class => self.ids.class.iter_mut().for_each(follow),
            Kind::Item => self.ids.items.values_mut().for_each(follow),
            _ => {
                if let Posting::JournalEntry(journal) = &mut self.posting {
                    journal
                        .lines
                        .iter_mut()
                        .for_each(|line| follow(&mut line.account));
                }
            }
        }
    }
}
