//! Counts the kills, and the requests that they interrupted.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::world::HostCall;

/// The number of kills, in total and by the kind of the interrupted requests.
#[derive(Default)]
pub(super) struct KillCounts {
    pub total: usize,
    /// `None` counts kills that interrupted no request.
    interrupted: BTreeMap<Option<HostCall>, usize>,
}

impl KillCounts {
    /// Counts a kill that interrupted requests of these kinds.
    pub fn add(&mut self, interrupted: &BTreeSet<HostCall>) {
        self.total += 1;
        for call in interrupted {
            *self.interrupted.entry(Some(*call)).or_default() += 1;
        }
        if interrupted.is_empty() {
            *self.interrupted.entry(None).or_default() += 1;
        }
    }
}

impl fmt::Display for KillCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |(call, times): (&Option<HostCall>, &usize)| {
            let name = match call {
                Some(HostCall::SignIn) => "sign-in",
                Some(HostCall::Callback) => "callback",
                Some(HostCall::Confirmation) => "confirmation",
                Some(HostCall::TokenRefresh) => "token refresh",
                Some(HostCall::Sync) => "sync",
                Some(HostCall::Event) => "event",
                None => "none",
            };
            format!("{name} {times}")
        };
        let counts: Vec<_> = self.interrupted.iter().map(count).collect();
        write!(f, "interrupted requests: {}", counts.join(", "))
    }
}
