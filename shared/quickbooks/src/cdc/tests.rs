use super::*;
use crate::fault::FaultMeaning;
use crate::request_text::text_of;
use http::Response;
use oauth2::AccessToken;

fn build(kinds: &[Kind], since: &str) -> String {
    let access_token = AccessToken::new("eyAT".to_owned());
    let company = Company {
        api_origin: "https://quickbooks.api.intuit.com",
        realm_id: "9341453908059321",
        access_token: &access_token,
    };
    let since = json::parse_instant(since).unwrap();
    request(&company, kinds, since)
        .map_or_else(|refused| refused.to_string(), |request| text_of(&request))
}

fn parse(body: &str) -> Result<Changes, Failure> {
    let response = Response::new(Bytes::from(body.to_owned()));
    Changes::of(&Answer::of(&response)?)
}

#[test]
fn request_names_kinds_and_time() {
    let kinds = [Kind::Invoice, Kind::JournalEntry, Kind::Payment];
    insta::assert_snapshot!(build(&kinds, "2026-03-31T14:14:09.987-07:00"), @"
    GET https://quickbooks.api.intuit.com/v3/company/9341453908059321/cdc?minorversion=75&entities=Invoice,JournalEntry,Payment&changedSince=2026-03-31T21%3A14%3A09Z
    accept: application/json
    authorization: Bearer …
    content-type: application/json
    ");
}

#[test]
fn request_without_kinds_is_refused() {
    assert_eq!(
        build(&[], "2026-03-31T21:14:09Z"),
        "the request cannot be built: it asks about no kind of object"
    );
}

#[test]
fn time_before_the_epoch_is_rounded_down() {
    let since = json::parse_instant("1969-12-31T23:59:58.5Z").unwrap();
    assert_eq!(whole_seconds(since), "1969-12-31T23:59:58Z");
}

#[test]
fn changes_and_deletions_are_read_by_kind() {
    let changes = parse(
        r#"{"CDCResponse":[{"QueryResponse":[
            {"Invoice":[
                {"Id":"130","SyncToken":"3","domain":"QBO","DocNumber":"2301-1","TotalAmt":0,"Balance":0,"PrivateNote":"Voided"},
                {"Id":"131","SyncToken":"0","CustomerRef":{"value":"24"},"TotalAmt":90.00,"Balance":12.50}],"startPosition":1,"maxResults":2},
            {"Payment":[{"status":"Deleted","domain":"QBO","Id":"39","MetaData":{"LastUpdatedTime":"2026-03-31T14:14:09-07:00"}}]},
            {"Customer":[{"Id":"58","SyncToken":"1","DisplayName":"Bay","FullyQualifiedName":"Turner:Bay","Active":false}],
             "Account":[{"Id":"91","Name":"Retainage Receivable","Active":true,"AccountType":"Other Current Asset"}]},
            {}]}],"time":"2026-03-31T14:20:00.123-07:00"}"#,
    )
    .unwrap();
    assert_eq!(
        changes.answered_at,
        json::parse_instant("2026-03-31T21:20:00.123Z")
    );
    assert!(!changes.is_full());
    let [invoices, payments, accounts, customers] = &changes.kinds[..] else {
        panic!("{changes:?}");
    };
    assert!(invoices.snapshots[0].is_voided() && !invoices.snapshots[1].is_voided());
    assert_eq!(invoices.snapshots[1].balance, "12.50".parse().ok());
    let gone = DeletedObject {
        id: "39".to_owned(),
        deleted_at: json::parse_instant("2026-03-31T21:14:09Z"),
    };
    assert_eq!(
        (payments.kind, &payments.deleted),
        (Kind::Payment, &vec![gone])
    );
    assert_eq!(accounts.list_entries[0].name, "Retainage Receivable");
    assert!(
        customers.list_entries[0].full_name == "Turner:Bay" && !customers.list_entries[0].is_active
    );
}

