//! Carrying out a posting step by step, so that no step is ever done twice.
//!
//! All steps are recorded before the first is sent. From then on each open step may have been carried
//! out; whoever comes back to them asks the company first and sends only what it does not have, under
//! the same request id.

use crate::catalogue::Setback;
use crate::document::{DocumentRecord, Saga, SagaStep, State};
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use jiff::Timestamp;
use mapping::{Ids, Posted, Stands, Step};
use quickbooks::entity::Standing;
use quickbooks::request::Write;
use sha2::{Digest, Sha256};

/// Intuit's idempotency key for something that is always called by the same names: 36 hex characters,
/// which also fits a batch.
pub(crate) fn request_id(names: &[&str]) -> String {
    let mut hash = Sha256::new();
    for name in names {
        hash.update(name.len().to_be_bytes());
        hash.update(name);
    }
    hash.finalize()
        .iter()
        .take(18)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl<H: Http, R: Records> Office<'_, H, R> {
    /// Records a posting before anything of it is sent.
    pub(crate) async fn begin(
        &self,
        record: &mut DocumentRecord,
        (steps, ids): (Vec<Step>, Ids),
        now: Timestamp,
    ) -> Result<(), Halt> {
        record.round += 1;
        let realm = self
            .connection
            .company
            .as_ref()
            .map_or("", |company| &company.realm_id);
        let (reference, round) = (record.reference.to_string(), record.round.to_string());
        let steps = steps.into_iter().enumerate().map(|(at, step)| {
            let names = [
                self.firm.as_ref(),
                realm,
                &reference,
                &round,
                &at.to_string(),
                &step.hash(),
            ];
            SagaStep {
                request_id: request_id(&names),
                step,
                done: false,
            }
        });
        record.saga = Some(Saga {
            steps: steps.collect(),
            ids,
        });
        record.state = State::Posting;
        record.updated_at = now;
        Ok(self.bridge.store.keep_document(self.firm, record).await?)
    }

    /// Carries out the open steps. `resumed`: they may have been sent before.
    pub(crate) async fn carry_out(
        &mut self,
        record: &mut DocumentRecord,
        resumed: bool,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let Some(mut saga) = record.saga.take() else {
            return Ok(());
        };
        let outcome = self.each_step(record, &mut saga, (resumed, now)).await;
        let open = matches!(&outcome, Err(Halt::Broken(_)))
            || matches!(&outcome, Err(Halt::Setback(setback)) if setback.leaves_open());
        // A step that was definitely refused ends the saga: what stands is known, and the next attempt
        // plans the rest anew.
        record.saga = open.then_some(saga);
        outcome
    }

    async fn each_step(
        &mut self,
        record: &mut DocumentRecord,
        saga: &mut Saga,
        (resumed, now): (bool, Timestamp),
    ) -> Result<(), Halt> {
        let ids = saga.ids.clone();
        for open in saga.steps.iter_mut().filter(|step| !step.done) {
            let found = self.one_step(open, &ids, (resumed, now)).await?;
            apply(record, (&open.step, &ids), found);
            open.done = true;
        }
        Ok(())
    }

    async fn one_step(
        &mut self,
        open: &SagaStep,
        ids: &Ids,
        (resumed, now): (bool, Timestamp),
    ) -> Result<Standing, Halt> {
        if resumed && let Some(object) = self.look_up(&open.step, now).await? {
            return Ok(object);
        }
        let write = self.rendered(&open.step, ids)?;
        match self
            .write((&write, &open.request_id), open.step.date(), now)
            .await
        {
            Err(Halt::Setback(Setback::NumberTaken(reason))) => {
                let ours = self.look_up(&open.step, now).await?;
                ours.ok_or(Halt::Setback(Setback::Settle(State::Failed(reason))))
            }
            // It was looked up before it was sent again, and is not there.
            Err(Halt::Setback(Setback::Repeated(reason))) if resumed => {
                Err(Halt::Setback(Setback::Settle(State::Failed(reason))))
            }
            answer => answer,
        }
    }

    fn rendered(&self, step: &Step, ids: &Ids) -> Result<Write, Halt> {
        mapping::render(step, ids, &self.books()).map_err(|unresolved| {
            let reason = crate::reason::Reason::new(
                "unresolved",
                crate::reason::Action::ContactSupport,
                unresolved.to_string(),
            );
            Halt::Setback(Setback::Settle(State::Failed(reason)))
        })
    }
}

impl Setback {
    /// Whether the steps that are still open may have been carried out, or simply wait.
    fn leaves_open(&self) -> bool {
        match self {
            Self::Settle(_) | Self::NumberTaken(_) | Self::Missing(_) => false,
            Self::Later(_)
            | Self::Lost(_)
            | Self::Unknown(_)
            | Self::Unauthorized
            | Self::Repeated(_) => true,
        }
    }
}

/// Notes what a step did to the books.
fn apply(record: &mut DocumentRecord, (step, ids): (&Step, &Ids), found: Standing) {
    let Standing {
        id,
        sync_token,
        doc_number: number,
        ..
    } = found;
    let stands = Stands {
        id,
        sync_token,
        number,
        ids: ids.clone(),
    };
    Posted::apply(&mut record.posted, step, stands);
}
