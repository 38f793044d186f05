//! The work queue of a firm: its unfinished documents, its worker lease, and its newest activity.
//!
//! The lease makes sure that one worker at a time works on a queue. The lease is part of the queue record. So acquiring it, adding an
//! entry, and saving results are one swap each.

// Top first: a module uses only modules below it.
pub mod detection;
pub mod lease;
pub mod completion;
mod list_reads;
pub mod page_loading;
pub mod update_attempt;
pub mod activity_pages;
pub mod effective_status;
pub mod holds;
pub mod page_layout;
mod unnamed_pages;
pub mod pages;
mod last_posted;
pub mod entry;

pub use crate::queue::entry::{EntryState, QueueEntry};
pub use crate::queue::last_posted::LastPosted;
pub use crate::queue::pages::{LoadedPages, OverflowPages, QueuePage};

use crate::activity::ActivityEntry;
use crate::document::decision::Decision;
use crate::object_index::ObjectIndex;
use crate::rate_limiter::RateLimiter;
use crate::schedule::list_pace::ListPace;
use billing::{DocumentKind, DocumentRef, SubscriptionPlan};
use jiff::{SignedDuration, Timestamp};
use ports::records::Record;
use serde::{Deserialize, Serialize};

/// The length of a lease: three times the longest call.
pub const WORK_LEASE: SignedDuration = SignedDuration::from_secs(60);

/// The queue of a firm. Events and people add entries; workers remove them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    /// The lease of the current worker, if there is one.
    pub lease: Option<Lease>,
    /// The entries in the order of arrival. The stored record has only those that are not on overflow pages.
    pub entries: Vec<QueueEntry>,
    /// The overflow pages with the older entries of a long queue.
    #[serde(default, skip_serializing_if = "OverflowPages::is_unused")]
    pub overflow: OverflowPages,
    /// The firm's subscription plan according to the newest event.
    pub plan: Option<PlanStatus>,
    /// The time of the last posting.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub last_sync_at: Option<Timestamp>,
    /// The document that was posted last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_posted: Option<LastPosted>,
    /// The newest activity, oldest first, fewer than two pages.
    pub recent_activity: Vec<ActivityEntry>,
    /// The number of full activity pages, each a record of its own.
    pub activity_pages: u32,
    /// The time before which no call to the company is allowed, because a limit was met or an answer was missing.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub call_not_before: Option<Timestamp>,
    /// The rate limiter with the latest calls to the company.
    #[serde(default)]
    pub rate_limiter: RateLimiter,
    /// The pace of the reads for a settings page.
    #[serde(default, skip_serializing_if = "ListPace::is_unused")]
    pub list_pace: ListPace,
    /// The object index. The stored record has only the entries that are not on pages.
    #[serde(default, skip_serializing_if = "ObjectIndex::is_new")]
    pub object_index: ObjectIndex,
}

/// The exclusive right of one worker to a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The run or request that works.
    pub owner: String,
    /// The end of the lease. From then on another worker may acquire it.
    #[serde(deserialize_with = "json::instant")]
    pub expires_at: Timestamp,
    /// An earlier lease expired without a release, and no release followed. QuickBooks may still carry out requests of that worker.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub took_over: bool,
    /// Reasons to hold documents changed during the lease, so the holds that the worker reports may be out of date.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub holds_changed: bool,
}

/// A subscription plan and the time of the event that named it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanStatus {
    /// The plan.
    pub plan: SubscriptionPlan,
    /// The time of the event.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
}

/// The number of entries by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Counts {
    /// Entries for the next worker.
    pub pending: usize,
    /// Entries that are held.
    pub held: usize,
    /// Entries that need a person.
    pub failed: usize,
    /// Entries whose outcome is to be looked up.
    pub uncertain: usize,
}

impl Queue {
    /// Returns whether a worker other than `owner` has the lease.
    pub fn is_taken(&self, owner: &str, now: Timestamp) -> bool {
        self.lease
            .as_ref()
            .is_some_and(|lease| lease.owner != owner && lease.expires_at > now)
    }

    /// Returns whether the lease was taken over from a worker that did not release it.
    pub fn has_expired_lease(&self) -> bool {
        self.lease.as_ref().is_some_and(|lease| lease.took_over)
    }

    /// Returns the entry of a document.
    pub fn entry_for(&self, document: &DocumentRef) -> Option<&QueueEntry> {
        self.entries
            .iter()
            .find(|entry| entry.document == *document)
    }

    /// Adds an entry. A later revision or a void joins the entry of the document, and cancels a decision that was made without knowing it.
    /// Returns whether the queue changed.
    pub fn add_entry(&mut self, arrived: QueueEntry) -> bool {
        let known = self
            .entries
            .iter_mut()
            .find(|known| known.document == arrived.document);
        let Some(known) = known else {
            self.entries.push(arrived);
            return true;
        };
        known.join(arrived)
    }

