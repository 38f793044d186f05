//! The view of a look-up: the transactions that QuickBooks perhaps has.

use jiff::Timestamp;
use mapping::Step;
use quickbooks::entity::TxnType;
use serde::Serialize;
use store::document::DocumentRecord;
use store::queue::entry::QueueEntry;

/// The look-up of a document in doubt.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct LookupView {
    /// The start of the posting in doubt. `None` if a customer, class or item is in doubt.
    since: Option<Timestamp>,
    /// The transactions in doubt.
    objects: Vec<SoughtView>,
    /// The instant of the next look-up.
    next_at: Option<Timestamp>,
}

/// A transaction in doubt.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct SoughtView {
    #[serde(rename = "type")]
    kind: TxnType,
    /// The id in QuickBooks, if RIVET changes the transaction. `None` if RIVET creates it.
    id: Option<String>,
    number: Option<String>,
}

impl LookupView {
    /// Returns what the saga and the queue entry say about the look-up.
    pub(super) fn of(record: &DocumentRecord, entry: Option<&QueueEntry>) -> Self {
        let saga = record.saga.as_ref();
        let since = saga.and_then(|saga| Timestamp::from_second(saga.since).ok());
        Self {
            since: since.filter(|since| *since > Timestamp::UNIX_EPOCH),
            objects: saga
                .iter()
                .flat_map(|saga| saga.open_steps())
                .filter_map(|open| sought_view(&open.step))
                .collect(),
            next_at: entry.and_then(|entry| entry.state.runnable_at()),
        }
    }
}

fn sought_view(step: &Step) -> Option<SoughtView> {
    let (target, posting) = (step.target(), step.posting());
    Some(SoughtView {
        kind: match target {
            Some(target) => target.kind,
            None => posting?.txn_type(),
        },
        id: target.map(|target| target.id.clone()),
        number: posting
            .and_then(|posting| posting.number())
            .map(str::to_owned),
    })
}
