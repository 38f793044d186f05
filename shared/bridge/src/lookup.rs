//! Asking the company whether a step was carried out: by number or day, and by our mark in the note.

use crate::catalogue::Setback;
use crate::document::State;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use jiff::Timestamp;
use mapping::{Posting, Step, Target};
use quickbooks::entity::{CreditMemo, Invoice, JournalEntry, Payment};
use quickbooks::query::Field;
use quickbooks::{Kind, Object, Query};

impl<H: Http, R: Records> Office<'_, H, R> {
    /// The object that a step made or changed, if it was carried out.
    pub(crate) async fn look_up(
        &mut self,
        step: &Step,
        now: Timestamp,
    ) -> Result<Option<Object>, Halt> {
        match step {
            Step::Create { posting, .. } | Step::Reverse { posting, .. } => {
                self.find(posting, now).await
            }
            Step::Update {
                target, posting, ..
            }
            | Step::Zero {
                target, posting, ..
            } => {
                let current = self.current(target, now).await?;
                Ok(current.filter(|object| object.private_note() == Some(posting.note())))
            }
            Step::Void { target, .. } => {
                let current = self.current(target, now).await?;
                Ok(current.filter(|object| object.total().is_some_and(|total| total.is_zero())))
            }
        }
    }

    /// An object as it is now, if it changed since we last saw it.
    async fn current(&mut self, target: &Target, now: Timestamp) -> Result<Option<Object>, Halt> {
        let Some(kind) = target.kind.kind() else {
            return Ok(None);
        };
        let object = self.object(kind, &target.id, now).await?;
        Ok(Some(object).filter(|object| object.sync_token() != Some(target.sync_token.as_str())))
    }

    async fn find(&mut self, posting: &Posting, now: Timestamp) -> Result<Option<Object>, Halt> {
        let field = match posting.number().filter(|_| self.books().custom_numbers) {
            Some(number) => Field::DocNumber.equals(number),
            None => Field::TxnDate.equals(posting.date()),
        };
        let kind = posting.kind();
        let query = Query::from(kind).filter(field);
        let found: Vec<Object> = match kind {
            Kind::Invoice => objects(self.query::<Invoice>(&query, now).await?),
            Kind::CreditMemo => objects(self.query::<CreditMemo>(&query, now).await?),
            Kind::JournalEntry => objects(self.query::<JournalEntry>(&query, now).await?),
            Kind::Payment => objects(self.query::<Payment>(&query, now).await?),
            _ => Vec::new(),
        };
        if found.len() >= 1000 {
            let why = "too many transactions of that day to be sure".to_owned();
            return Err(Halt::Setback(Setback::Unknown(why)));
        }
        Ok(found
            .into_iter()
            .find(|object| is_ours(object, posting.note())))
    }

    /// Whether something that we posted is as we left it and nothing was paid on it.
    pub(crate) async fn is_untouched(
        &mut self,
        target: &Target,
        now: Timestamp,
    ) -> Result<Untouched, Halt> {
        let Some(kind) = target.kind.kind() else {
            return Ok(Untouched::Yes);
        };
        let object = match self.object(kind, &target.id, now).await {
            Err(Halt::Setback(Setback::Settle(State::Failed(_)))) => return Ok(Untouched::Changed),
            object => object?,
        };
        Ok(match (object.balance(), object.total()) {
            (Some(balance), Some(total)) if balance != total => Untouched::Paid,
            _ if object.sync_token() != Some(target.sync_token.as_str()) => Untouched::Changed,
            _ => Untouched::Yes,
        })
    }
}

/// How something that we posted is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Untouched {
    /// As we left it.
    Yes,
    /// Money was applied to it.
    Paid,
    /// Edited, voided or deleted.
    Changed,
}

fn objects<T: Into<Object>>(found: Vec<T>) -> Vec<Object> {
    found.into_iter().map(Into::into).collect()
}

/// Our mark is the note that we write; a void in QuickBooks puts a word in front of it.
fn is_ours(object: &Object, note: &str) -> bool {
    object
        .private_note()
        .is_some_and(|found| found.ends_with(note))
}
