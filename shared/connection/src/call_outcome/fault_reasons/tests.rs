use super::*;
use crate::call_outcome::Setback;
use bytes::Bytes;
use jiff::Timestamp;
use quickbooks::answer::Answer;

/// Every code that Intuit documents for what we call, with the status that it comes with.
const DOCUMENTED: [(u16, &str); 57] = [
    (401, "3200"),
    (403, "3100"),
    (401, "120"),
    (400, "130"),
    (400, "140"),
    (503, "150"),
    (429, "3001"),
    (400, "500"),
    (400, "600"),
    (400, "2130"),
    (400, "610"),
    (400, "620"),
    (400, "1040"),
    (400, "2010"),
    (400, "2020"),
    (400, "2030"),
    (400, "2040"),
    (400, "2050"),
    (400, "2170"),
    (400, "2210"),
    (400, "2250"),
    (400, "2260"),
    (400, "2290"),
    (400, "2300"),
    (400, "2390"),
    (400, "2500"),
    (400, "4000"),
    (400, "4001"),
    (400, "4002"),
    (400, "5010"),
    (403, "5020"),
    (400, "5030"),
    (400, "6000"),
    (400, "6070"),
    (400, "6080"),
    (400, "6240"),
    (400, "6100"),
    (400, "6140"),
    (400, "6150"),
    (400, "6180"),
    (400, "6190"),
    (400, "6200"),
    (400, "6210"),
    (400, "6220"),
    (400, "6280"),
    (400, "6420"),
    (400, "6430"),
    (400, "6440"),
    (400, "6450"),
    (400, "6480"),
    (400, "6540"),
    (400, "10000"),
    (500, "10000"),
    (400, "10200"),
    (400, "0"),
    (400, "7777"),
    (400, "60"),
];

fn refused(status: u16, code: &str, detail: &str) -> Failure {
    let body = serde_json::json!({"Fault": {
        "Error": [{"Message": "Intuit's message", "Detail": detail, "code": code, "element": ""}],
        "type": "ValidationFault",
    }});
    let response = http::Response::builder()
        .status(status)
        .header("intuit_tid", "1-60f7a1")
        .body(Bytes::from(body.to_string()));
    Answer::of(&response.unwrap()).unwrap_err()
}

/// What a write that is refused so comes to.
fn comes_to(status: u16, code: &str) -> String {
    let (now, date) = (Timestamp::UNIX_EPOCH, "2026-03-31".parse().unwrap());
    let failure = refused(status, code, "Intuit's detail");
    let told = |state: &str, reason: &Reason| {
        let action = serde_json::to_value(reason.action).unwrap();
        let link = reason.link.as_deref().unwrap_or_default();
        let action = action.as_str().unwrap();
        format!(
            "{state} {} {action} {link}\n     {}",
            reason.code, reason.message
        )
    };
    match Setback::of(failure.into(), date, now) {
        Setback::Settle(state) => told(state.name(), &state.reason().unwrap()),
        Setback::Later(at) => format!("pending, goes on after {} s", at.as_second()),
        Setback::Lost(standing) => format!("held not_connected, {standing:?}"),
        Setback::Unknown(why) => format!("uncertain, looked up after 30 s: {why}"),
        Setback::Unauthorized => {
            "sent again with a new token; if that is refused, held not_connected".into()
        }
        Setback::NumberTaken(reason, _) => told("another number is tried, then failed", &reason),
        Setback::Missing(reason) => told("what is missing is looked for, then failed", &reason),
        Setback::Repeated(reason) => told("uncertain, looked up after 30 s, then failed", &reason),
    }
}

#[test]
fn documented_faults_map_to_status_reason_and_action() {
    let lines: Vec<String> = DOCUMENTED
        .iter()
        .map(|(status, code)| format!("{code} {status}: {}", comes_to(*status, code)))
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn documented_fault_never_maps_to_unexpected_fault() {
    for (status, code) in &DOCUMENTED[..54] {
        assert!(
            !comes_to(*status, code).contains("unexpected_fault"),
            "{code}"
        );
    }
}

#[test]
fn fault_code_appears_in_one_entry() {
    let mut codes: Vec<_> = ENTRIES
        .iter()
        .flat_map(|entry| entry.0.split(' '))
        .collect();
    let all = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all);
}

#[test]
fn intuit_detail_is_shown_only_for_code_6000() {
    for (status, code) in DOCUMENTED {
        let told = comes_to(status, code);
        assert!(!told.contains("Intuit's message"), "{told}");
        assert_eq!(told.contains("Intuit's detail"), code == "6000", "{told}");
    }
}

#[test]
fn unknown_fault_code_shows_trace_id() {
    let reason = told(&refused(400, "7777", "AB0173"));
    assert_eq!(reason.code, "unexpected_fault");
    assert!(reason.message.contains("7777") && reason.message.contains("1-60f7a1"));
    assert!(!reason.message.contains("AB0173"));
}

#[test]
fn duplicate_number_reason_links_to_its_owner() {
    let detail = "DocNumber=18696 is assigned to TxnType=Journal Entry with TxnId=6575";
    let link = told(&refused(400, "6140", detail)).link;
    assert_eq!(
        link.as_deref(),
        Some("https://app.qbo.intuit.com/app/journal?txnId=6575")
    );
}

#[test]
fn quickbooks_message_is_cleaned_before_display() {
    let told = |detail| sentence(detail);
    assert_eq!(
        told(
            "Business Validation Error: You must select a customer for each split line. More for programmers."
        ),
        "You must select a customer for each split line."
    );
    assert_eq!(
        told(
            "Pay app pa_1042_1 <b>of</b>\nhttps://x.example/?a=b and eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4 failed"
        ),
        "Pay app … … … and … failed"
    );
    assert_eq!(told("  "), "");
    let long = told(&"word ".repeat(200));
    assert!(long.chars().count() <= LONGEST + 2 && long.ends_with("word …"));
}
