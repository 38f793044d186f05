use super::*;
use quickbooks::Kind;
use quickbooks::webhook::{self, EntityKind, Operation};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_772_000_000 + second).unwrap()
}

/// Returns an announced change; the same parts make the same event.
fn announced(id: &str, operation: Operation, second: i64) -> webhook::EntityChange {
    webhook::EntityChange {
        realm_id: "9341453908059321".into(),
        entity: EntityKind::Known(Kind::Invoice),
        id: id.into(),
        event_id: format!("{id} {operation:?} {second}"),
        operation,
        changed_at: at(second),
    }
}

fn event_of(id: &str, operation: Operation, second: i64) -> ChangeEvent {
    ChangeEvent::of(&announced(id, operation, second)).unwrap()
}

fn finished(done: &[PendingChange], caught_up: Option<CatchUp>) -> Progress {
    Progress {
        done: done.to_vec(),
        caught_up,
        ..Progress::default()
    }
}

fn updated(id: &str, second: i64) -> ChangeEvent {
    event_of(id, Operation::Updated, second)
}

fn part(events: &[ChangeEvent]) -> DeliveryPart {
    DeliveryPart {
        events: events.to_vec(),
        unreadable: Vec::new(),
    }
}

fn inbox(events: &[ChangeEvent]) -> Inbox {
    let mut inbox = Inbox::default();
    inbox.add_changes(&part(events), at(0));
    inbox
}

fn ids(inbox: &Inbox) -> Vec<&str> {
    let changes = inbox.pending.iter();
    changes.map(|change| change.id.as_str()).collect()
}

fn bytes(inbox: &Inbox) -> usize {
    serde_json::to_vec(inbox).unwrap().len()
}

#[test]
fn newest_change_takes_place_of_first() {
    let inbox = inbox(&[updated("7", 1), updated("8", 2), updated("7", 5)]);
    assert_eq!(ids(&inbox), ["7", "8"]);
    assert_eq!(inbox.pending[0].at, at(5));
}

#[test]
fn repeated_event_is_ignored_after_processing() {
    let mut inbox = inbox(&[updated("7", 1)]);
    assert!(!inbox.is_unseen(&updated("7", 1)));
    let done = inbox.pending.clone();
    assert!(inbox.finish(&finished(&done, None)));
    assert!(!inbox.is_unseen(&updated("7", 1)));
    assert!(!inbox.add_changes(&part(&[updated("7", 1)]), at(9)));
    assert!(!inbox.has_work());
}

#[test]
fn event_older_than_pending_change_is_ignored() {
    let inbox = inbox(&[updated("7", 5)]);
    assert!(!inbox.is_unseen(&updated("7", 4)));
    assert!(!inbox.is_unseen(&event_of("7", Operation::Emailed, 5)));
    assert!(inbox.is_unseen(&updated("7", 6)));
    assert!(inbox.is_unseen(&updated("8", 1)));
}

#[test]
fn deletion_outranks_update_in_either_order() {
    let (deleted, changed) = (event_of("7", Operation::Deleted, 5), updated("7", 6));
    for order in [[&deleted, &changed], [&changed, &deleted]] {
        let inbox = inbox(&order.map(Clone::clone));
        assert_eq!(inbox.pending.len(), 1);
        assert_eq!(inbox.pending[0].kind_of_change, ChangeKind::Deleted);
        assert_eq!(inbox.pending[0].at, at(6));
    }
}

#[test]
fn merge_marks_both_objects_when_named() {
    let merged = |deleted_id| Operation::Merged { deleted_id };
    let both = inbox(&[event_of("1", merged(Some("2".into())), 1)]);
    assert_eq!(ids(&both), ["1", "2"]);
    assert_eq!(both.pending[0].kind_of_change, ChangeKind::Changed);
    assert_eq!(
        both.pending[1].kind_of_change,
        ChangeKind::MergedInto("1".into())
    );
    let one = inbox(&[event_of("1", merged(None), 1)]);
    assert_eq!(one.pending[0].kind_of_change, ChangeKind::Absorbed);
}

#[test]
fn unsupported_entity_kinds_are_ignored() {
    let mut vendor = announced("7", Operation::Created, 1);
    vendor.entity = EntityKind::Other("vendor".into());
    assert_eq!(ChangeEvent::of(&vendor), None);
}

