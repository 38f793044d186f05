//! Asking the company whether a step was carried out: by number or day, and by our mark in the note.

use crate::catalogue::Setback;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use jiff::Timestamp;
use mapping::{Posting, Step, Target};
use quickbooks::Query;
use quickbooks::entity::Standing;
use quickbooks::query::{Field, MAX_RESULTS};

impl<H: Http, R: Records> Office<'_, H, R> {
    /// How the object that a step made or changed stands, if the step was carried out.
    pub(crate) async fn look_up(
        &mut self,
        step: &Step,
        now: Timestamp,
    ) -> Result<Option<Standing>, Halt> {
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
                let current = self.changed(target, now).await?;
                Ok(current.filter(|found| is_ours(found, posting.note())))
            }
            Step::Void { target, .. } => {
                let current = self.changed(target, now).await?;
                Ok(current.filter(|found| found.total.is_some_and(|total| total.is_zero())))
            }
        }
    }

    /// How an object stands, if it changed since we last saw it.
    async fn changed(&mut self, target: &Target, now: Timestamp) -> Result<Option<Standing>, Halt> {
        let Some(kind) = target.kind.kind() else {
            return Ok(None);
        };
        let found = self.standing((kind, &target.id), now).await?;
        Ok(Some(found).filter(|found| found.sync_token != target.sync_token))
    }

    async fn find(&mut self, posting: &Posting, now: Timestamp) -> Result<Option<Standing>, Halt> {
        let field = match posting.number().filter(|_| self.books().custom_numbers) {
            Some(number) => Field::DocNumber.equals(number),
            None => Field::TxnDate.equals(posting.date()),
        };
        let found = self
            .standings(&Query::from(posting.kind()).filter(field), now)
            .await?;
        if found.len() >= MAX_RESULTS as usize {
            let why = "too many transactions of that day to be sure".to_owned();
            return Err(Halt::Setback(Setback::Unknown(why)));
        }
        Ok(found
            .into_iter()
            .find(|found| is_ours(found, posting.note())))
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
        let found = match self.standing((kind, &target.id), now).await {
            // It is gone.
            Err(Halt::Setback(Setback::Missing(_))) => return Ok(Untouched::Changed),
            found => found?,
        };
        Ok(match (found.balance, found.total) {
            (Some(balance), Some(total)) if balance != total => Untouched::Paid,
            _ if found.sync_token != target.sync_token => Untouched::Changed,
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

/// Our mark is the note that we write; a void in QuickBooks puts a word in front of it.
fn is_ours(found: &Standing, mark: &str) -> bool {
    found
        .private_note
        .as_ref()
        .is_some_and(|note| note.ends_with(mark))
}
