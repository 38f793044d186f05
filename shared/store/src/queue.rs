//! A firm's desk: what waits there, who works at it, and what was done lately.
//!
//! One worker at a time: the claim lives inside the record, so that taking it, adding a document and
//! noting results are each one swap.

pub mod activity_pages;
pub mod batch_log;
pub mod completion;
pub mod detection;
pub mod effective_status;
pub mod entry;
pub mod lease;
pub mod page_loading;
pub mod pages;
pub mod rate_limiter;
pub mod requests;

use crate::activity::ActivityEntry;
pub use crate::queue::entry::{EntryState, QueueEntry};
pub use crate::queue::pages::LoadedPages;
pub use crate::queue::pages::{OverflowPages, QueuePage};

use crate::document::decision::Decision;
use crate::object_index::ObjectIndex;
use crate::queue::rate_limiter::RateLimiter;
use crate::reason::hold::HoldReason;
use billing::{DocumentKind, DocumentRef, SubscriptionPlan};
use jiff::{SignedDuration, Timestamp};
use ports::records::Record;
use serde::{Deserialize, Serialize};

/// How long a worker may be silent before another takes over: three times the longest call.
pub const WORK_LEASE: SignedDuration = SignedDuration::from_secs(60);

/// The record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    /// Who works here now.
    pub lease: Option<Lease>,
    /// What is not finished, in the order of arrival; in the stored record only what does not lie on shelves.
    pub entries: Vec<QueueEntry>,
    /// Where what arrived earlier lies, if much is waiting.
    #[serde(default, skip_serializing_if = "OverflowPages::is_unused")]
    pub overflow: OverflowPages,
    /// The firm's plan as the newest event said.
    pub plan: Option<PlanStatus>,
    /// When something was last posted.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub last_sync_at: Option<Timestamp>,
    /// The newest activity, oldest first, fewer than two pages.
    pub recent_activity: Vec<ActivityEntry>,
    /// How many full pages have moved to records of their own.
    pub activity_pages: u32,
    /// No call to the company before then (its limits were met, or it was unreachable).
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub call_not_before: Option<Timestamp>,
    /// How fast the company was called lately.
    #[serde(default)]
    pub rate_limiter: RateLimiter,
    /// What objects of QuickBooks concern here; in the record only what does not lie on pages.
    #[serde(default, skip_serializing_if = "ObjectIndex::is_new")]
    pub object_index: ObjectIndex,
}

/// The claim of a worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Whose it is.
    pub owner: String,
    /// From then on another may take over.
    #[serde(deserialize_with = "json::instant")]
    pub until: Timestamp,
    /// One before did not leave: its lease ran out, and nobody has left properly since. What it had begun may still be under way.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inherited: bool,
    /// What made documents wait was changed since it came: what it says of that may be over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cured: bool,
}

/// A plan and the instant of the event that named it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanStatus {
    /// The plan.
    pub plan: SubscriptionPlan,
    /// When RIVET said so.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
}

/// How many documents wait, by what for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// The next worker.
    pub pending: usize,
    /// A cure.
    pub held: usize,
    /// A person.
    pub failed: usize,
    /// A look-up.
    pub uncertain: usize,
}

impl Queue {
    /// Whether a worker other than `owner` is here.
    pub fn is_taken(&self, owner: &str, now: Timestamp) -> bool {
        self.lease
            .as_ref()
            .is_some_and(|worker| worker.owner != owner && worker.until > now)
    }

    /// Whether the seat was taken over from a worker that did not leave it.
    pub fn has_expired_lease(&self) -> bool {
        self.lease.as_ref().is_some_and(|worker| worker.inherited)
    }

    /// What waits of a document.
    pub fn entry_for(&self, document: &DocumentRef) -> Option<&QueueEntry> {
        self.entries
            .iter()
            .find(|waiting| waiting.document == *document)
    }

