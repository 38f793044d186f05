use super::*;
use crate::conflict::decision_reason;
use billing::DocumentRef;
use quickbooks::entity::TxnType;
use store::activity::ActivityEntry;
use store::document::conflict::{Conflict, ConflictObject};
use store::document::void::Void;
use store::document::{AttemptRemark, TransactionKey};
use store::reason::Action;
use store::reason::hold::HoldReason;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn reference() -> DocumentRef {
    DocumentRef {
        kind: billing::DocumentKind::PayApp,
        id: "pa_1".parse().unwrap(),
    }
}

fn reason(message: &str) -> Reason {
    Reason::new("duplicate_name", Action::FixInQuickbooks, message)
}

fn failed(message: &str) -> DocumentStatus {
    DocumentStatus::Failed(reason(message))
}

/// Returns a conflict about one version of an invoice.
fn conflict(second: i64, version: &str) -> Conflict {
    let mut conflict = Conflict::new(at(second));
    conflict.add(ConflictObject {
        key: TransactionKey::new(TxnType::Invoice, "130"),
        version: Some(version.to_owned()),
        fields: Vec::new(),
    });
    conflict
}

/// A document with the queue of its firm.
struct DocumentFixture {
    record: DocumentRecord,
    entry: QueueEntry,
    log: ActivityLog,
    second: i64,
}

impl DocumentFixture {
    fn new() -> Self {
        Self {
            record: DocumentRecord::new(reference(), at(0)),
            entry: QueueEntry {
                revision: 1,
                ..QueueEntry::new(reference(), Default::default())
            },
            log: ActivityLog::default(),
            second: 0,
        }
    }

    /// Makes an attempt with an outcome, by a worker that crashes before it releases the lease.
    fn crash_after(&mut self, state: DocumentStatus) -> Option<DocumentNotification> {
        self.second += 1;
        let mut item = WorkItem::new(self.entry.clone(), self.record.clone());
        if state.is_final() {
            item.record.revision = self.entry.revision;
            item.record.void = self.entry.void;
        }
        item.record
            .set_status(state, at(self.second), AttemptRemark::default());
        let notification = due_notification(&mut item, &self.log, at(self.second));
        self.record = item.record;
        notification
    }

    /// Makes an attempt with an outcome.
    fn finish_with(&mut self, state: DocumentStatus) -> Option<DocumentNotification> {
        let notification = self.crash_after(state);
        self.log.recent.push(ActivityEntry {
            summary: None,
            at: at(self.second),
            document: reference(),
            state: self.record.status.name().into(),
            detail: String::new(),
            requested_by: None,
            notification: notification.clone(),
            transactions: Vec::new(),
        });
        notification
    }

    fn conflict_with(&mut self, code: &str, version: &str) -> Option<DocumentNotification> {
        self.record.conflict = Some(conflict(self.second, version));
        self.finish_with(DocumentStatus::Conflict(Reason::new(
            code,
            Action::Wait,
            "both",
        )))
    }
}

#[test]
fn status_transitions_produce_expected_notifications() {
    let states = [
        DocumentStatus::Pending,
        DocumentStatus::Held(HoldReason::Manual),
        DocumentStatus::Uncertain(reason("?")),
        DocumentStatus::Skipped(reason("-")),
        failed("one"),
        failed("two"),
        DocumentStatus::Conflict(reason("both")),
        DocumentStatus::Posted,
        DocumentStatus::Voided,
    ];
    let mut rows = Vec::new();
    for before in &states {
        let names: Vec<_> = states
            .iter()
            .map(|after| {
                let mut document = DocumentFixture::new();
                document.finish_with(before.clone());
                document
                    .finish_with(after.clone())
                    .map_or("-".into(), String::from)
            })
            .collect();
        rows.push(format!("{}: {}", before.name(), names.join(" ")));
    }
    let new = "- - - - failed failed changed posted posted";
    let expected = [
        format!("pending: {new}"),
        format!("held: {new}"),
        format!("uncertain: {new}"),
        format!("skipped: {new}"),
        "failed: - - - - - failed changed posted posted".into(),
        "failed: - - - - failed - changed posted posted".into(),
        "conflict: - - - - failed failed - posted posted".into(),
        "posted: - - - - failed failed changed - posted".into(),
        "voided: - - - - failed failed changed posted -".into(),
    ];
    assert_eq!(rows, expected);
}

#[test]
fn repeated_failure_notifies_once_per_revision() {
    let mut document = DocumentFixture::new();
    assert_eq!(
        document.finish_with(failed("one")),
        Some(DocumentNotification::Failed)
    );
    document.finish_with(DocumentStatus::Pending);
    document.finish_with(DocumentStatus::Uncertain(reason("?")));
    assert_eq!(document.finish_with(failed("one")), None);
    document.entry.revision = 2;
    assert_eq!(
        document.finish_with(failed("one")),
        Some(DocumentNotification::Failed)
    );
    document.entry.void = Some(Void {
        revision: 2,
        voided_on: Default::default(),
    });
    assert_eq!(
        document.finish_with(failed("one")),
        Some(DocumentNotification::Failed)
    );
    assert_eq!(document.finish_with(failed("one")), None);
}

