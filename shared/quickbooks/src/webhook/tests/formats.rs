//! The two formats, as Intuit documents them and as it sends them.

mod unreadable;

use crate::webhook::{DeliveryEvents, Operation, read};
use std::fmt::Write;
use std::time::Instant;

/// Returns each change on a line of its own, then the events that cannot be read.
fn describe(body: &str) -> String {
    let DeliveryEvents {
        changes,
        unreadable,
    } = match read(body.as_bytes()) {
        Ok(read) => read,
        Err(unreadable) => return unreadable.to_string(),
    };
    let mut text = String::new();
    for notice in changes {
        writeln!(
            text,
            "{} {:?} {} {:?} {}\n    {}",
            notice.realm_id,
            notice.entity,
            notice.id,
            notice.operation,
            notice.changed_at,
            notice.event_id
        )
        .unwrap();
    }
    for event in unreadable {
        let realm_id = event.realm_id.as_deref().unwrap_or("-");
        writeln!(text, "{realm_id}: event {} {}", event.index, event.problem).unwrap();
    }
    text
}

fn classic(entities: &str) -> String {
    format!(
        r#"{{"eventNotifications":[{{"realmId":"1185883450","dataChangeEvent":{{"entities":[{entities}]}}}}]}}"#
    )
}

fn cloud(kind: &str, more: &str) -> String {
    format!(
        r#"[{{"specversion":"1.0","id":"88cd52aa-33b6-4351-9aa4-47572edbd068","source":"intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=",
            "type":"{kind}","datacontenttype":"application/json","time":"2025-09-10T21:31:25.179851517Z","intuitentityid":"1234","intuitaccountid":"310687"{more}}}]"#
    )
}

