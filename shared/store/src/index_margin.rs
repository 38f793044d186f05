//! The time that the index of QuickBooks needs, and the sendings after which RIVET gives up.

use jiff::SignedDuration;

/// The time after a sending before a query that finds nothing counts. Queries and change data of QuickBooks lag behind writes by seconds to
/// minutes; reads by id do not. A request that its sender no longer awaits is carried out within this time, too.
pub const INDEX_MARGIN: SignedDuration = SignedDuration::from_mins(2);

/// The sendings without a clear answer after which a step that does not stand is given up, if [`GIVE_UP_AFTER`] has passed too.
pub const ENOUGH_SENDINGS: u32 = 6;

/// The time since the start of a saga after which a step that does not stand is given up. Most outages are shorter.
pub const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(2);