#[test]
fn trace_id_change_is_no_new_failure() {
    let mut document = DocumentFixture::new();
    let refused = |id: &str| failed(&format!("QuickBooks' code is 500{TRACE}{id}."));
    assert_eq!(
        document.finish_with(refused("1-60f7a1")),
        Some(DocumentNotification::Failed)
    );
    assert_eq!(document.finish_with(refused("1-60f7a2")), None);
}

#[test]
fn conflict_notifies_once_per_object_version() {
    let mut document = DocumentFixture::new();
    let code = "changed_in_quickbooks";
    assert_eq!(
        document.conflict_with(code, "3"),
        Some(DocumentNotification::Changed)
    );
    assert_eq!(document.conflict_with(code, "3"), None);
    assert_eq!(
        document.conflict_with(code, "4"),
        Some(DocumentNotification::Changed)
    );
    assert_eq!(
        document.conflict_with("payments_applied", "4"),
        Some(DocumentNotification::Changed)
    );
    assert_eq!(
        document.finish_with(DocumentStatus::Posted),
        Some(DocumentNotification::Posted)
    );
    assert_eq!(
        document.conflict_with(code, "4"),
        Some(DocumentNotification::Changed)
    );
}

#[test]
fn posting_after_detected_conflict_notifies_again() {
    let mut document = DocumentFixture::new();
    assert_eq!(
        document.finish_with(DocumentStatus::Posted),
        Some(DocumentNotification::Posted)
    );
    // The change detection found the edit.
    document.record.status = DocumentStatus::Conflict(reason("both"));
    assert_eq!(
        document.finish_with(DocumentStatus::Posted),
        Some(DocumentNotification::Posted)
    );
    assert_eq!(document.finish_with(DocumentStatus::Posted), None);
}

#[test]
fn next_worker_sends_notification_of_crashed_one() {
    let mut document = DocumentFixture::new();
    assert_eq!(
        document.crash_after(failed("one")),
        Some(DocumentNotification::Failed)
    );
    assert_eq!(
        document.finish_with(failed("one")),
        Some(DocumentNotification::Failed)
    );
    assert_eq!(document.finish_with(failed("one")), None);
    assert_eq!(
        document.crash_after(DocumentStatus::Posted),
        Some(DocumentNotification::Posted)
    );
    assert_eq!(
        missed_notification(&document.record, &document.log),
        Some(DocumentNotification::Posted)
    );
    assert_eq!(
        document.finish_with(DocumentStatus::Posted),
        Some(DocumentNotification::Posted)
    );
    assert_eq!(missed_notification(&document.record, &document.log), None);
}

#[test]
fn notification_beyond_recent_activity_counts_as_sent() {
    let mut document = DocumentFixture::new();
    assert_eq!(
        document.finish_with(failed("one")),
        Some(DocumentNotification::Failed)
    );
    let mut newer = document.log.recent.remove(0);
    newer.at = at(10);
    (document.log.recent, document.log.pages) = (vec![newer], 1);
    assert_eq!(document.finish_with(failed("one")), None);
    document.log.pages = 0;
    assert_eq!(
        document.finish_with(failed("one")),
        Some(DocumentNotification::Failed)
    );
}

#[test]
fn cause_of_conflict_has_no_order_nor_plan() {
    let object = |id: &str, version: Option<&str>| ConflictObject {
        key: TransactionKey::new(TxnType::Invoice, id),
        version: version.map(str::to_owned),
        fields: Vec::new(),
    };
    let cause = |objects: Vec<ConflictObject>| {
        let mut conflict = Conflict::new(at(0));
        conflict.objects = objects;
        let reason = Reason::new("changed_in_quickbooks", Action::Decide, "");
        conflict_cause(&reason, &conflict, &[])
    };
    let (one, other) = (object("130", Some("1")), object("131", None));
    let told = cause(vec![one.clone(), other.clone()]);
    assert_eq!(cause(vec![other.clone(), one.clone()]), told);
    assert_eq!(cause(vec![object("", None), one.clone(), other]), told);
    assert_ne!(cause(vec![one]), told);
}

#[test]
fn edit_that_scan_told_is_told_once() {
    let status = |code| DocumentStatus::Conflict(decision_reason(code, ""));
    let mut document = DocumentFixture::new();
    document.record.conflict = Some(conflict(1, "4"));
    let edit = decision_reason(ReasonCode::ChangedInQuickbooks, "");
    let told = conflict_cause(&edit, &conflict(1, "4"), &[]);
    document
        .record
        .observed
        .get_or_insert_default()
        .notified_cause = told;
    let ours = status(ReasonCode::PostedDifferently);
    assert_eq!(document.finish_with(ours.clone()), None);
    document.record.conflict = Some(conflict(2, "5"));
    assert_eq!(
        document.finish_with(ours),
        Some(DocumentNotification::Changed)
    );
}

#[test]
fn difference_without_version_of_a_person_is_told() {
    let mut document = DocumentFixture::new();
    let edit = decision_reason(ReasonCode::ChangedInQuickbooks, "");
    let told = conflict_cause(&edit, &Conflict::new(at(1)), &[]);
    document
        .record
        .observed
        .get_or_insert_default()
        .notified_cause = told;
    document.record.conflict = Some(Conflict::new(at(2)));
    let ours = decision_reason(ReasonCode::PostedDifferently, "");
    assert_eq!(
        document.finish_with(DocumentStatus::Conflict(ours)),
        Some(DocumentNotification::Changed)
    );
}
