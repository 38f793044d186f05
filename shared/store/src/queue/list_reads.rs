//! The reads for a settings page, which need no lease.

use crate::queue::Queue;
use crate::rate_limiter::{CallKind, Permit};
use jiff::Timestamp;
use ports::time::after;

impl Queue {
    /// Requests a read for a settings page, and counts it if it may be made now. Without a worker, the read counts in the rate limiter that
    /// the next worker loads.
    pub fn acquire_list_read(&mut self, now: Timestamp) -> Permit {
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
            _ => self.rate_limiter.acquire(CallKind::Single, now),
        };
        if permit == Permit::Now {
            self.list_pace.count(now);
        }
        permit
    }

    /// Returns the reads from the company in the month of `now`, by workers and for settings pages.
    pub fn reads_this_month(&self, now: Timestamp) -> u32 {
        let by_workers = self.rate_limiter.reads.this_month(now);
        by_workers.saturating_add(self.list_pace.reads.this_month(now))
    }
}