    /// Puts a document on the desk. A later revision or a void joins what is there of it, and voids a decision that was made
    /// without knowing it; says whether there was anything new.
    pub fn add_entry(&mut self, arrival: QueueEntry) -> bool {
        let there = self
            .entries
            .iter_mut()
            .find(|there| there.document == arrival.document);
        let Some(there) = there else {
            self.entries.push(arrival);
            return true;
        };
        let newer = arrival.revision > there.revision;
        let voids =
            arrival.void.is_some() && there.void.is_none_or(|void| arrival.void > Some(void));
        if newer {
            (there.revision, there.date) = (arrival.revision, arrival.date);
        }
        if voids {
            there.void = arrival.void;
        }
        if newer || voids {
            (there.decision, there.by) = (None, None);
        }
        if (newer || voids) && !matches!(there.state, EntryState::Uncertain(_)) {
            there.state = arrival.state;
        }
        newer || voids
    }

    /// Puts a decision beside the document that it is about, for the next worker, and a line into the activity.
    pub fn set_decision(&mut self, document: &DocumentRef, decision: &Decision) {
        let waiting = self.entries.iter_mut();
        for waiting in waiting.filter(|waiting| waiting.document == *document) {
            self.recent_activity.push(ActivityEntry {
                at: decision.decided_at,
                document: document.clone(),
                state: "pending".into(),
                detail: decision.description().into(),
                requested_by: Some(decision.decided_by.clone()),
                notification: None,
            });
            waiting.state = EntryState::REQUESTED;
            waiting.decision = Some(decision.clone());
        }
    }

    /// Notes the firm's plan unless a newer event has said otherwise. A plan that qualifies releases
    /// what was held for it. Whether there was anything to note.
    pub fn update_plan(&mut self, plan: SubscriptionPlan, at: Timestamp) -> bool {
        let seen = PlanStatus { plan, at };
        if self
            .plan
            .is_some_and(|known| known.at > at || known == seen)
        {
            return false;
        }
        self.plan = Some(seen);
        if plan != SubscriptionPlan::Starter {
            self.release_by_worker(|hold| *hold == HoldReason::PlanNotEligible);
        }
        true
    }

    /// Releases what was held, and lets the worker know who is here: what it found to be held since it came is to be tried again.
    /// Whether there was anybody to tell or anything to release.
    pub fn release_by_worker(&mut self, cured: impl Fn(&HoldReason) -> bool) -> bool {
        if let Some(worker) = &mut self.lease {
            worker.cured = true;
        }
        self.release_holds(cured) || self.lease.is_some()
    }

    /// Makes held documents pending again where `cured` says so; whether that helped is seen when
    /// they are tried. Whether there were any.
    pub fn release_holds(&mut self, cured: impl Fn(&HoldReason) -> bool) -> bool {
        let mut released = false;
        for waiting in &mut self.entries {
            if matches!(&waiting.state, EntryState::Held(hold) if cured(hold)) {
                waiting.state = EntryState::PENDING;
                released = true;
            }
        }
        released
    }

    /// The documents that may be worked on now, in business order: date, then what others build on,
    /// then arrival.
    pub fn runnable(&self, now: Timestamp) -> Vec<&QueueEntry> {
        let mut runnable: Vec<_> = self
            .entries
            .iter()
            .filter(|waiting| waiting.state.is_runnable(now))
            .collect();
        runnable.sort_by_key(|waiting| (waiting.date, rank(waiting.document.kind)));
        runnable
    }

    /// When a worker has something to do here next, if ever.
    pub fn next_work_at(&self) -> Option<Timestamp> {
        self.entries
            .iter()
            .filter_map(|waiting| self.runnable_at(&waiting.state))
            .min()
    }

    /// When a worker may take a document with this mark here on its own, if ever.
    pub fn runnable_at(&self, mark: &EntryState) -> Option<Timestamp> {
        let at = mark.runnable_at()?;
        Some(at.max(self.call_not_before.unwrap_or(at)))
    }

