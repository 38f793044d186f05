//! Deliveries that are incomplete, empty, unreadable or long.

use super::*;

#[test]
fn unreadable_classic_event_loses_no_other() {
    let good = r#"{"name":"Invoice","id":"130","operation":"Update","lastUpdated":"2026-03-31T21:14:09Z"}"#;
    let bad = [
        r#"{"id":"1","operation":"Update","lastUpdated":"2026-03-31T21:14:09Z"}"#,
        r#"{"name":"Invoice","operation":"Update","lastUpdated":"2026-03-31T21:14:09Z"}"#,
        r#"{"name":"Invoice","id":"","operation":"Update","lastUpdated":"2026-03-31T21:14:09Z"}"#,
        r#"{"name":"Invoice","id":"1","operation":null,"lastUpdated":"2026-03-31T21:14:09Z"}"#,
        r#"{"name":"Invoice","id":"1","operation":"Update","lastUpdated":"yesterday"}"#,
        r#"{"name":"Invoice","id":"1\n2","operation":"Update","lastUpdated":"2026-03-31T21:14:09Z"}"#,
        "null",
        "[]",
    ];
    let body = classic(&format!("{good},{},{good}", bad.join(",")));
    insta::assert_snapshot!(describe(&body), @"
    1185883450 Known(Invoice) 130 Updated 2026-03-31T21:14:09Z
        1185883450:invoice:130:update::1774991649000000
    1185883450 Known(Invoice) 130 Updated 2026-03-31T21:14:09Z
        1185883450:invoice:130:update::1774991649000000
    1185883450: event 1 names no kind of object
    1185883450: event 2 names no object
    1185883450: event 3 names no object
    1185883450: event 4 names no operation
    1185883450: event 5 names no time
    1185883450: event 6 names no object
    1185883450: event 7 names no kind of object
    1185883450: event 8 names no kind of object
    ");
    let whole = format!(
        r#"{{"eventNotifications":[{{"dataChangeEvent":{{"entities":[{good}]}}}},{{"realmId":"7"}},5,{{"realmId":8,"dataChangeEvent":{{"entities":[{good}]}}}}]}}"#
    );
    insta::assert_snapshot!(describe(&whole), @"
    8 Known(Invoice) 130 Updated 2026-03-31T21:14:09Z
        8:invoice:130:update::1774991649000000
    -: event 0 names no company
    7: event 1 has no list of changes
    -: event 2 has no list of changes
    ");
}

#[test]
fn unreadable_cloud_event_loses_no_other() {
    let good = r#"{"id":"e","type":"qbo.invoice.created.v1","time":"2026-03-31T21:14:09Z","intuitentityid":"1","intuitaccountid":"7"}"#;
    let body = format!(
        r#"[{good},{{}},{{"intuitaccountid":"7"}},{{"type":"qbo.invoice.created.v1","intuitaccountid":"7","time":"2026-03-31T21:14:09Z"}},
            {{"type":"qbo.invoice.created.v1","intuitaccountid":"7","intuitentityid":"1"}},
            {{"type":"qbo.invoice.created.v1","time":"2026-03-31T21:14:09Z","intuitentityid":"1"}},"text",{good}]"#
    );
    insta::assert_snapshot!(describe(&body), @"
    7 Known(Invoice) 1 Created 2026-03-31T21:14:09Z
        e
    7 Known(Invoice) 1 Created 2026-03-31T21:14:09Z
        e
    -: event 1 names no type
    7: event 2 names no type
    7: event 3 names no object
    7: event 4 names no time
    -: event 5 names no company
    -: event 6 names no type
    ");
}

#[test]
fn event_without_id_derives_one() {
    let event = |id: &str, at: &str| {
        let body = format!(
            r#"[{{{id}"type":"qbo.invoice.created.v1","time":"{at}","intuitentityid":"1","intuitaccountid":"7"}}]"#
        );
        read(body.as_bytes()).unwrap().changes.remove(0).event_id
    };
    let noon = "2026-03-31T12:00:00Z";
    assert_eq!(event(r#""id":"e-1","#, noon), "e-1");
    assert_eq!(event("", noon), "7:invoice:1:created::1774958400000000");
    assert_eq!(event("", noon), event("", "2026-03-31T05:00:00.000-0700"));
    assert_ne!(event("", noon), event("", "2026-03-31T12:00:00.000001Z"));
}

#[test]
fn merges_of_one_second_differ_in_id() {
    let merge = |gone: &str| {
        let body = classic(&format!(
            r#"{{"name":"Customer","id":"1","operation":"Merge","lastUpdated":"2026-03-31T21:14:09Z","deletedId":"{gone}"}}"#
        ));
        read(body.as_bytes()).unwrap().changes.remove(0)
    };
    let deleted_id = Some("2".to_owned());
    assert_eq!(merge("2").operation, Operation::Merged { deleted_id });
    assert_ne!(merge("2").event_id, merge("3").event_id);
}

#[test]
fn empty_delivery_has_no_events() {
    for body in ["[]", r#"{"eventNotifications":[]}"#, &classic("")] {
        assert_eq!(
            read(body.as_bytes()),
            Ok(DeliveryEvents::default()),
            "{body}"
        );
    }
}

#[test]
fn unreadable_body_says_why() {
    for body in [
        "",
        "{",
        "[]]",
        "<html></html>",
        "\u{feff}[]",
        &"[".repeat(200),
    ] {
        assert_eq!(
            describe(body),
            "the delivery cannot be read: it is not one JSON text"
        );
    }
    assert!(read(b"[\"\xff\"]").is_err());
    for body in [
        "null",
        "1",
        "\"text\"",
        "{}",
        r#"{"eventNotifications":{}}"#,
        r#"{"data":[]}"#,
    ] {
        assert_eq!(
            describe(body),
            "the delivery cannot be read: it is neither an array of events nor an object with eventNotifications"
        );
    }
}

/// Prints how long the largest delivery takes, and judges only that it is complete: `cargo test --release -p quickbooks
/// mebibyte -- --nocapture`.
#[test]
fn mebibyte_of_events_is_read_whole() {
    let entity = r#"{"name":"Invoice","id":"130","operation":"Update","lastUpdated":"2026-03-31T21:14:09Z"}"#;
    let event = cloud("qbo.invoice.updated.v1", r#","data":{}"#);
    let event = event.trim_start_matches('[').trim_end_matches(']');
    let fill = |one| vec![one; (1 << 20) / (str::len(one) + 1)];
    let bodies = [
        (
            "classic",
            fill(entity).len(),
            classic(&fill(entity).join(",")),
        ),
        (
            "cloud",
            fill(event).len(),
            format!("[{}]", fill(event).join(",")),
        ),
    ];
    for (format, events, body) in bodies {
        let start = Instant::now();
        let notices = read(body.as_bytes()).unwrap().changes;
        println!(
            "{format}: {} bytes, {events} events, {:?}",
            body.len(),
            start.elapsed()
        );
        assert_eq!(notices.len(), events);
    }
}