#[test]
fn pending_change_fits_in_sixty_bytes() {
    let voided = ChangeEvent::of(&webhook::EntityChange {
        entity: EntityKind::Known(Kind::JournalEntry),
        ..announced("1234567", Operation::Voided, 1)
    });
    let inbox = inbox(&[updated("1234567", 1), voided.unwrap()]);
    let lines = inbox.pending.iter();
    let lines: Vec<String> = lines
        .map(|change| serde_json::to_string(change).unwrap())
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"k":"invoice","i":"1234567","a":1772000001000}
    {"k":"journalentry","i":"1234567","a":1772000001000,"f":"v"}
    "#);
    assert!(lines.iter().all(|line| line.len() <= 60));
}

#[test]
fn inbox_record_round_trips_unchanged() {
    let merged = Operation::Merged {
        deleted_id: Some("2".into()),
    };
    let mut inbox = inbox(&[updated("7", 1), event_of("1", merged, 2)]);
    inbox.add_changes(&unreadable("a"), at(3));
    let stored = serde_json::to_value(&inbox).unwrap();
    assert_eq!(json::read::<Inbox>(&stored).unwrap(), inbox);
    let empty = serde_json::json!({ "waiting": [], "seen": "" });
    assert_eq!(json::read::<Inbox>(&empty).unwrap(), Inbox::default());
}

#[test]
fn change_times_are_truncated_to_milliseconds() {
    let mut precise = announced("7", Operation::Updated, 1);
    precise.changed_at = Timestamp::from_nanosecond(1_772_000_001_179_851_517).unwrap();
    let event = ChangeEvent::of(&precise).unwrap();
    assert_eq!(event.changes[0].at.as_nanosecond() % 1_000_000, 0);
}

#[test]
fn inbox_remembers_last_256_event_fingerprints() {
    let mut inbox = Inbox::default();
    let event = |number: i64| updated("7", number);
    for number in 0..300 {
        inbox.add_changes(&part(&[event(number)]), at(0));
        let done = inbox.pending.clone();
        inbox.finish(&finished(&done, None));
    }
    assert_eq!(inbox.seen.len(), FINGERPRINTS_KEPT * 8);
    assert!(!inbox.is_unseen(&event(299)) && !inbox.is_unseen(&event(44)));
    assert!(inbox.is_unseen(&event(43)));
}

#[test]
fn event_fingerprint_matches_only_on_boundaries() {
    let mut inbox = inbox(&[updated("7", 1), updated("8", 1)]);
    inbox.seen = format!("xxxx{}xxxx", updated("9", 1).fingerprint.as_str());
    assert!(inbox.is_unseen(&updated("9", 1)));
}

#[test]
fn overfull_inbox_becomes_one_catch_up() {
    let events: Vec<ChangeEvent> = (0..=400)
        .map(|n| updated(&n.to_string(), 1000 - n))
        .collect();
    let mut inbox = inbox(&events[..400]);
    assert_eq!((inbox.pending.len(), inbox.catch_up), (400, None));
    assert!(bytes(&inbox) < 32 * 1024, "{}", bytes(&inbox));
    inbox.add_changes(&part(&events[400..]), at(2000));
    assert!(inbox.pending.is_empty());
    let since = at(600);
    assert_eq!(inbox.catch_up, Some(CatchUp { since, asked: 1 }));
}

#[test]
fn too_many_deferred_changes_become_catch_up() {
    let changes = |number: i64| updated(&number.to_string(), 1000 - number).changes;
    let again: Vec<PendingChange> = (0..=400).flat_map(changes).collect();
    let mut inbox = Inbox::default();
    inbox.request_catch_up(at(5));
    let progress = Progress {
        again,
        ..finished(&[], inbox.catch_up)
    };
    assert!(inbox.finish(&progress));
    assert!(inbox.pending.is_empty());
    let since = at(600);
    assert_eq!(inbox.catch_up, Some(CatchUp { since, asked: 1 }));
}

#[test]
fn catch_up_keeps_earliest_start() {
    let mut inbox = Inbox::default();
    inbox.request_catch_up(at(5));
    inbox.request_catch_up(at(9));
    let since = at(5);
    assert_eq!(inbox.catch_up, Some(CatchUp { since, asked: 2 }));
}

#[test]
fn inbox_record_stays_below_64_kilobytes() {
    let long = |number: usize| format!("{number:04}{}", "\"".repeat(124));
    let mut inbox = Inbox::default();
    for first in (0..4000).step_by(100) {
        let merged = |number: usize| Operation::Merged {
            deleted_id: Some(long(number + 4000)),
        };
        let numbers = first..first + 100;
        let events: Vec<ChangeEvent> = numbers.map(|n| event_of(&long(n), merged(n), 1)).collect();
        inbox.add_changes(&part(&events), at(0));
        assert!(bytes(&inbox) < 60 * 1024, "{}", bytes(&inbox));
    }
    for number in 0..20 {
        inbox.add_changes(&unreadable(&number.to_string()), at(0));
    }
    assert!(inbox.unreadable.len() == UNREADABLE_KEPT && bytes(&inbox) < 60 * 1024);
}