    /// Adds a decision to the entry of its document, for the next worker, and to the activity.
    pub fn set_decision(&mut self, document: &DocumentRef, decision: &Decision) {
        let entries = self.entries.iter_mut();
        for entry in entries.filter(|entry| entry.document == *document) {
            self.recent_activity.push(ActivityEntry {
                at: decision.decided_at,
                document: document.clone(),
                summary: entry.summary.clone(),
                state: "pending".into(),
                detail: decision.description().into(),
                requested_by: Some(decision.decided_by.clone()),
                notification: None,
                transactions: Vec::new(),
            });
            entry.state = EntryState::REQUESTED;
            entry.decision = Some(decision.clone());
        }
    }

    /// Returns the entries that a worker may process now, in business order: by date, then by dependency, then by arrival. Entries that
    /// waited for the company come last, the longest waiting first, so that each gets its turn.
    pub fn runnable(&self, now: Timestamp) -> Vec<&QueueEntry> {
        let mut runnable: Vec<_> = self
            .entries
            .iter()
            .filter(|entry| entry.state.is_runnable(now))
            .collect();
        runnable.sort_by_key(|entry| {
            let place = (entry.date, rank(entry.document.kind));
            (entry.company_wait(), place)
        });
        runnable
    }

    /// Returns the next time at which a worker has work in this queue, if any.
    pub fn next_work_at(&self) -> Option<Timestamp> {
        self.entries
            .iter()
            .filter_map(|entry| self.runnable_at(&entry.state))
            .min()
    }

    /// Returns the time at which a worker may process an entry of this state without a person, if any.
    pub fn runnable_at(&self, state: &EntryState) -> Option<Timestamp> {
        let at = state.runnable_at()?;
        Some(at.max(self.call_not_before.unwrap_or(at)))
    }

    /// Ends the waits whose cause is the company, because the company answers.
    pub fn end_company_waits(&mut self, now: Timestamp) {
        for entry in &mut self.entries {
            entry.end_company_wait(now);
        }
    }

    /// Returns the number of entries by state.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for entry in &self.entries {
            match entry.state {
                EntryState::Pending { .. } => counts.pending += 1,
                EntryState::Held(_) => counts.held += 1,
                EntryState::Uncertain(_) => counts.uncertain += 1,
                EntryState::Failed | EntryState::Conflict => counts.failed += 1,
            }
        }
        counts
    }
}

/// Returns the rank of a kind of document within one day: others depend on the first ones.
fn rank(kind: DocumentKind) -> u8 {
    match kind {
        DocumentKind::Project => 0,
        DocumentKind::PayApp => 1,
        DocumentKind::RetainageRelease => 2,
        DocumentKind::Payment => 3,
    }
}

impl Record for Queue {
    const KIND: &'static str = "queue";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::void::Void;
    use crate::reason::hold::HoldReason;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn entry(kind: DocumentKind, id: &str, date: &str) -> QueueEntry {
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
        let mut queue = Queue::default();
        queue.add_entry(entry(DocumentKind::Payment, "pay", "2026-03-31"));
        queue.add_entry(entry(DocumentKind::PayApp, "late", "2026-04-30"));
        queue.add_entry(entry(DocumentKind::PayApp, "app", "2026-03-31"));
        queue.add_entry(entry(DocumentKind::Project, "prj", "2026-03-31"));
        let order: Vec<_> = queue
            .runnable(at(0))
            .iter()
            .map(|entry| entry.document.id.to_string())
            .collect();
        assert_eq!(order, ["prj", "app", "pay", "late"]);
    }

    #[test]
    fn queue_entry_takes_only_newer_revisions() {
        let mut queue = Queue::default();
        let second = QueueEntry {
            revision: 2,
            ..entry(DocumentKind::PayApp, "a", "2026-03-31")
        };
        assert!(queue.add_entry(second.clone()));
        assert!(!queue.add_entry(entry(DocumentKind::PayApp, "a", "2026-03-31")));
        assert!(!queue.add_entry(second));
        assert!(queue.add_entry(QueueEntry {
            revision: 3,
            ..entry(DocumentKind::PayApp, "a", "2026-04-30")
        }));
        assert_eq!(queue.entries.len(), 1);
        assert_eq!(
            (queue.entries[0].revision, queue.entries[0].date.month()),
            (3, 4)
        );
    }

    #[test]
    fn repeated_void_joins_queue_entry_once() {
        let mut queue = Queue::default();
        queue.add_entry(entry(DocumentKind::PayApp, "a", "2026-03-31"));
        let arrived = QueueEntry {
            revision: 0,
            void: void(1),
            ..entry(DocumentKind::PayApp, "a", "2026-07-02")
        };
        assert!(queue.add_entry(arrived.clone()));
        assert!(!queue.add_entry(arrived));
        assert_eq!(
            (queue.entries[0].revision, queue.entries[0].void),
            (1, void(1))
        );
    }

