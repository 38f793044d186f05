use super::*;
use crate::entity::{Class, CompanyInfo, Invoice, Preferences};
use crate::fault::Meaning;
use rust_decimal::Decimal;

fn answered(status: u16, body: &str) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .header("intuit_tid", "1-60f7a1")
        .body(Bytes::from(body.to_owned()))
        .unwrap()
}

fn sound(body: &str) -> Answer {
    Answer::of(&answered(200, body)).unwrap()
}

#[test]
fn an_object_is_read_from_its_envelope() {
    let invoice = r#"{"Invoice":{"Id":"130","SyncToken":"0","TotalAmt":43650.0,"Line":null},"time":"2026-03-31T14:14:09.000-07:00"}"#;
    assert_eq!(
        sound(invoice).one::<Invoice>().unwrap().id.as_deref(),
        Some("130")
    );
    assert_eq!(sound(invoice).object().unwrap().kind(), Kind::Invoice);
}

#[test]
fn every_kind_that_is_written_is_recognized_in_an_answer() {
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
        let object = sound(&body).object().unwrap();
        assert_eq!((object.kind().name(), object.id()), (name, Some("1")));
    }
}

#[test]
fn the_company_and_its_preferences_are_read() {
    let company = r#"{"CompanyInfo":{"CompanyName":"Harbor Electric LLC","NameValue":null}}"#;
    let read_back = sound(company).one::<CompanyInfo>().unwrap();
    assert_eq!(
        read_back.company_name.as_deref(),
        Some("Harbor Electric LLC")
    );
    let preferences = r#"{"Preferences":{"AccountingInfoPrefs":{"BookCloseDate":null,"ClassTrackingPerTxn":true}}}"#;
    let read_back = sound(preferences).one::<Preferences>().unwrap();
    assert!(read_back.accounting_info_prefs.class_tracking_per_txn);
}

#[test]
fn what_stands_is_read_whatever_else_the_answer_holds() {
    let odd = r#"{"JournalEntry":{"Id":"27","SyncToken":"1","DocNumber":"R1","PrivateNote":"RIVET","TotalAmt":0,
        "TxnDate":"someday","Line":"none","Balance":null}}"#;
    let standing = sound(odd).standing().unwrap();
    assert_eq!(
        (standing.kind, standing.id.as_str()),
        (Kind::JournalEntry, "27")
    );
    assert_eq!(
        (
            standing.doc_number.as_deref(),
            standing.private_note.as_deref()
        ),
        (Some("R1"), Some("RIVET"))
    );
    assert_eq!(
        (standing.total, standing.balance),
        (Some(Decimal::ZERO), None)
    );
}

