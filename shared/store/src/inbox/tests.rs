use super::*;
use quickbooks::Kind;
use quickbooks::webhook::{self, Entity, Operation};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_772_000_000 + second).unwrap()
}

/// What Intuit says; the same parts make the same event.
fn told(id: &str, operation: Operation, second: i64) -> webhook::EntityChange {
    webhook::EntityChange {
        realm_id: "9341453908059321".into(),
        entity: Entity::Known(Kind::Invoice),
        id: id.into(),
        event_id: format!("{id} {operation:?} {second}"),
        operation,
        at: at(second),
    }
}

fn news(id: &str, operation: Operation, second: i64) -> ChangeEvent {
    ChangeEvent::of(&told(id, operation, second)).unwrap()
}

fn off(done: &[PendingChange], caught_up: Option<CatchUp>) -> Progress {
    Progress {
        done: done.to_vec(),
        caught_up,
        ..Progress::default()
    }
}

fn updated(id: &str, second: i64) -> ChangeEvent {
    news(id, Operation::Updated, second)
}

fn batch(news: &[ChangeEvent]) -> Batch {
    Batch {
        news: news.to_vec(),
        odd: Vec::new(),
    }
}

fn inbox(news: &[ChangeEvent]) -> Inbox {
    let mut inbox = Inbox::default();
    inbox.add_changes(&batch(news), at(0));
    inbox
}

fn ids(inbox: &Inbox) -> Vec<&str> {
    let waiting = inbox.waiting.iter();
    waiting.map(|waiting| waiting.id.as_str()).collect()
}

fn bytes(inbox: &Inbox) -> usize {
    serde_json::to_vec(inbox).unwrap().len()
}

#[test]
fn of_all_notices_about_an_object_the_newest_waits_in_the_place_of_the_first() {
    let inbox = inbox(&[updated("7", 1), updated("8", 2), updated("7", 5)]);
    assert_eq!(ids(&inbox), ["7", "8"]);
    assert_eq!(inbox.waiting[0].at, at(5));
}

#[test]
fn an_event_that_comes_again_is_no_news_even_after_it_was_worked_off() {
    let mut inbox = inbox(&[updated("7", 1)]);
    assert!(!inbox.is_unseen(&updated("7", 1)));
    let done = inbox.waiting.clone();
    assert!(inbox.finish(&off(&done, None)));
    assert!(!inbox.is_unseen(&updated("7", 1)));
    assert!(!inbox.add_changes(&batch(&[updated("7", 1)]), at(9)));
    assert!(!inbox.has_work());
}

#[test]
fn an_event_that_is_older_than_what_waits_is_no_news() {
    let inbox = inbox(&[updated("7", 5)]);
    assert!(!inbox.is_unseen(&updated("7", 4)));
    assert!(!inbox.is_unseen(&news("7", Operation::Emailed, 5)));
    assert!(inbox.is_unseen(&updated("7", 6)));
    assert!(inbox.is_unseen(&updated("8", 1)));
}

#[test]
fn an_object_that_is_gone_stays_gone_in_whatever_order_it_is_told() {
    let (deleted, changed) = (news("7", Operation::Deleted, 5), updated("7", 6));
    for order in [[&deleted, &changed], [&changed, &deleted]] {
        let inbox = inbox(&order.map(Clone::clone));
        assert_eq!(inbox.waiting.len(), 1);
        assert_eq!(inbox.waiting[0].kind_of_change, ChangeKind::Deleted);
        assert_eq!(inbox.waiting[0].at, at(6));
    }
}

#[test]
fn a_merge_names_both_objects_if_intuit_does() {
    let merged = |deleted_id| Operation::Merged { deleted_id };
    let both = inbox(&[news("1", merged(Some("2".into())), 1)]);
    assert_eq!(ids(&both), ["1", "2"]);
    assert_eq!(both.waiting[0].kind_of_change, ChangeKind::Changed);
    assert_eq!(
        both.waiting[1].kind_of_change,
        ChangeKind::MergedInto("1".into())
    );
    let one = inbox(&[news("1", merged(None), 1)]);
    assert_eq!(one.waiting[0].kind_of_change, ChangeKind::Absorbed);
}

