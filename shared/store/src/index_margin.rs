//! The time that the index of QuickBooks needs, and the sendings after which RIVET gives up.

use jiff::{SignedDuration, Timestamp};
use ports::time::after;

/// The time after a sending before a query that finds nothing counts. Queries and change data of QuickBooks lag behind writes by seconds to
/// minutes; reads by id do not. A request that its sender no longer awaits is carried out within this time, too.
const INDEX_MARGIN: SignedDuration = SignedDuration::from_mins(2);

/// The most by which the clocks of RIVET and QuickBooks differ.
pub const CLOCK_SLACK: SignedDuration = SignedDuration::from_mins(5);

/// The sendings without a clear answer after which a step that does not stand is given up, if `GIVE_UP_AFTER` has passed too.
const ENOUGH_SENDINGS: u32 = 6;

/// The time since the start of a saga after which a step that does not stand is given up. Most outages are shorter.
const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(2);

/// Returns the instant from which a query that finds nothing shows that a sending that ended at `ended_at` was not carried out.
pub fn visible_from(ended_at: Timestamp) -> Timestamp {
    after(ended_at, INDEX_MARGIN)
}

/// Returns the instant, by QuickBooks' clock, since which changes may be missing from what its queries answer at `asked_at`, by RIVET's.
pub fn unlisted_since(asked_at: Timestamp) -> Timestamp {
    after(after(asked_at, -INDEX_MARGIN), -CLOCK_SLACK)
}

/// Returns whether a query at `asked_at` may not show yet what QuickBooks wrote at this second of Unix time.
pub fn may_be_unseen(written_at: i64, asked_at: Timestamp) -> bool {
    let second = Timestamp::from_second(written_at);
    second.is_ok_and(|written_at| written_at > unlisted_since(asked_at))
}

/// Returns whether something was sent often and long enough, without a clear answer, to tell a person. It must be known not to stand.
pub fn is_given_up(sendings: u32, since: Timestamp, now: Timestamp) -> bool {
    sendings >= ENOUGH_SENDINGS && now >= after(since, GIVE_UP_AFTER)
}

/// Returns the next full second, in seconds since 1970, so that a stored instant is not before the sending.
pub fn full_second(ended_at: Timestamp) -> i64 {
    ended_at.as_second() + i64::from(ended_at.subsec_nanosecond() > 0)
}
