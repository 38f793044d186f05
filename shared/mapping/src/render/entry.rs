//! Journal entries.

use quickbooks::Reference;
use quickbooks::entity::{
    EntityRef, JournalEntry, JournalEntryLineDetail, JournalLine as EntryLine, PostingType,
};

use super::unresolved::Unresolved;
use super::writer::{Head, Writer, reference};
use crate::company_preferences::ClassUse;
use crate::posting::{Journal, JournalLine, JournalRole, Side};

impl Writer<'_> {
    pub(super) fn entry(&self, journal: &Journal, head: Head) -> Result<JournalEntry, Unresolved> {
        let class = match self.books.classes {
            ClassUse::None => None,
            wherever => self.class(journal.classed, wherever, &journal.project)?,
        };
        Ok(JournalEntry {
            id: head.id,
            sync_token: head.sync_token,
            sparse: head.sparse,
            doc_number: head.number,
            txn_date: Some(journal.date),
            currency_ref: reference(journal.currency.as_ref()),
            private_note: Some(journal.note.clone()),
            line: journal
                .lines
                .iter()
                .map(|line| self.entry_line(line, class.as_ref()))
                .collect(),
        })
    }

    /// A class says what was earned or held back on a project; what is owed is the customer's, whatever for.
    fn entry_line(&self, line: &JournalLine, class: Option<&Reference>) -> EntryLine {
        let detail = JournalEntryLineDetail {
            posting_type: match line.side {
                Side::Debit => PostingType::Debit,
                Side::Credit => PostingType::Credit,
            },
            account_ref: Reference::to(&line.account),
            entity: Some(EntityRef::customer(&self.ids.customer)),
            class_ref: class
                .filter(|_| line.role != JournalRole::Receivable)
                .cloned(),
        };
        let mut body = EntryLine::posting(line.amount, detail);
        body.description = Some(line.description.clone());
        body
    }
}