#[test]
fn what_has_no_id_or_version_does_not_stand() {
    for body in [
        r#"{"Invoice":{"Id":"1"}}"#,
        r#"{"Invoice":{"SyncToken":"0"}}"#,
        r#"{"Account":{"Id":"1","SyncToken":"0"}}"#,
    ] {
        assert!(sound(body).standing().is_err(), "{body}");
    }
    let rows = sound(r#"{"QueryResponse":{"Payment":[{"Id":"1"}]}}"#);
    assert!(rows.standings(Kind::Payment).is_err());
}

#[test]
fn what_stands_of_a_kind_is_listed() {
    let rows = r#"{"QueryResponse":{"Invoice":[{"Id":"1","SyncToken":"0","Balance":1.10},{"Id":"2","SyncToken":"3"}]}}"#;
    let found = sound(rows).standings(Kind::Invoice).unwrap();
    assert_eq!(found[0].balance, Some(Decimal::new(110, 2)));
    assert_eq!(
        (found[1].id.as_str(), found[1].sync_token.as_str()),
        ("2", "3")
    );
    let none = sound(r#"{"QueryResponse":{}}"#);
    assert!(none.standings(Kind::Invoice).unwrap().is_empty());
}

#[test]
fn rows_are_read_and_no_rows_are_an_empty_list() {
    let rows = r#"{"QueryResponse":{"Class":[{"Id":"1"},{"Id":"2"}],"startPosition":1,"maxResults":2},"time":"t"}"#;
    assert_eq!(sound(rows).list::<Class>().unwrap().len(), 2);
    let none = r#"{"QueryResponse":{},"time":"t"}"#;
    assert!(sound(none).list::<Class>().unwrap().is_empty());
}

#[test]
fn the_time_to_wait_is_kept_if_it_is_named_in_seconds() {
    let waiting = |value: &str| {
        let mut response = answered(429, "");
        response
            .headers_mut()
            .insert(RETRY_AFTER, value.parse().unwrap());
        match Answer::of(&response) {
            Err(Failure::Throttled { retry_after, .. }) => retry_after,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(waiting("17"), Some(17));
    assert_eq!(waiting("Fri, 31 Dec 1999 23:59:59 GMT"), None);
}

#[test]
fn an_answer_without_an_id_of_its_own_is_read_all_the_same() {
    let failure = Answer::of(&Response::new(Bytes::new())).unwrap_err();
    assert_eq!(failure.tid(), None);
}

fn failed(status: u16, body: &str) -> Failure {
    Answer::of(&answered(status, body))
        .and_then(|answer| answer.object())
        .unwrap_err()
}

fn coded(status: u16, code: &str) -> Failure {
    failed(
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
fn a_fault_counts_even_on_200() {
    let failure = coded(200, "4001");
    assert!(matches!(failure, Failure::Faults { status: 200, .. }));
    assert!(!failure.may_have_happened());
}

#[test]
fn a_refusal_says_what_to_do_and_where_to_ask() {
    let failure = coded(400, "5010");
    assert_eq!(failure.meaning(), Some(Meaning::Stale));
    assert_eq!(failure.faults()[0].detail(), Some("d"));
    assert_eq!(failure.tid(), Some("1-60f7a1"));
    assert_eq!(failure.to_string(), "QuickBooks refused with 400: 5010 m");
}

#[test]
fn the_fault_that_can_be_acted_on_counts_most() {
    let both = r#"{"Fault":{"Error":[{"Message":"a","code":"6000"},{"Message":"b","code":"6140"}],"type":"ValidationFault"}}"#;
    assert_eq!(failed(400, both).meaning(), Some(Meaning::DuplicateNumber));
    assert_eq!(coded(400, "2050").meaning(), Some(Meaning::Bug));
    assert_eq!(failed(503, PAGE).meaning(), None);
}

#[test]
fn too_many_requests_are_known_by_status_or_by_code() {
    for failure in [
        failed(429, THROTTLED),
        failed(403, THROTTLED),
        failed(429, ""),
        failed(429, PAGE),
        coded(200, "3001"),
    ] {
        assert!(matches!(failure, Failure::Throttled { .. }), "{failure}");
        assert!(!failure.may_have_happened());
    }
}

#[test]
fn an_expired_token_is_told_from_a_lost_permission() {
    let gateway = |status, code| failed(status, &GATEWAY.replace("CODE", code));
    assert!(matches!(gateway(401, "3200"), Failure::Unauthorized { .. }));
    assert!(matches!(
        gateway(401, "003200"),
        Failure::Unauthorized { .. }
    ));
    assert!(matches!(failed(401, PAGE), Failure::Unauthorized { .. }));
    assert!(matches!(
        gateway(403, "3100"),
        Failure::Forbidden {
            lost: Lost::Grant,
            ..
        }
    ));
    assert!(matches!(
        failed(403, PAGE),
        Failure::Forbidden {
            lost: Lost::Grant,
            ..
        }
    ));
}

#[test]
fn a_person_who_lost_their_rights_is_told_from_an_expired_token() {
    for status in [400, 401] {
        assert!(matches!(
            coded(status, "120"),
            Failure::Forbidden {
                lost: Lost::Administrator,
                ..
            }
        ));
    }
}

#[test]
fn a_feature_that_is_denied_is_a_refusal_and_not_a_lost_permission() {
    assert_eq!(coded(403, "5020").meaning(), Some(Meaning::Rule));
}

#[test]
fn intuits_own_trouble_leaves_a_write_in_doubt() {
    for failure in [
        failed(503, PAGE),
        failed(504, ""),
        coded(500, "10000"),
        coded(400, "10000"),
        coded(400, "150"),
    ] {
        assert!(matches!(failure, Failure::Unavailable { .. }), "{failure}");
        assert!(failure.may_have_happened());
        assert_eq!(failure.tid(), Some("1-60f7a1"));
    }
}

#[test]
fn a_success_that_cannot_be_read_leaves_a_write_in_doubt() {
    for body in [
        "",
        PAGE,
        "{}",
        r#"{"Invoice":{"Id":5}}"#,
        r#"{"Fault":{"Error":[]}}"#,
        r#"{"Account":{"Id":"1"}}"#,
    ] {
        let failure = failed(200, body);
        assert!(
            matches!(failure, Failure::Unreadable { status: 200, .. }),
            "{body}"
        );
        assert!(failure.may_have_happened());
    }
    let answer = Answer::of(&answered(200, r#"{"Class":[]}"#)).unwrap();
    assert!(answer.list::<Class>().is_err());
}

#[test]
fn an_address_that_does_not_exist_has_changed_nothing() {
    let failure = failed(404, PAGE);
    assert!(matches!(failure, Failure::Unreadable { status: 404, .. }));
    assert!(!failure.may_have_happened());
}

#[test]
fn no_failure_shows_a_token() {
    let failure = failed(418, &GATEWAY.replace("CODE", "99"));
    assert!(matches!(failure, Failure::Faults { .. }));
    assert!(!format!("{failure:?} {failure}").contains("AB0173"));
}
