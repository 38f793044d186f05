//! Asking the company whether a step was carried out: by number or day, and by our mark in the note.

use crate::catalogue::Setback;
use crate::document::SagaStep;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use jiff::Timestamp;
use mapping::{Posting, Step, Target};
use quickbooks::Query;
use quickbooks::entity::Standing;
use quickbooks::fault::Duplicate;
use quickbooks::query::{Field, MAX_RESULTS};

impl<H: Http, R: Records> Office<'_, H, R> {
    /// How the object that a step made or changed stands, if the step was carried out.
    pub(crate) async fn look_up(
        &mut self,
        step: &Step,
        now: Timestamp,
    ) -> Result<Option<Standing>, Halt> {
        let found = match step {
            Step::Create { posting, .. } | Step::Reverse { posting, .. } => {
                self.find(posting, now).await?
            }
            Step::Update {
                target, posting, ..
            }
            | Step::Zero {
                target, posting, ..
            } => {
                let current = self.changed(target, now).await?;
                current.filter(|found| is_ours(found, posting.note()))
            }
            Step::Void { target, .. } => {
                let current = self.changed(target, now).await?;
                current.filter(|found| found.total.is_some_and(|total| total.is_zero()))
            }
        };
        Ok(found.map(late))
    }

    /// Whose transaction has the number of a step: ours, whose answer was lost, or somebody else's.
    pub(crate) async fn whose_number(
        &mut self,
        open: &SagaStep,
        named: Option<Box<Duplicate>>,
        now: Timestamp,
    ) -> Result<Whose, Halt> {
        let posting = match &open.step {
            Step::Create { posting, .. } | Step::Reverse { posting, .. } => posting,
            _ => return self.ours_only(&open.step, now).await,
        };
        let Some(number) = posting.number().filter(|_| self.books().custom_numbers) else {
            return self.ours_only(&open.step, now).await;
        };
        let (kind, planned) = (posting.kind(), open.planned_number.as_deref());
        let planned = planned.unwrap_or(number);
        let stem = mapping::number_stem(planned, kind);
        let query = Query::from(kind).filter(Field::DocNumber.starts_with(&stem));
        let mut found = self.standings(&query, now).await?;
        // The index may lag behind, and a number that was shortened does not begin with the stem.
        if let Some(named) = named.filter(|named| named.kind.kind() == Some(kind))
            && !found.iter().any(|found| found.id == named.id)
        {
            found.push(self.standing((kind, &named.id), now).await?);
        }
        if let Some(at) = found
            .iter()
            .position(|found| is_ours(found, posting.note()))
        {
            return Ok(Whose::Ours(Box::new(late(found.swap_remove(at)))));
        }
        let taken = found.iter().filter_map(|found| found.doc_number.as_deref());
        let taken: Vec<&str> = taken.chain([number]).collect();
        Ok(Whose::Others(mapping::free_number(planned, kind, &taken)))
    }

    async fn ours_only(&mut self, step: &Step, now: Timestamp) -> Result<Whose, Halt> {
        let found = self.look_up(step, now).await?;
        let ours = found.map(|found| Whose::Ours(Box::new(found)));
        Ok(ours.unwrap_or(Whose::Others(None)))
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
        let found = self.standings(&self.query_for(posting), now).await?;
        ours(found, posting).map_err(Halt::Setback)
    }

    /// What finds a posting, if it is there: its number, or its day where QuickBooks numbers by itself.
    pub(crate) fn query_for(&self, posting: &Posting) -> Query {
        let field = match posting.number().filter(|_| self.books().custom_numbers) {
            Some(number) => Field::DocNumber.equals(number),
            None => Field::TxnDate.equals(posting.date()),
        };
        Query::from(posting.kind()).filter(field)
    }
}

/// Which of the transactions found is the posting, if one is.
pub(crate) fn ours(found: Vec<Standing>, posting: &Posting) -> Result<Option<Standing>, Setback> {
    if found.len() >= MAX_RESULTS as usize {
        let why = "too many transactions of that day to be sure".to_owned();
        return Err(Setback::Unknown(why));
    }
    let mut found = found.into_iter();
    let ours = found.find(|found| is_ours(found, posting.note()));
    Ok(ours.map(late))
}

/// Somebody may have been there between our write and the look-up, so the time of the version that was found is not the time at which
/// we wrote.
fn late(found: Standing) -> Standing {
    Standing {
        updated_at: None,
        ..found
    }
}

/// Whose transaction has a number.
pub(crate) enum Whose {
    /// It is what the step was to make.
    Ours(Box<Standing>),
    /// Somebody else's; with the next number that is free, if there is one.
    Others(Option<String>),
}

/// Our mark is the note that we write; a void in QuickBooks puts a word in front of it.
fn is_ours(found: &Standing, mark: &str) -> bool {
    found
        .private_note
        .as_ref()
        .is_some_and(|note| note.ends_with(mark))
}
