//! Answers that hold a fault or cannot be read.

use super::*;

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