#[test]
fn classic_format_is_read() {
    let body = classic(
        r#"{"name":"Customer","id":"1","operation":"Create","lastUpdated":"2015-10-05T14:42:19-0700"},
           {"name":"Vendor","id":"1","operation":"Merge","lastUpdated":"2015-10-05T14:42:19-07:00","deletedId":"2"},
           {"name":"Customer","id":"3","operation":"Merge","lastUpdated":"2015-10-05T21:42:19Z","deletedID":"4"},
           {"name":"Invoice","id":"130","operation":"Update","lastUpdated":"2015-10-05T21:42:19.123Z"},
           {"name":"Invoice","id":"130","operation":"Void","lastUpdated":"2015-10-05T21:42:20.000Z"},
           {"name":"Invoice","id":"130","operation":"Emailed","lastUpdated":"2015-10-05T21:42:21.000Z"},
           {"name":"JournalEntry","id":"27","operation":"Delete","lastUpdated":"2015-10-05T21:42:22Z"},
           {"name":"Class","id":"5000000000000007280","operation":"Update","lastUpdated":"2015-10-05T21:42:22Z"}"#,
    );
    insta::assert_snapshot!(describe(&body), @r#"
    1185883450 Known(Customer) 1 Created 2015-10-05T21:42:19Z
        1185883450:customer:1:create::1444081339000000
    1185883450 Other("vendor") 1 Merged { deleted_id: Some("2") } 2015-10-05T21:42:19Z
        1185883450:vendor:1:merge:2:1444081339000000
    1185883450 Known(Customer) 3 Merged { deleted_id: Some("4") } 2015-10-05T21:42:19Z
        1185883450:customer:3:merge:4:1444081339000000
    1185883450 Known(Invoice) 130 Updated 2015-10-05T21:42:19.123Z
        1185883450:invoice:130:update::1444081339123000
    1185883450 Known(Invoice) 130 Voided 2015-10-05T21:42:20Z
        1185883450:invoice:130:void::1444081340000000
    1185883450 Known(Invoice) 130 Emailed 2015-10-05T21:42:21Z
        1185883450:invoice:130:emailed::1444081341000000
    1185883450 Known(JournalEntry) 27 Deleted 2015-10-05T21:42:22Z
        1185883450:journalentry:27:delete::1444081342000000
    1185883450 Known(Class) 5000000000000007280 Updated 2015-10-05T21:42:22Z
        1185883450:class:5000000000000007280:update::1444081342000000
    "#);
}

#[test]
fn cloud_events_are_read() {
    let kinds = [
        ("qbo.account.created.v1", r#","data":{}"#),
        (
            "qbo.invoice.updated.v1",
            r#","data":{"Id":"1234","Line":[{"Amount":12.50}]}"#,
        ),
        ("qbo.journalentry.deleted.v1", ""),
        ("qbo.invoice.voided.v1", ""),
        ("qbo.creditmemo.emailed.v1", ""),
        ("qbo.customer.merged.v1", r#","data":{"deletedId":"77"}"#),
        ("qbo.customer.merged.v1", r#","deletedid":"78""#),
        ("qbo.customer.merged.v1", ""),
        ("qbo.payment.created.v2", ""),
    ];
    let shown: String = kinds
        .iter()
        .map(|(kind, more)| describe(&cloud(kind, more)))
        .collect();
    insta::assert_snapshot!(shown, @r#"
    310687 Known(Account) 1234 Created 2025-09-10T21:31:25.179851517Z
        88cd52aa-33b6-4351-9aa4-47572edbd068
    310687 Known(Invoice) 1234 Updated 2025-09-10T21:31:25.179851517Z
        88cd52aa-33b6-4351-9aa4-47572edbd068
    310687 Known(JournalEntry) 1234 Deleted 2025-09-10T21:31:25.179851517Z
        88cd52aa-33b6-4351-9aa4-47572edbd068
    310687 Known(Invoice) 1234 Voided 2025-09-10T21:31:25.179851517Z
        88cd52aa-33b6-4351-9aa4-47572edbd068
    310687 Known(CreditMemo) 1234 Emailed 2025-09-10T21:31:25.179851517Z
        88cd52aa-33b6-4351-9aa4-47572edbd068
    310687 Known(Customer) 1234 Merged { deleted_id: Some("77") } 2025-09-10T21:31:25.179851517Z
        88cd52aa-33b6-4351-9aa4-47572edbd068
    310687 Known(Customer) 1234 Merged { deleted_id: Some("78") } 2025-09-10T21:31:25.179851517Z
        88cd52aa-33b6-4351-9aa4-47572edbd068
    310687 Known(Customer) 1234 Merged { deleted_id: None } 2025-09-10T21:31:25.179851517Z
        88cd52aa-33b6-4351-9aa4-47572edbd068
    310687 Known(Payment) 1234 Created 2025-09-10T21:31:25.179851517Z
        88cd52aa-33b6-4351-9aa4-47572edbd068
    "#);
}

#[test]
fn delivery_of_several_companies_is_read() {
    let entity =
        r#"{"name":"Payment","id":"9","operation":"Create","lastUpdated":"2026-03-31T21:14:09Z"}"#;
    let company =
        |realm| format!(r#"{{"realmId":"{realm}","dataChangeEvent":{{"entities":[{entity}]}}}}"#);
    let body = format!(
        r#"{{"eventNotifications":[{},{}]}}"#,
        company("1"),
        company("9341453908059321")
    );
    insta::assert_snapshot!(describe(&body), @"
    1 Known(Payment) 9 Created 2026-03-31T21:14:09Z
        1:payment:9:create::1774991649000000
    9341453908059321 Known(Payment) 9 Created 2026-03-31T21:14:09Z
        9341453908059321:payment:9:create::1774991649000000
    ");
}

#[test]
fn single_cloud_event_is_read() {
    let array = cloud("qbo.item.updated.v1", "");
    let alone = array.trim_start_matches('[').trim_end_matches(']');
    assert_eq!(describe(alone), describe(&array));
    assert!(!describe(alone).is_empty());
}

#[test]
fn unknown_entity_or_operation_is_other() {
    let entities = r#"{"name":"RetainageRelease","id":"1","operation":"Approve","lastUpdated":"2026-03-31T21:14:09Z","reason":{"a":[1]}}"#;
    let shown = [
        describe(&classic(entities)),
        describe(&cloud(
            "qbo.retainagerelease.approved.v1",
            r#","traceparent":"00-0af7""#,
        )),
        describe(&cloud("intuit.projects.project.created.v1", "")),
        describe(&cloud("invoice", "")),
    ];
    insta::assert_snapshot!(shown.concat(), @r#"
    1185883450 Other("retainagerelease") 1 Other 2026-03-31T21:14:09Z
        1185883450:retainagerelease:1:approve::1774991649000000
    310687 Other("retainagerelease") 1234 Other 2025-09-10T21:31:25.179851517Z
        88cd52aa-33b6-4351-9aa4-47572edbd068
    310687 Other("intuit.projects.project.created.v1") 1234 Other 2025-09-10T21:31:25.179851517Z
        88cd52aa-33b6-4351-9aa4-47572edbd068
    310687 Known(Invoice) 1234 Other 2025-09-10T21:31:25.179851517Z
        88cd52aa-33b6-4351-9aa4-47572edbd068
    "#);
}

#[test]
fn both_formats_give_the_same_change() {
    let classic = classic(
        r#"{"name":"JournalEntry","id":"1234","operation":"Void","lastUpdated":"2025-09-10T21:31:25.179851517Z"}"#,
    );
    let classic = read(classic.as_bytes()).unwrap().changes.remove(0);
    let cloud = read(cloud("qbo.journalentry.voided.v1", "").as_bytes())
        .unwrap()
        .changes
        .remove(0);
    assert_eq!(
        (
            classic.entity,
            classic.id,
            classic.operation,
            classic.changed_at
        ),
        (cloud.entity, cloud.id, cloud.operation, cloud.changed_at)
    );
}
