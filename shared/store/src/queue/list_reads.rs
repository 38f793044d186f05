//! The reads for a settings page, which need no lease.

use crate::queue::Queue;
use crate::rate_limiter::{CallKind, Permit};
use jiff::Timestamp;
use ports::time::after;

impl Queue {
    /// Requests one call with this many reads for a settings page, and counts them if the call may be made now. Without a worker, the call
    /// counts in the rate limiter that the next worker loads.
    pub fn acquire_list_reads(&mut self, reads: u32, now: Timestamp) -> Permit {
        if let Some(at) = self.call_not_before.filter(|at| *at > now) {
            return Permit::Later(at);
        }
        if let Some(wait) = self.list_pace.wait(now) {
            return Permit::Later(after(now, wait));
        }
        let permit = match &self.lease {
            Some(lease) if lease.expires_at > now => {
                let wait = self.list_pace.wait_beside_worker(now);
                wait.map_or(Permit::Now, Permit::Soon)
            }
            _ => self.rate_limiter.acquire(kind_of(reads), now),
        };
        if permit == Permit::Now {
            self.list_pace.count(reads, now);
        }
        permit
    }

    /// Returns the reads from the company in the month of `now`, by workers and for settings pages.
    pub fn reads_this_month(&self, now: Timestamp) -> u32 {
        let by_workers = self.rate_limiter.reads.this_month(now);
        by_workers.saturating_add(self.list_pace.reads.this_month(now))
    }
}

/// Returns the kind of a call with this many reads. Several are sent as a batch.
fn kind_of(reads: u32) -> CallKind {
    match reads {
        0 | 1 => CallKind::Single,
        _ => CallKind::Batch,
    }
}
