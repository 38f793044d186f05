//! Bodies of journal entries.

use quickbooks::Reference;
use quickbooks::entity::{
    EntityRef, JournalEntry, JournalEntryLineDetail, JournalLine as EntryLine, PostingType,
};

use super::missing_id::MissingId;
use super::writer::{Header, Writer, reference};
use crate::company_preferences::ClassUse;
use crate::posting::{Journal, JournalLine, Side};

/// Writes a journal entry. Its lines carry classes in every company that tracks classes.
pub(super) fn journal_entry(
    writer: &Writer<'_>,
    journal: &Journal,
    header: Header,
) -> Result<JournalEntry, MissingId> {
    let class = match writer.preferences.classes {
        ClassUse::None => None,
        place => {
            let project = journal.project.as_ref();
            writer.class(place, project.filter(|_| journal.is_classed))?
        }
    };
    let lines = journal.lines.iter();
    let lines = lines.map(|line| entry_line(writer, line, class.as_ref()));
    Ok(JournalEntry {
        id: header.id,
        sync_token: header.sync_token,
        sparse: header.sparse,
        doc_number: header.number,
        txn_date: Some(journal.date),
        currency_ref: reference(journal.currency.as_ref()),
        private_note: Some(journal.note.clone()),
        line: lines.collect(),
    })
}

/// Writes a line. A class says on which project money was earned or held back; Accounts Receivable and deposits have none.
fn entry_line(writer: &Writer<'_>, line: &JournalLine, class: Option<&Reference>) -> EntryLine {
    let detail = JournalEntryLineDetail {
        posting_type: match line.side {
            Side::Debit => PostingType::Debit,
            Side::Credit => PostingType::Credit,
        },
        account_ref: Reference::to(&line.account),
        entity: Some(EntityRef::customer(&writer.ids.customer)),
        class_ref: class.filter(|_| line.role.is_of_project()).cloned(),
    };
    let mut body = EntryLine::posting(line.amount, detail);
    body.description = Some(line.description.clone());
    body
}
