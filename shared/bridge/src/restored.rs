//! The operator's word that the store was set back: from then on, RIVET looks in QuickBooks before it makes anything.

use jiff::Timestamp;
use ports::records::Records;
use serde::Serialize;
use store::Store;
use store::index_margin;

use crate::error::Error;

/// The answer to the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Restored {
    /// The time of the state that was put back: the earliest one, if the store was set back several times.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub since: Timestamp,
    /// The time of the command. What RIVET knows from before is looked at in QuickBooks before anything is made of it.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub restored_at: Timestamp,
    /// The time until which what was posted last may be missing from the answers of QuickBooks. New postings wait until then.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub posts_from: Timestamp,
}

/// Records that the store was set back to its state at `since`. A repeated command changes only the times.
///
/// # Errors
/// [`Error::Field`] if `since` is in the future. The store fails.
pub async fn restored<R: Records>(
    store: &Store<R>,
    since: Timestamp,
    now: Timestamp,
) -> Result<Restored, Error> {
    if since > now {
        return Err(Error::Field {
            field: "since".to_owned(),
            problem: "must not be in the future".to_owned(),
        });
    }
    let saved = store.save_restore(since, now).await?;
    Ok(Restored {
        since: saved.since,
        restored_at: saved.at,
        posts_from: index_margin::visible_from(saved.at),
    })
}