#[test]
fn kinds_that_nobody_here_looks_at_are_no_news() {
    let mut vendor = told("7", Operation::Created, 1);
    vendor.entity = Entity::Other("vendor".into());
    assert_eq!(ChangeEvent::of(&vendor), None);
}

#[test]
fn a_notice_takes_sixty_bytes_at_most() {
    let voided = ChangeEvent::of(&webhook::EntityChange {
        entity: Entity::Known(Kind::JournalEntry),
        ..told("1234567", Operation::Voided, 1)
    });
    let inbox = inbox(&[updated("1234567", 1), voided.unwrap()]);
    let lines = inbox.waiting.iter();
    let lines: Vec<String> = lines
        .map(|waiting| serde_json::to_string(waiting).unwrap())
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"k":"invoice","i":"1234567","a":1772000001000}
    {"k":"journalentry","i":"1234567","a":1772000001000,"f":"v"}
    "#);
    assert!(lines.iter().all(|line| line.len() <= 60));
}

#[test]
fn what_is_kept_reads_as_what_it_was() {
    let merged = Operation::Merged {
        deleted_id: Some("2".into()),
    };
    let mut inbox = inbox(&[updated("7", 1), news("1", merged, 2)]);
    inbox.add_changes(&spoiled("a"), at(3));
    let stored = serde_json::to_value(&inbox).unwrap();
    assert_eq!(json::read::<Inbox>(&stored).unwrap(), inbox);
    let empty = serde_json::json!({ "waiting": [], "seen": "" });
    assert_eq!(json::read::<Inbox>(&empty).unwrap(), Inbox::default());
}

#[test]
fn times_are_kept_in_milliseconds_so_that_what_is_noted_is_what_is_read_back() {
    let mut precise = told("7", Operation::Updated, 1);
    precise.at = Timestamp::from_nanosecond(1_772_000_001_179_851_517).unwrap();
    let news = ChangeEvent::of(&precise).unwrap();
    assert_eq!(news.about[0].at.as_nanosecond() % 1_000_000, 0);
}

#[test]
fn the_latest_256_events_are_remembered_by_eight_characters_each() {
    let mut inbox = Inbox::default();
    let event = |number: i64| updated("7", number);
    for number in 0..300 {
        inbox.add_changes(&batch(&[event(number)]), at(0));
        let done = inbox.waiting.clone();
        inbox.finish(&off(&done, None));
    }
    assert_eq!(inbox.seen.len(), REMEMBERED * 8);
    assert!(!inbox.is_unseen(&event(299)) && !inbox.is_unseen(&event(44)));
    assert!(inbox.is_unseen(&event(43)));
}

#[test]
fn a_mark_is_not_found_across_two_others() {
    let mut inbox = inbox(&[updated("7", 1), updated("8", 1)]);
    inbox.seen = format!("xxxx{}xxxx", updated("9", 1).mark.as_str());
    assert!(inbox.is_unseen(&updated("9", 1)));
}

#[test]
fn too_many_objects_become_one_question_that_covers_them_all() {
    let events: Vec<ChangeEvent> = (0..=400)
        .map(|n| updated(&n.to_string(), 1000 - n))
        .collect();
    let mut inbox = inbox(&events[..400]);
    assert_eq!((inbox.waiting.len(), inbox.catch_up), (400, None));
    assert!(bytes(&inbox) < 32 * 1024, "{}", bytes(&inbox));
    inbox.add_changes(&batch(&events[400..]), at(2000));
    assert!(inbox.waiting.is_empty());
    let since = at(600);
    assert_eq!(inbox.catch_up, Some(CatchUp { since, asked: 1 }));
}

