//! Carrying out a step whose number is taken.

use super::failed;
use crate::catalogue::Setback;
use crate::document::{DocumentRecord, Saga};
use crate::lookup::Whose;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::reason::Reason;
use jiff::Timestamp;
use mapping::Posting;
use quickbooks::entity::Standing;
use quickbooks::fault::Duplicate;

/// How many other numbers are tried at a time.
const OTHER_NUMBERS: usize = 2;

impl<H: Http, R: Records> Office<'_, H, R> {
    /// Carries a step out whose number is taken: by itself, or by somebody else's transaction; then under another number. That is
    /// recorded before it is sent, under a request id of its own, as the content is another.
    pub(super) async fn renumbered(
        &mut self,
        record: &mut DocumentRecord,
        (saga, at): (&mut Saga, usize),
        mut taken: (Reason, Option<Box<Duplicate>>),
        now: Timestamp,
    ) -> Result<Standing, Halt> {
        for _ in 0..OTHER_NUMBERS {
            let number = match self.whose_number(&saga.steps[at], taken.1, now).await? {
                Whose::Ours(found) => return Ok(*found),
                Whose::Others(Some(number)) => number,
                Whose::Others(None) => return Err(failed(taken.0)),
            };
            let open = &mut saga.steps[at];
            let planned = open.step.posting().and_then(Posting::number);
            open.planned_number = open.planned_number.take().or(planned.map(str::to_owned));
            open.step.renumber(&number);
            open.item = None;
            saga.steps[at].request_id = self.step_key(record, (at, &saga.steps[at].step));
            record.saga = Some(std::mem::take(saga));
            let kept = self.keep(record).await;
            *saga = record.saga.take().unwrap_or_default();
            kept?;
            match self
                .one_step(&saga.steps[at], &saga.ids, (false, now))
                .await
            {
                Err(Halt::Setback(Setback::NumberTaken(reason, named))) => taken = (reason, named),
                answer => return answer,
            }
        }
        match self.whose_number(&saga.steps[at], taken.1, now).await? {
            Whose::Ours(found) => Ok(*found),
            Whose::Others(_) => Err(failed(taken.0)),
        }
    }
}
