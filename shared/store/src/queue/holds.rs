//! The release of held entries.

use crate::document::attempts::LOOKUP_DELAY;
use crate::queue::{EntryState, PlanStatus, Queue};
use crate::reason::hold::HoldReason;
use billing::SubscriptionPlan;
use jiff::Timestamp;
use ports::time::after;

impl Queue {
    /// Sets the firm's subscription plan, unless a newer event named another. A plan that includes QuickBooks releases the documents that
    /// were held for the plan. Returns whether the queue changed.
    pub fn update_plan(&mut self, plan: SubscriptionPlan, at: Timestamp) -> bool {
        let named = PlanStatus { plan, at };
        if self
            .plan
            .is_some_and(|known| known.at > at || known == named)
        {
            return false;
        }
        self.plan = Some(named);
        if plan != SubscriptionPlan::Starter {
            self.release_by_worker(|hold| *hold == HoldReason::PlanNotEligible);
        }
        true
    }

    /// Releases holds, and marks the current lease: a hold that its worker found earlier may be out of date. Returns whether there was a
    /// lease or a hold to release.
    pub fn release_by_worker(&mut self, is_released: impl Fn(&HoldReason) -> bool) -> bool {
        if let Some(lease) = &mut self.lease {
            lease.holds_changed = true;
        }
        self.release_holds(is_released) || self.lease.is_some()
    }

    /// Lets documents in doubt be looked up soon, because QuickBooks can be called again. Nothing is sent earlier for that.
    pub fn hurry_lookups(&mut self, now: Timestamp) {
        for entry in &mut self.entries {
            if let EntryState::Uncertain(at) = &mut entry.state {
                *at = after(now, LOOKUP_DELAY).min(*at);
            }
        }
    }

    /// Makes held entries pending where `is_released` returns true. The next attempt decides whether they are held again. Returns whether
    /// there were any.
    pub fn release_holds(&mut self, is_released: impl Fn(&HoldReason) -> bool) -> bool {
        let mut has_changed = false;
        for entry in &mut self.entries {
            if matches!(&entry.state, EntryState::Held(hold) if is_released(hold)) {
                entry.state = EntryState::PENDING;
                has_changed = true;
            }
        }
        has_changed
    }
}