#[test]
fn answer_without_changes_is_empty() {
    for body in [
        r#"{"CDCResponse":[{"QueryResponse":[{},{}]}],"time":"2026-03-31T14:20:00-07:00"}"#,
        r#"{"CDCResponse":[{"QueryResponse":[{"Invoice":[]}]}]}"#,
        r#"{"CDCResponse":[]}"#,
    ] {
        let changes = parse(body).unwrap();
        assert!(changes.kinds.iter().all(KindChanges::is_empty), "{body}");
    }
}

#[test]
fn unreadable_object_is_counted_and_others_read() {
    let changes = parse(
        r#"{"CDCResponse":[{"QueryResponse":[{"Invoice":[{"SyncToken":"1"},7,{"Id":"1","SyncToken":"0","Line":"?"},{"status":"Deleted"}],
            "Vendor":[{"Id":"1"}],"Preferences":[{"Id":"1"}],"startPosition":1}]}]}"#,
    )
    .unwrap();
    assert_eq!(changes.kinds.len(), 2);
    let invoices = &changes.kinds[0];
    assert_eq!(
        (
            invoices.snapshots.len(),
            invoices.unreadable,
            invoices.len()
        ),
        (1, 3, 4)
    );
    assert_eq!(changes.kinds[1].unreadable, 1);
}

#[test]
fn numbers_and_missing_positions_change_nothing() {
    let changes = parse(
        r#"{"CDCResponse":[{"QueryResponse":[{"Invoice":[{"Id":1,"SyncToken":0,"TotalAmt":"5.00","Balance":null},
            {"status":"Deleted","Id":2}]},{},{"Customer":[{"Id":3,"SyncToken":1,"DisplayName":"Turner"}],"totalCount":1}]}]}"#,
    )
    .unwrap();
    let [invoices, customers] = &changes.kinds[..] else {
        panic!("{changes:?}")
    };
    let invoice = &invoices.snapshots[0];
    assert_eq!((&*invoice.id, &*invoice.sync_token), ("1", "0"));
    assert_eq!(
        (invoice.total.map(|t| t.to_string()), invoice.balance),
        (Some("5.00".into()), None)
    );
    assert_eq!(invoices.deleted[0].id, "2");
    assert_eq!(customers.list_entries[0].id, "3");
    assert_eq!((invoices.unreadable, customers.unreadable), (0, 0));
}

#[test]
fn answer_of_a_thousand_objects_is_full() {
    let rows = |count: usize| {
        let stub = r#"{"status":"Deleted","Id":"1"}"#;
        vec![stub; count].join(",")
    };
    let full = |invoices: usize, payments: usize| {
        let body = format!(
            r#"{{"CDCResponse":[{{"QueryResponse":[{{"Invoice":[{}]}},{{"Payment":[{}]}}]}}]}}"#,
            rows(invoices),
            rows(payments)
        );
        parse(&body).unwrap().is_full()
    };
    assert!(full(1000, 0) && full(600, 400));
    assert!(!full(999, 0));
}

#[test]
fn fault_is_found_at_each_level() {
    let fault =
        r#"{"Error":[{"Message":"Object Not Found","code":"610"}],"type":"ValidationFault"}"#;
    for body in [
        format!(r#"{{"Fault":{fault}}}"#),
        format!(r#"{{"CDCResponse":[{{"Fault":{fault}}}]}}"#),
        format!(
            r#"{{"CDCResponse":[{{"QueryResponse":[{{"Invoice":[]}},{{"Fault":{fault}}}]}}]}}"#
        ),
    ] {
        assert_eq!(
            parse(&body).unwrap_err().meaning(),
            Some(FaultMeaning::Missing),
            "{body}"
        );
    }
}

#[test]
fn answer_to_another_request_is_unreadable() {
    for body in [
        r#"{"QueryResponse":{}}"#,
        r#"{"CDCResponse":{}}"#,
        "[]",
        "<html>",
    ] {
        assert!(
            matches!(parse(body), Err(Failure::Unreadable { .. })),
            "{body}"
        );
    }
}
