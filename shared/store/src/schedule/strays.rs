//! The move of firms out of the 32 records of an earlier version, whose rule was the digest modulo 32.
//!
//! Shard 7 of 32 and shard 7 of 256 are the same record. So the old records go on working: a firm that belongs to another shard by now is a
//! stray. It is visited from where it is, and each run moves some strays of each record that it reads:
//!
//! ```text
//! stray alone ──▶ stray and copy ──▶ at home
//!       adopt at home       release the stray
//! ```
//! | event | what follows |
//! |---|---|
//! | crash, or a lost answer, between the two swaps | both have hints, and the firm may be visited twice. The next run adopts and releases again |
//! | two runs move the same stray | the second adopts nothing new. A hint that it makes earlier costs one visit without work |
//! | a hint changes at home meanwhile | the earlier one counts, as for each hint |
//! | a hint of the stray changes meanwhile | the stray is not released. The next run adopts the new hint |
//! | a run has claimed the stray | it stays until that run is over, which looks for it here |
//! | an instance of the earlier version writes | its firms are strays, and are moved again |
//! | the firm is being erased | it stays. [`Store::forget_firm`](crate::Store::forget_firm) removes it from both records |
//!
//! The mark of an erasure is read before a firm is adopted. The erasure removes nothing in the 90 seconds after its mark, and a run is
//! shorter. So no run brings back the name of a firm that is gone.

use crate::Store;
use crate::schedule::{DueHints, DueIndex, GROUPS, ScheduledJob};
use billing::FirmId;
use ports::records::{Records, StoreError};
use std::collections::BTreeMap;

/// The strays that a run moves out of one record at most. More would take too much of its time.
const MOVED_AT_ONCE: usize = 16;

/// Firms with their hints.
pub(super) type FirmHints = BTreeMap<FirmId, DueHints>;

impl DueIndex {
    /// Returns some of the firms that belong to another shard, none of which is claimed.
    pub(super) fn strays(&self, shard: u8) -> FirmHints {
        if shard >= GROUPS {
            return FirmHints::new();
        }
        let is_stray = |(firm, hints): &(&FirmId, &DueHints)| {
            Self::shard_of(firm) != shard && !hints.is_claimed()
        };
        let strays = self.firms.iter().filter(is_stray).take(MOVED_AT_ONCE);
        strays.map(|(firm, hints)| (firm.clone(), *hints)).collect()
    }

    /// Adds firms of another record. Of two hints the earlier one stays. Returns whether anything changed.
    fn adopt(&mut self, strays: &FirmHints) -> bool {
        let mut has_changed = false;
        for (firm, hints) in strays {
            has_changed |= !self.firms.contains_key(firm);
            self.firms.entry(firm.clone()).or_default();
            for job in [ScheduledJob::Connection, ScheduledJob::Work] {
                let at = hints.clone().of(job).and_then(|hint| hint.at_time());
                has_changed |= at.is_some_and(|at| self.schedule_by(firm, job, at));
            }
        }
        has_changed
    }

    /// Removes firms that another record has, unless their hints changed. Returns whether anything changed.
    fn release(&mut self, moved: &FirmHints) -> bool {
        let before = self.firms.len();
        self.firms
            .retain(|firm, hints| moved.get(firm) != Some(hints));
        self.firms.len() < before
    }
}

impl<R: Records> Store<R> {
    /// Moves strays of a shard to where they belong.
    pub(super) async fn move_strays(&self, shard: u8, strays: FirmHints) -> Result<(), StoreError> {
        let mut homes = BTreeMap::<u8, FirmHints>::new();
        for (firm, hints) in strays {
            if !self.is_erased(&firm).await? {
                let home = homes.entry(DueIndex::shard_of(&firm)).or_default();
                home.insert(firm, hints);
            }
        }
        for (home, firms) in &homes {
            let adopt = &mut |index: &mut DueIndex| index.adopt(firms);
            self.update_shard(*home, adopt).await?;
        }
        let moved: FirmHints = homes.into_values().flatten().collect();
        if moved.is_empty() {
            return Ok(());
        }
        let release = &mut |index: &mut DueIndex| index.release(&moved);
        self.update(&shard.to_string(), release).await.map(drop)
    }
}
