use super::*;
use crate::company_facts::{CompanyInfo, Preferences};
use crate::entity::{Class, Invoice};
use crate::fault::FaultMeaning;
use rust_decimal::Decimal;

fn response(status: u16, body: &str) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .header("intuit_tid", "1-60f7a1")
        .body(Bytes::from(body.to_owned()))
        .unwrap()
}

fn successful(body: &str) -> Answer {
    Answer::of(&response(200, body)).unwrap()
}

#[test]
fn object_is_read_from_its_envelope() {
    let invoice = r#"{"Invoice":{"Id":"130","SyncToken":"0","TotalAmt":43650.0,"Line":null},"time":"2026-03-31T14:14:09.000-07:00"}"#;
    assert_eq!(
        successful(invoice).one::<Invoice>().unwrap().id.as_deref(),
        Some("130")
    );
    assert_eq!(successful(invoice).object().unwrap().kind(), Kind::Invoice);
}

#[test]
fn each_writable_kind_is_read() {
    for name in [
        "Invoice",
        "CreditMemo",
        "JournalEntry",
        "Payment",
        "Customer",
        "Item",
        "Class",
    ] {
        let body = format!(r#"{{"{name}":{{"Id":"1","SyncToken":"0"}},"time":"t"}}"#);
        let object = successful(&body).object().unwrap();
        assert_eq!((object.kind().name(), object.id()), (name, Some("1")));
    }
}

#[test]
fn company_and_preferences_are_read() {
    let company = r#"{"CompanyInfo":{"CompanyName":"Harbor Electric LLC","NameValue":null}}"#;
    let read_back = successful(company).one::<CompanyInfo>().unwrap();
    assert_eq!(
        read_back.company_name.as_deref(),
        Some("Harbor Electric LLC")
    );
    let preferences = r#"{"Preferences":{"AccountingInfoPrefs":{"BookCloseDate":null,"ClassTrackingPerTxn":true}}}"#;
    let read_back = successful(preferences).one::<Preferences>().unwrap();
    assert!(read_back.accounting_info_prefs.class_tracking_per_txn);
}

/// Each kind that is written is read alike, whether ids, versions and amounts come as numbers or as text.
#[test]
fn numbers_and_texts_mean_the_same() {
    let text = r#"{"Id":"130","SyncToken":"2","DocNumber":"1042","TotalAmt":"43650.00","UnappliedAmt":"0","Balance":"1.50",
        "CustomerRef":{"value":"24"},"Line":[{"Id":"1","Amount":"43650.00","DetailType":"SalesItemLineDetail",
        "SalesItemLineDetail":{"ItemRef":{"value":"7"}},"LinkedTxn":[{"TxnId":"9","TxnType":"Invoice"}]}],
        "LinkedTxn":[{"TxnId":"9","TxnType":"Payment"}]}"#;
    let number = r#"{"Id":130,"SyncToken":2,"DocNumber":1042,"TotalAmt":43650.00,"UnappliedAmt":0,"Balance":1.50,
        "CustomerRef":{"value":24},"Line":[{"Id":1,"Amount":43650.00,"DetailType":"SalesItemLineDetail",
        "SalesItemLineDetail":{"ItemRef":{"value":7}},"LinkedTxn":[{"TxnId":9,"TxnType":"Invoice"}]}],
        "LinkedTxn":[{"TxnId":9,"TxnType":"Payment"}]}"#;
    for kind in [
        "Invoice",
        "CreditMemo",
        "JournalEntry",
        "Payment",
        "Customer",
        "Item",
        "Class",
    ] {
        let answer = |object: &str| successful(&format!(r#"{{"{kind}":{object}}}"#));
        assert_eq!(answer(text).snapshot(), answer(number).snapshot(), "{kind}");
        let snapshot = answer(number).snapshot().unwrap();
        assert_eq!((&*snapshot.id, &*snapshot.sync_token), ("130", "2"));
        assert_eq!(answer(text).object(), answer(number).object(), "{kind}");
        assert!(answer(number).object().is_ok(), "{kind}");
    }
}

#[test]
fn facts_of_the_company_are_read_from_any_form() {
    let body = r#"{"CompanyInfo":{"CompanyName":"Harbor","Country":null,"NameValue":[{"Name":"NeoEnabled","Value":true},{"Name":"Days","Value":30}]}}"#;
    let company = successful(body).one::<CompanyInfo>().unwrap();
    assert_eq!(
        (company.country, &*company.name_value[1].value),
        (None, "30")
    );
}

#[test]
fn snapshot_is_read_despite_malformed_fields() {
    let unusual = r#"{"JournalEntry":{"Id":"27","SyncToken":"1","DocNumber":"R1","PrivateNote":"RIVET","TotalAmt":0,
        "TxnDate":"someday","Line":"none","Balance":null}}"#;
    let snapshot = successful(unusual).snapshot().unwrap();
    assert_eq!(
        (snapshot.kind, snapshot.id.as_str()),
        (Kind::JournalEntry, "27")
    );
    assert_eq!(
        (
            snapshot.doc_number.as_deref(),
            snapshot.private_note.as_deref()
        ),
        (Some("R1"), Some("RIVET"))
    );
    assert_eq!(
        (snapshot.total, snapshot.balance),
        (Some(Decimal::ZERO), None)
    );
}

