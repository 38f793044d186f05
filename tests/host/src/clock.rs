//! The wall clock that components read through WASI 0.2 and 0.3.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use wasmtime_wasi::HostWallClock;

/// A wall clock that can be moved while components run. Clones share one time.
///
/// Only the time of day moves. Timeouts use the monotonic clock, which is always the machine's.
#[derive(Clone, Debug)]
pub struct Clock(Arc<ClockState>);

#[derive(Debug)]
struct ClockState {
    stopped_at: Option<Duration>,
    offset_nanoseconds: AtomicI64,
}

impl Clock {
    /// Returns the machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::with_base(None)
    }

    /// Returns a clock that stands at `instant` until it is moved.
    #[must_use]
    pub fn stopped_at(instant: SystemTime) -> Self {
        Self::with_base(Some(since_epoch(instant)))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let nanoseconds = i64::try_from(by.as_nanos()).unwrap_or(i64::MAX);
        self.0
            .offset_nanoseconds
            .fetch_add(nanoseconds, Ordering::SeqCst);
    }

    /// Returns the time that a component reads now.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        UNIX_EPOCH + HostWallClock::now(self)
    }

    fn with_base(stopped_at: Option<Duration>) -> Self {
        Self(Arc::new(ClockState {
            stopped_at,
            offset_nanoseconds: AtomicI64::new(0),
        }))
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl HostWallClock for Clock {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(1)
    }

    fn now(&self) -> Duration {
        let base = self
            .0
            .stopped_at
            .unwrap_or_else(|| since_epoch(SystemTime::now()));
        let offset = self.0.offset_nanoseconds.load(Ordering::SeqCst);
        base + Duration::from_nanos(offset.unsigned_abs())
    }
}

fn since_epoch(instant: SystemTime) -> Duration {
    instant.duration_since(UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stopped_clock_moves_only_by_advance() {
        let start = UNIX_EPOCH + Duration::from_secs(1_772_463_845);
        let clock = Clock::stopped_at(start);
        assert_eq!(clock.now(), start);
        let same = clock.clone();
        clock.advance(Duration::from_secs(3_600));
        assert_eq!(same.now(), start + Duration::from_secs(3_600));
    }

    #[test]
    fn system_clock_can_be_advanced() {
        let clock = Clock::system();
        clock.advance(Duration::from_secs(86_400));
        assert!(clock.now() >= SystemTime::now() + Duration::from_secs(86_000));
    }
}