fn unreadable(id: &str) -> DeliveryPart {
    DeliveryPart {
        unreadable: vec![UnreadablePart {
            fingerprint: ChangeFingerprint::of(id),
            why: "names no object",
        }],
        ..DeliveryPart::default()
    }
}

#[test]
fn unreadable_event_requests_one_catch_up() {
    let mut inbox = inbox(&[updated("7", 1)]);
    assert!(inbox.add_changes(&unreadable("a"), at(86_400)));
    assert!(!inbox.add_changes(&unreadable("a"), at(86_500)));
    let since = at(0);
    assert_eq!(inbox.catch_up, Some(CatchUp { since, asked: 1 }));
    assert_eq!(inbox.unreadable[0].why, "names no object");
    assert_eq!(ids(&inbox), ["7"]);
}

#[test]
fn change_arriving_during_processing_stays_pending() {
    let mut inbox = inbox(&[updated("7", 1), updated("8", 1)]);
    let done = inbox.pending.clone();
    inbox.add_changes(&part(&[updated("7", 2), updated("9", 2)]), at(3));
    assert!(inbox.finish(&finished(&done, None)));
    assert_eq!(ids(&inbox), ["7", "9"]);
    assert!(!inbox.finish(&finished(&done, None)));
}

#[test]
fn deletion_arriving_during_processing_stays_pending() {
    let mut inbox = inbox(&[updated("7", 1)]);
    let done = inbox.pending.clone();
    inbox.add_changes(&part(&[event_of("7", Operation::Deleted, 1)]), at(3));
    assert!(!inbox.finish(&finished(&done, None)));
    assert_eq!(inbox.pending[0].kind_of_change, ChangeKind::Deleted);
}

#[test]
fn completed_catch_up_keeps_later_request() {
    let mut inbox = Inbox::default();
    inbox.request_catch_up(at(5));
    let asked = inbox.catch_up;
    inbox.request_catch_up(at(9));
    assert!(!inbox.finish(&finished(&[], asked)));
    let asked = inbox.catch_up;
    assert!(inbox.finish(&finished(&[], asked)));
    assert!(!inbox.has_work());
}

#[test]
fn cursor_never_goes_back_and_sweep_continues() {
    let mut inbox = Inbox::default();
    let to = |cursor, sweep| Progress {
        cursor,
        sweep,
        ..Progress::default()
    };
    assert!(inbox.finish(&to(Some(at(9)), Some(0))));
    assert!(inbox.has_work());
    assert!(inbox.finish(&to(Some(at(5)), None)));
    assert_eq!((inbox.cursor, inbox.has_work()), (Some(at(9)), false));
    assert!(!inbox.finish(&to(None, None)));
}

#[test]
fn change_of_facts_is_counted_once() {
    let of_kind = |kind, second| {
        let mut change = announced("1", Operation::Updated, second);
        change.entity = EntityKind::Known(kind);
        change.event_id = format!("{kind:?} {second}");
        ChangeEvent::of(&change).unwrap()
    };
    let mut inbox = Inbox::default();
    let mut count_after = |kind, second| {
        inbox.add_changes(&part(&[of_kind(kind, second)]), at(second));
        inbox.changes_of_facts
    };
    assert_eq!(count_after(Kind::Preferences, 1), 1);
    assert_eq!(count_after(Kind::Preferences, 1), 1);
    assert_eq!(count_after(Kind::Account, 2), 2);
    assert_eq!(count_after(Kind::Invoice, 3), 2);
    assert_eq!(count_after(Kind::Item, 4), 3);
    assert_eq!(count_after(Kind::CompanyInfo, 5), 4);
}

#[test]
fn catch_up_counts_as_change_of_facts() {
    let mut inbox = inbox(&[updated("7", 1)]);
    assert_eq!(inbox.changes_of_facts, 0);
    inbox.request_catch_up(at(2));
    assert_eq!(inbox.changes_of_facts, 1);
}

#[test]
fn newest_delivery_is_remembered() {
    let mut inbox = Inbox::default();
    assert!(!inbox.has_received());
    inbox.add_changes(&part(&[updated("7", 1)]), at(9));
    inbox.add_changes(&part(&[updated("7", 1)]), at(20));
    assert_eq!(inbox.received_at, Some(at(9)));
    let done = inbox.pending.clone();
    inbox.finish(&finished(&done, None));
    inbox.received_at = None;
    assert!(inbox.has_received());
}