#[test]
fn object_without_id_or_version_is_unreadable() {
    for body in [
        r#"{"Invoice":{"Id":"1"}}"#,
        r#"{"Invoice":{"SyncToken":"0"}}"#,
        r#"{"Account":{"Id":"1","SyncToken":"0"}}"#,
    ] {
        assert!(successful(body).snapshot().is_err(), "{body}");
    }
    let rows = successful(r#"{"QueryResponse":{"Payment":[{"Id":"1"}]}}"#);
    assert!(rows.snapshots(Kind::Payment).is_err());
}

#[test]
fn query_rows_are_read_as_snapshots() {
    let rows = r#"{"QueryResponse":{"Invoice":[{"Id":"1","SyncToken":"0","Balance":1.10},{"Id":"2","SyncToken":"3"}]}}"#;
    let found = successful(rows).snapshots(Kind::Invoice).unwrap();
    assert_eq!(found[0].balance, Some(Decimal::new(110, 2)));
    assert_eq!(
        (found[1].id.as_str(), found[1].sync_token.as_str()),
        ("2", "3")
    );
    let none = successful(r#"{"QueryResponse":{}}"#);
    assert!(none.snapshots(Kind::Invoice).unwrap().is_empty());
}

#[test]
fn missing_rows_are_an_empty_list() {
    let rows = r#"{"QueryResponse":{"Class":[{"Id":"1"},{"Id":"2"}],"startPosition":1,"maxResults":2},"time":"t"}"#;
    assert_eq!(successful(rows).list::<Class>().unwrap().len(), 2);
    let none = r#"{"QueryResponse":{},"time":"t"}"#;
    assert!(successful(none).list::<Class>().unwrap().is_empty());
}

#[test]
fn retry_after_is_read_only_in_seconds() {
    let waiting = |value: &str| {
        let mut response = response(429, "");
        response
            .headers_mut()
            .insert(RETRY_AFTER, value.parse().unwrap());
        match Answer::of(&response) {
            Err(Failure::Throttled {
                retry_after_seconds,
                ..
            }) => retry_after_seconds,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(waiting("17"), Some(17));
    assert_eq!(waiting("Fri, 31 Dec 1999 23:59:59 GMT"), None);
}

#[test]
fn response_without_tid_is_read() {
    let failure = Answer::of(&Response::new(Bytes::new())).unwrap_err();
    assert_eq!(failure.tid(), None);
}

fn failure_of(status: u16, body: &str) -> Failure {
    Answer::of(&response(status, body))
        .and_then(|answer| answer.object())
        .unwrap_err()
}

fn fault_answer(status: u16, code: &str) -> Failure {
    failure_of(
        status,
        &format!(
            r#"{{"Fault":{{"Error":[{{"Message":"m","Detail":"d","code":"{code}","element":""}}],"type":"ValidationFault"}}}}"#
        ),
    )
}

const PAGE: &str = "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>";
const THROTTLED: &str = r#"<IntuitResponse><Fault type="SERVICE"><Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=403</Message></Error></Fault></IntuitResponse>"#;
const GATEWAY: &str = r#"{"warnings":null,"fault":{"error":[{"message":"message=CODE","detail":"Token expired: AB0173","code":"CODE","element":null}],"type":"SERVICE"},"time":1730024394085}"#;

#[test]
fn fault_on_200_is_a_refusal() {
    let failure = fault_answer(200, "4001");
    assert!(matches!(failure, Failure::Faults { status: 200, .. }));
    assert!(!failure.may_have_happened());
}

#[test]
fn refusal_has_meaning_detail_and_tid() {
    let failure = fault_answer(400, "5010");
    assert_eq!(failure.meaning(), Some(FaultMeaning::Stale));
    assert_eq!(failure.faults()[0].detail(), Some("d"));
    assert_eq!(failure.tid(), Some("1-60f7a1"));
    assert_eq!(failure.to_string(), "QuickBooks refused with 400: 5010 m");
}

#[test]
fn most_specific_fault_decides() {
    let both = r#"{"Fault":{"Error":[{"Message":"a","code":"6000"},{"Message":"b","code":"6140"}],"type":"ValidationFault"}}"#;
    assert_eq!(
        failure_of(400, both).meaning(),
        Some(FaultMeaning::DuplicateNumber)
    );
    assert_eq!(fault_answer(400, "2050").meaning(), Some(FaultMeaning::Bug));
    assert_eq!(failure_of(503, PAGE).meaning(), None);
}

#[test]
fn status_or_code_means_throttled() {
    for failure in [
        failure_of(429, THROTTLED),
        failure_of(403, THROTTLED),
        failure_of(429, ""),
        failure_of(429, PAGE),
        fault_answer(200, "3001"),
    ] {
        assert!(matches!(failure, Failure::Throttled { .. }), "{failure}");
        assert!(!failure.may_have_happened());
    }
}

#[test]
fn expired_token_differs_from_lost_permission() {
    let gateway = |status, code| failure_of(status, &GATEWAY.replace("CODE", code));
    assert!(matches!(gateway(401, "3200"), Failure::Unauthorized { .. }));
    assert!(matches!(
        gateway(401, "003200"),
        Failure::Unauthorized { .. }
    ));
    assert!(matches!(
        failure_of(401, PAGE),
        Failure::Unauthorized { .. }
    ));
    assert!(matches!(
        gateway(403, "3100"),
        Failure::Forbidden {
            missing: MissingPermission::Grant,
            ..
        }
    ));
}

#[test]
fn lost_administrator_differs_from_expired_token() {
    for status in [400, 401] {
        assert!(matches!(
            fault_answer(status, "120"),
            Failure::Forbidden {
                missing: MissingPermission::Administrator,
                ..
            }
        ));
    }
}

#[test]
fn denied_feature_is_a_refusal() {
    assert_eq!(
        fault_answer(403, "5020").meaning(),
        Some(FaultMeaning::Rule)
    );
}

const INNER: &str = r#"{"Fault":{"Error":[{"Message":"A business validation error has occurred while processing your request","Detail":"Business Validation Error: Unexpected Internal Error (-30034)","code":"6000"}],"type":"ValidationFault"}}"#;
const INFO: &str =
    "<FaultInfo><Message>Bad Request</Message><ErrorCode>400</ErrorCode></FaultInfo>";

fn in_xml(status: u16, code: &str) -> Failure {
    failure_of(status, &THROTTLED.replace("3001", code))
}

/// An outage says nothing about the grant, whatever code it bears, and a write may stand.
#[test]
fn outage_leaves_a_write_in_doubt() {
    for failure in [
        failure_of(503, PAGE),
        failure_of(403, PAGE),
        failure_of(403, ""),
        failure_of(504, ""),
        fault_answer(500, "10000"),
        fault_answer(400, "10000"),
        fault_answer(400, "150"),
        fault_answer(500, "120"),
        fault_answer(500, "3100"),
        fault_answer(500, "3001"),
        fault_answer(503, "3200"),
        fault_answer(500, "6140"),
        fault_answer(400, "3100"),
        in_xml(401, "130"),
        in_xml(401, "100"),
        in_xml(401, "000100"),
        failure_of(400, INNER),
        failure_of(200, INNER),
    ] {
        assert!(matches!(failure, Failure::Unavailable { .. }), "{failure}");
        assert!(failure.may_have_happened());
        assert_eq!(failure.tid(), Some("1-60f7a1"));
    }
}

#[test]
fn unreadable_refusal_leaves_a_write_in_doubt() {
    for (status, body) in [
        (400, ""),
        (400, INFO),
        (400, PAGE),
        (404, PAGE),
        (400, "{}"),
    ] {
        let failure = failure_of(status, body);
        assert!(matches!(failure, Failure::Unreadable { .. }), "{failure}");
        assert!(failure.may_have_happened());
        assert_eq!(failure.tid(), Some("1-60f7a1"));
    }
}

#[test]
fn readable_lost_permission_is_one_in_each_form() {
    let gateway = GATEWAY.replace("CODE", "003100");
    for failure in [
        failure_of(403, &gateway),
        failure_of(401, &gateway),
        fault_answer(403, "3100"),
        in_xml(403, "003100"),
    ] {
        let missing = MissingPermission::Grant;
        assert!(matches!(failure, Failure::Forbidden { missing: found, .. } if found == missing));
    }
}

#[test]
fn unreadable_success_leaves_a_write_in_doubt() {
    for body in [
        "",
        PAGE,
        "{}",
        r#"{"Invoice":{"Id":{}}}"#,
        r#"{"Fault":{"Error":[]}}"#,
        r#"{"Account":{"Id":"1"}}"#,
    ] {
        let failure = failure_of(200, body);
        assert!(
            matches!(failure, Failure::Unreadable { status: 200, .. }),
            "{body}"
        );
        assert!(failure.may_have_happened());
    }
    let answer = Answer::of(&response(200, r#"{"Class":[]}"#)).unwrap();
    assert!(answer.list::<Class>().is_err());
}

#[test]
fn failure_hides_the_token() {
    let failure = failure_of(418, &GATEWAY.replace("CODE", "99"));
    assert!(matches!(failure, Failure::Faults { .. }));
    assert!(!format!("{failure:?} {failure}").contains("AB0173"));
}
