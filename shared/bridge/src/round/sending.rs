//! What becomes of a round: what it needs is found, what it begins is recorded, sent, and heard of.

use super::{Posted, Round};
use crate::document::{DocumentRecord, State};
use crate::error::Error;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::post::Case;
use crate::resolve::{Targets, Wanting};
use crate::saga::Sent;
use jiff::Timestamp;
use mapping::{Ids, Step};

impl<H: Http, R: Records> Office<'_, H, R> {
    /// Posts a round.
    pub(crate) async fn post(&mut self, round: Round, now: Timestamp) -> Result<Posted, Error> {
        let mut posted = Posted::default();
        let wanting: Vec<Wanting<'_>> = round
            .drafts
            .iter()
            .map(|draft| (&draft.document, &draft.plan))
            .collect();
        self.acquaint(&wanting, true, now).await?;
        let mut ready = Vec::new();
        let mut drafts = round.drafts.into_iter();
        for draft in drafts.by_ref() {
            let mut case = draft.case;
            let about = (&draft.document, &draft.plan);
            match self.prepare(&mut case, about, draft.targets, now).await {
                Ok((steps, _)) if steps.is_empty() => {
                    let outcome = self.complete(&case.record, &case.waiting).await;
                    posted.tried.push(self.settle(case, outcome, now).await?);
                }
                Ok(steps) => ready.push((case, steps)),
                Err(halt) => {
                    let waits = matches!(&halt, Halt::Setback(setback) if setback.is_wait());
                    posted.tried.push(self.settle(case, Err(halt), now).await?);
                    if waits {
                        break;
                    }
                }
            }
        }
        posted.left.extend(drafts.map(|draft| draft.case.waiting));
        self.send(ready, &mut posted, now).await?;
        Ok(posted)
    }

    async fn prepare(
        &mut self,
        case: &mut Case,
        (document, plan): Wanting<'_>,
        targets: Targets,
        now: Timestamp,
    ) -> Result<(Vec<Step>, Ids), Halt> {
        let ids = self.resolve((document, plan), targets)?;
        let waiting = &case.waiting;
        let steps = self.ready(&mut case.record, (waiting, document), (plan, &ids), now);
        Ok((steps.await?, ids))
    }

    /// Finishes documents that were begun in one batch.
    pub(crate) async fn resume(
        &mut self,
        mut cases: Vec<Case>,
        now: Timestamp,
    ) -> Result<Posted, Error> {
        let mut records: Vec<&mut DocumentRecord> =
            cases.iter_mut().map(|case| &mut case.record).collect();
        let sent = self.resume_together(&mut records, now).await?;
        let mut posted = Posted::default();
        self.conclude((cases, sent), &mut posted, now).await?;
        Ok(posted)
    }

    /// Sends what is ready, after all of it was recorded.
    async fn send(
        &mut self,
        ready: Vec<(Case, (Vec<Step>, Ids))>,
        posted: &mut Posted,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut cases = Vec::new();
        for (mut case, ready) in ready {
            self.begin(&mut case.record, ready, now);
            cases.push(case);
        }
        let mut records: Vec<&mut DocumentRecord> =
            cases.iter_mut().map(|case| &mut case.record).collect();
        let sent = self.carry_out_together(&mut records, now).await?;
        if matches!(sent, Sent::Nothing(_)) && cases.len() > 1 {
            // Else a later worker that dies would have it taken for sent, whatever was chosen or said since.
            self.keep_journal(Vec::new()).await?;
        }
        self.conclude((cases, sent), posted, now).await
    }

    /// Keeps what became of documents that went out together.
    async fn conclude(
        &mut self,
        (cases, sent): (Vec<Case>, Sent),
        posted: &mut Posted,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut cases = cases.into_iter();
        match sent {
            Sent::Each(outcomes) => {
                for (mut case, outcome) in cases.by_ref().zip(outcomes) {
                    let outcome = match outcome {
                        Ok(()) => self.go_on(&mut case, now).await,
                        Err(halt) => Err(halt),
                    };
                    posted.tried.push(self.settle(case, outcome, now).await?);
                }
            }
            // Whose fault it is that all of it was refused shows in smaller rounds.
            Sent::Nothing(setback) if cases.len() > 1 && !setback.is_wait() => {}
            // One says why; of the others nothing is known that was not known before.
            Sent::Nothing(setback) => {
                if let Some(case) = cases.next() {
                    let outcome = Err(Halt::Setback(setback));
                    posted.tried.push(self.settle(case, outcome, now).await?);
                }
            }
        }
        posted.left.extend(cases.map(|case| case.waiting));
        Ok(())
    }

    /// What was begun stands. Something newer may have come since.
    async fn go_on(&mut self, case: &mut Case, now: Timestamp) -> Result<State, Halt> {
        let (record, waiting) = (&mut case.record, &case.waiting);
        record.saga = None;
        if record.covers(waiting.revision, waiting.void) {
            return self.complete(record, waiting).await;
        }
        self.advance(record, waiting, now).await
    }
}