#[test]
fn too_much_that_is_put_off_becomes_a_question_too() {
    let about = |number: i64| updated(&number.to_string(), 1000 - number).about;
    let again: Vec<PendingChange> = (0..=400).flat_map(about).collect();
    let mut inbox = Inbox::default();
    inbox.request_catch_up(at(5));
    let progress = Progress {
        again,
        ..off(&[], inbox.catch_up)
    };
    assert!(inbox.finish(&progress));
    assert!(inbox.waiting.is_empty());
    let since = at(600);
    assert_eq!(inbox.catch_up, Some(CatchUp { since, asked: 1 }));
}

#[test]
fn a_question_reaches_back_as_far_as_the_earlier_one() {
    let mut inbox = Inbox::default();
    inbox.request_catch_up(at(5));
    inbox.request_catch_up(at(9));
    let since = at(5);
    assert_eq!(inbox.catch_up, Some(CatchUp { since, asked: 2 }));
}

#[test]
fn no_delivery_makes_an_inbox_grow_past_64_kilobytes() {
    let long = |number: usize| format!("{number:04}{}", "\"".repeat(124));
    let mut inbox = Inbox::default();
    for first in (0..4000).step_by(100) {
        let merged = |number: usize| Operation::Merged {
            deleted_id: Some(long(number + 4000)),
        };
        let numbers = first..first + 100;
        let events: Vec<ChangeEvent> = numbers.map(|n| news(&long(n), merged(n), 1)).collect();
        inbox.add_changes(&batch(&events), at(0));
        assert!(bytes(&inbox) < 60 * 1024, "{}", bytes(&inbox));
    }
    for number in 0..20 {
        inbox.add_changes(&spoiled(&number.to_string()), at(0));
    }
    assert!(inbox.odd.len() == COMPLAINTS && bytes(&inbox) < 60 * 1024);
}

fn spoiled(mark: &str) -> Batch {
    Batch {
        odd: vec![(ChangeFingerprint::of(mark), "names no object")],
        ..Batch::default()
    }
}

#[test]
fn what_cannot_be_read_is_asked_for_once_from_a_day_before() {
    let mut inbox = inbox(&[updated("7", 1)]);
    assert!(inbox.add_changes(&spoiled("a"), at(86_400)));
    assert!(!inbox.add_changes(&spoiled("a"), at(86_500)));
    let since = at(0);
    assert_eq!(inbox.catch_up, Some(CatchUp { since, asked: 1 }));
    assert_eq!(inbox.odd[0].why, "names no object");
    assert_eq!(ids(&inbox), ["7"]);
}

#[test]
fn what_came_while_a_notice_was_worked_off_stays() {
    let mut inbox = inbox(&[updated("7", 1), updated("8", 1)]);
    let done = inbox.waiting.clone();
    inbox.add_changes(&batch(&[updated("7", 2), updated("9", 2)]), at(3));
    assert!(inbox.finish(&off(&done, None)));
    assert_eq!(ids(&inbox), ["7", "9"]);
    assert!(!inbox.finish(&off(&done, None)));
}

#[test]
fn a_worse_fate_that_came_meanwhile_stays_although_it_is_as_old() {
    let mut inbox = inbox(&[updated("7", 1)]);
    let done = inbox.waiting.clone();
    inbox.add_changes(&batch(&[news("7", Operation::Deleted, 1)]), at(3));
    assert!(!inbox.finish(&off(&done, None)));
    assert_eq!(inbox.waiting[0].kind_of_change, ChangeKind::Deleted);
}

#[test]
fn an_answer_to_an_earlier_question_does_not_end_a_later_one() {
    let mut inbox = Inbox::default();
    inbox.request_catch_up(at(5));
    let asked = inbox.catch_up;
    inbox.request_catch_up(at(9));
    assert!(!inbox.finish(&off(&[], asked)));
    let asked = inbox.catch_up;
    assert!(inbox.finish(&off(&[], asked)));
    assert!(!inbox.has_work());
}

#[test]
fn the_cursor_never_goes_back_and_a_sweep_goes_on_until_it_is_over() {
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
