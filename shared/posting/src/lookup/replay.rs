//! Recognises repeated answers.
//!
//! QuickBooks answers a request id that it knows with its first answer, even if the object was deleted since. The answer to a step that was
//! sent before therefore proves only that the step was carried out once. The object is read by its id before the answer counts.

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::lookup::company_lookup::without_write_time;
use jiff::Timestamp;
use mapping::Step;
use ports::http::Http;
use ports::records::Records;
use ports::time::after;
use quickbooks::entity::ObjectSnapshot;
use store::document::saga::LastSending;
use store::index_margin::CLOCK_SLACK;

/// A sending of a step.
#[derive(Clone, Copy)]
pub struct Sending<'a> {
    /// The step.
    pub step: &'a Step,
    /// The last sending before this one.
    pub sent_before: LastSending,
    /// The instant before this sending.
    pub began_at: Timestamp,
}

/// Returns the object of an answer, as it is in QuickBooks now.
///
/// # Errors
/// [`PostingError::PlanAgain`] if the object is gone or void, so that the step is not done. [`PostingError::StillUnknown`] if the object could
/// not be read.
pub async fn confirm<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    sending: Sending<'_>,
    answer: ObjectSnapshot,
    now: Timestamp,
) -> Result<ObjectSnapshot, PostingError> {
    if !sending.may_be_repeated(&answer) {
        return Ok(answer);
    }
    let found = match ctx.client.get(answer.kind, &answer.id, now).await {
        Ok(found) => found.filter(|found| sending.is_effective(found)),
        Err(error) => return Err(ctx.lookup_error(error, now).await.into()),
    };
    match found {
        None => Err(PostingError::PlanAgain),
        Some(found) if found.sync_token == answer.sync_token => Ok(answer),
        Some(found) => Ok(without_write_time(found)),
    }
}

impl Sending<'_> {
    /// Returns whether an answer may belong to an earlier sending: its object is older than this sending, or not certainly newer than the
    /// sending before.
    fn may_be_repeated(&self, answer: &ObjectSnapshot) -> bool {
        let written_at = match self.step {
            Step::Create { .. } | Step::Reverse { .. } | Step::Apply { .. } => answer.created_at,
            Step::Update { .. } | Step::Void { .. } | Step::Zero { .. } => answer.updated_at,
        };
        let is_older = written_at.is_some_and(|at| after(at, CLOCK_SLACK) < self.began_at);
        let is_newer_than_before = match self.sent_before {
            LastSending::Never => true,
            LastSending::EndedBy(before) => {
                written_at.is_some_and(|at| at > after(before, CLOCK_SLACK))
            }
        };
        is_older || !is_newer_than_before
    }

    /// Returns whether an object still shows what the step did.
    fn is_effective(&self, found: &ObjectSnapshot) -> bool {
        match self.step {
            Step::Create { .. }
            | Step::Reverse { .. }
            | Step::Apply { .. }
            | Step::Update { .. } => !found.is_voided(),
            Step::Void { .. } | Step::Zero { .. } => {
                found.total.is_some_and(|total| total.is_zero())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;
    use mapping::Target;
    use quickbooks::Kind;
    use quickbooks::entity::TxnType;

    fn at(second: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
    }

    fn void() -> Step {
        Step::Void {
            slot: mapping::Slot::Sale,
            target: Target {
                kind: TxnType::Invoice,
                id: "130".into(),
                sync_token: "0".into(),
                date: "2026-03-31".parse().unwrap(),
            },
        }
    }

    fn written(at: Option<Timestamp>) -> ObjectSnapshot {
        ObjectSnapshot {
            kind: Kind::Invoice,
            id: "130".into(),
            sync_token: "1".into(),
            doc_number: None,
            private_note: None,
            date: None,
            customer: None,
            total: None,
            balance: None,
            customer_memo: String::new(),
            due_date: String::new(),
            lines: Vec::new(),
            payment_reference: None,
            created_at: None,
            updated_at: at,
            links: Vec::new(),
            unapplied_amount: None,
            exchange_rate: None,
            deposit_account_id: None,
        }
    }

    #[test]
    fn answer_may_be_repeated_unless_newer_than_sending() {
        let step = void();
        let may_be_repeated = |sent_before, written_at: Option<i64>| {
            let sending = Sending {
                step: &step,
                sent_before,
                began_at: at(10_000),
            };
            sending.may_be_repeated(&written(written_at.map(at)))
        };
        let never = LastSending::Never;
        assert!(!may_be_repeated(never, Some(10_000)) && !may_be_repeated(never, None));
        assert!(!may_be_repeated(never, Some(9_700)) && may_be_repeated(never, Some(9_699)));
        let recently = LastSending::EndedBy(at(9_880));
        assert!(may_be_repeated(recently, Some(10_000)) && may_be_repeated(recently, None));
        let hours_ago = LastSending::EndedBy(at(1_000));
        assert!(!may_be_repeated(hours_ago, Some(10_000)));
        assert!(may_be_repeated(hours_ago, Some(1_100)));
    }
}
