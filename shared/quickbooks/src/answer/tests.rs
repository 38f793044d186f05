mod faults;

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