    #[test]
    fn decision_survives_duplicate_but_not_newer_revision() {
        let mut queue = Queue::default();
        let document = entry(DocumentKind::PayApp, "a", "2026-03-31");
        let decision = Decision {
            kind: crate::document::decision::DecisionKind::KeepRivet,
            objects: Vec::new(),
            decided_by: "usr_17".parse().unwrap(),
            decided_at: at(5),
            conflict_seen_at: None,
        };
        queue.add_entry(document.clone());
        queue.set_decision(&document.document, &decision);
        assert!(!queue.add_entry(document.clone()));
        assert_eq!(queue.entries[0].decision, Some(decision));
        assert_eq!(
            queue.recent_activity[0].requested_by,
            Some("usr_17".parse().unwrap())
        );
        assert!(queue.entries[0].is_requested());
        let second = QueueEntry {
            revision: 2,
            ..document
        };
        assert!(queue.add_entry(second));
        assert_eq!(queue.entries[0].decision, None);
        assert!(!queue.entries[0].is_requested());
    }

    #[test]
    fn uncertain_entry_waits_for_its_lookup_time() {
        let mut queue = Queue::default();
        let state = EntryState::Uncertain(at(30));
        queue.add_entry(QueueEntry {
            state: state.clone(),
            ..entry(DocumentKind::PayApp, "a", "2026-03-31")
        });
        queue.add_entry(QueueEntry {
            revision: 2,
            ..entry(DocumentKind::PayApp, "a", "2026-03-31")
        });
        assert_eq!(queue.entries[0].state, state);
        assert!(queue.runnable(at(29)).is_empty());
        assert_eq!(queue.runnable(at(30)).len(), 1);
        assert_eq!(queue.next_work_at(), Some(at(30)));
    }

    #[test]
    fn newest_event_determines_subscription_plan() {
        let mut queue = Queue::default();
        queue.update_plan(SubscriptionPlan::Starter, at(10));
        let state = EntryState::Held(HoldReason::PlanNotEligible);
        queue.add_entry(QueueEntry {
            state: state.clone(),
            ..entry(DocumentKind::PayApp, "a", "2026-03-31")
        });
        queue.update_plan(SubscriptionPlan::Pro, at(9));
        assert_eq!(queue.entries[0].state, state);
        queue.update_plan(SubscriptionPlan::Pro, at(11));
        assert_eq!(queue.entries[0].state, EntryState::PENDING);
    }

    #[test]
    fn lease_records_hold_changes_during_work() {
        let mut queue = Queue::default();
        assert!(!queue.release_by_worker(|_| true), "no lease and no hold");
        queue.lease = Some(Lease {
            owner: "a".into(),
            expires_at: at(60),
            took_over: false,
            holds_changed: false,
        });
        assert!(queue.release_by_worker(|_| true));
        assert!(queue.lease.is_some_and(|lease| lease.holds_changed));
    }

    #[test]
    fn subscription_plan_changes_only_for_newer_event() {
        let mut queue = Queue::default();
        assert!(queue.update_plan(SubscriptionPlan::Starter, at(10)));
        assert!(!queue.update_plan(SubscriptionPlan::Starter, at(10)));
        assert!(!queue.update_plan(SubscriptionPlan::Pro, at(9)));
        assert!(queue.update_plan(SubscriptionPlan::Pro, at(11)));
    }

    #[test]
    fn queue_counts_each_entry_by_state() {
        let states = [
            EntryState::PENDING,
            EntryState::Held(HoldReason::Manual),
            EntryState::Uncertain(at(1)),
            EntryState::Failed,
            EntryState::Conflict,
        ];
        let mut queue = Queue::default();
        for (number, state) in states.into_iter().enumerate() {
            queue.add_entry(QueueEntry {
                state,
                ..entry(DocumentKind::PayApp, &format!("a{number}"), "2026-03-31")
            });
        }
        let counts = Counts {
            pending: 1,
            held: 1,
            failed: 2,
            uncertain: 1,
        };
        assert_eq!(queue.counts(), counts);
    }

    #[test]
    fn lease_excludes_others_until_expiry() {
        let lease = Lease {
            owner: "a".into(),
            expires_at: at(60),
            took_over: false,
            holds_changed: false,
        };
        let queue = Queue {
            lease: Some(lease),
            ..Queue::default()
        };
        assert!(!queue.is_taken("a", at(0)));
        assert!(queue.is_taken("b", at(59)));
        assert!(!queue.is_taken("b", at(60)));
    }
}