    /// How many documents wait, by what for.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for waiting in &self.entries {
            match waiting.state {
                EntryState::Pending { .. } => counts.pending += 1,
                EntryState::Held(_) => counts.held += 1,
                EntryState::Uncertain(_) => counts.uncertain += 1,
                EntryState::Failed | EntryState::Conflict => counts.failed += 1,
            }
        }
        counts
    }
}

/// What others build on goes first.
fn rank(kind: DocumentKind) -> u8 {
    match kind {
        DocumentKind::Project => 0,
        DocumentKind::PayApp => 1,
        DocumentKind::RetainageRelease => 2,
        DocumentKind::Payment => 3,
    }
}

impl Record for Queue {
    const KIND: &'static str = "desk";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::void::Void;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn waiting(kind: DocumentKind, id: &str, date: &str) -> QueueEntry {
        let document = DocumentRef {
            kind,
            id: id.parse().unwrap(),
        };
        QueueEntry {
            revision: 1,
            ..QueueEntry::new(document, date.parse().unwrap())
        }
    }

    fn void(revision: u32) -> Option<Void> {
        Some(Void {
            revision,
            voided_on: "2026-07-02".parse().unwrap(),
        })
    }

    #[test]
    fn queue_orders_by_date_then_dependency() {
        let mut desk = Queue::default();
        desk.add_entry(waiting(DocumentKind::Payment, "pay", "2026-03-31"));
        desk.add_entry(waiting(DocumentKind::PayApp, "late", "2026-04-30"));
        desk.add_entry(waiting(DocumentKind::PayApp, "app", "2026-03-31"));
        desk.add_entry(waiting(DocumentKind::Project, "prj", "2026-03-31"));
        let order: Vec<_> = desk
            .runnable(at(0))
            .iter()
            .map(|waiting| waiting.document.id.to_string())
            .collect();
        assert_eq!(order, ["prj", "app", "pay", "late"]);
    }

    #[test]
    fn queue_entry_takes_only_newer_revisions() {
        let mut desk = Queue::default();
        let second = QueueEntry {
            revision: 2,
            ..waiting(DocumentKind::PayApp, "a", "2026-03-31")
        };
        assert!(desk.add_entry(second.clone()));
        assert!(!desk.add_entry(waiting(DocumentKind::PayApp, "a", "2026-03-31")));
        assert!(!desk.add_entry(second));
        assert!(desk.add_entry(QueueEntry {
            revision: 3,
            ..waiting(DocumentKind::PayApp, "a", "2026-04-30")
        }));
        assert_eq!(desk.entries.len(), 1);
        assert_eq!(
            (desk.entries[0].revision, desk.entries[0].date.month()),
            (3, 4)
        );
    }

    #[test]
    fn repeated_void_joins_queue_entry_once() {
        let mut desk = Queue::default();
        desk.add_entry(waiting(DocumentKind::PayApp, "a", "2026-03-31"));
        let arrival = QueueEntry {
            revision: 0,
            void: void(1),
            ..waiting(DocumentKind::PayApp, "a", "2026-07-02")
        };
        assert!(desk.add_entry(arrival.clone()));
        assert!(!desk.add_entry(arrival));
        assert_eq!(
            (desk.entries[0].revision, desk.entries[0].void),
            (1, void(1))
        );
    }

    #[test]
    fn decision_survives_duplicate_but_not_newer_revision() {
        let mut desk = Queue::default();
        let document = waiting(DocumentKind::PayApp, "a", "2026-03-31");
        let decision = Decision {
            kind: crate::document::decision::DecisionKind::KeepRivet,
            objects: Vec::new(),
            decided_by: "usr_17".parse().unwrap(),
            decided_at: at(5),
            conflict_seen_at: None,
        };
        desk.add_entry(document.clone());
        desk.set_decision(&document.document, &decision);
        assert!(!desk.add_entry(document.clone()));
        assert_eq!(desk.entries[0].decision, Some(decision));
        assert_eq!(
            desk.recent_activity[0].requested_by,
            Some("usr_17".parse().unwrap())
        );
        assert!(desk.entries[0].is_requested());
        let second = QueueEntry {
            revision: 2,
            ..document
        };
        assert!(desk.add_entry(second));
        assert_eq!(desk.entries[0].decision, None);
        assert!(!desk.entries[0].is_requested());
    }

    #[test]
    fn uncertain_entry_waits_for_its_lookup_time() {
        let mut desk = Queue::default();
        let mark = EntryState::Uncertain(at(30));
        desk.add_entry(QueueEntry {
            state: mark.clone(),
            ..waiting(DocumentKind::PayApp, "a", "2026-03-31")
        });
        desk.add_entry(QueueEntry {
            revision: 2,
            ..waiting(DocumentKind::PayApp, "a", "2026-03-31")
        });
        assert_eq!(desk.entries[0].state, mark);
        assert!(desk.runnable(at(29)).is_empty());
        assert_eq!(desk.runnable(at(30)).len(), 1);
        assert_eq!(desk.next_work_at(), Some(at(30)));
    }

    #[test]
    fn newest_event_determines_subscription_plan() {
        let mut desk = Queue::default();
        desk.update_plan(SubscriptionPlan::Starter, at(10));
        let mark = EntryState::Held(HoldReason::PlanNotEligible);
        desk.add_entry(QueueEntry {
            state: mark.clone(),
            ..waiting(DocumentKind::PayApp, "a", "2026-03-31")
        });
        desk.update_plan(SubscriptionPlan::Pro, at(9));
        assert_eq!(desk.entries[0].state, mark);
        desk.update_plan(SubscriptionPlan::Pro, at(11));
        assert_eq!(desk.entries[0].state, EntryState::PENDING);
    }

    #[test]
    fn lease_records_hold_changes_during_work() {
        let mut desk = Queue::default();
        assert!(
            !desk.release_by_worker(|_| true),
            "nobody is here and nothing is held"
        );
        desk.lease = Some(Lease {
            owner: "a".into(),
            until: at(60),
            inherited: false,
            cured: false,
        });
        assert!(desk.release_by_worker(|_| true));
        assert!(desk.lease.is_some_and(|worker| worker.cured));
    }

    #[test]
    fn subscription_plan_changes_only_for_newer_event() {
        let mut desk = Queue::default();
        assert!(desk.update_plan(SubscriptionPlan::Starter, at(10)));
        assert!(!desk.update_plan(SubscriptionPlan::Starter, at(10)));
        assert!(!desk.update_plan(SubscriptionPlan::Pro, at(9)));
        assert!(desk.update_plan(SubscriptionPlan::Pro, at(11)));
    }

    #[test]
    fn queue_counts_each_entry_by_state() {
        let marks = [
            EntryState::PENDING,
            EntryState::Held(HoldReason::Manual),
            EntryState::Uncertain(at(1)),
            EntryState::Failed,
            EntryState::Conflict,
        ];
        let mut desk = Queue::default();
        for (number, mark) in marks.into_iter().enumerate() {
            desk.add_entry(QueueEntry {
                state: mark,
                ..waiting(DocumentKind::PayApp, &format!("a{number}"), "2026-03-31")
            });
        }
        let counts = Counts {
            pending: 1,
            held: 1,
            failed: 2,
            uncertain: 1,
        };
        assert_eq!(desk.counts(), counts);
    }

    #[test]
    fn lease_excludes_others_until_expiry() {
        let worker = Lease {
            owner: "a".into(),
            until: at(60),
            inherited: false,
            cured: false,
        };
        let desk = Queue {
            lease: Some(worker),
            ..Queue::default()
        };
        assert!(!desk.is_taken("a", at(0)));
        assert!(desk.is_taken("b", at(59)));
        assert!(!desk.is_taken("b", at(60)));
    }
}
