use super::*;
use bytes::Bytes;
use quickbooks::answer::Answer;

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

#[test]
fn fault_code_appears_in_one_reason() {
    let mut codes: Vec<_> = REASONS
        .iter()
        .flat_map(|reason| reason.fault_codes.split(' '))
        .collect();
    let all = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all);
}

#[test]
fn unknown_fault_code_shows_trace_id() {
    let reason = reason_for(&refused(400, "7777", "AB0173"));
    assert_eq!(reason.code, "unexpected_fault");
    assert!(reason.message.contains("7777") && reason.message.contains("1-60f7a1"));
    assert!(!reason.message.contains("AB0173"));
}

#[test]
fn duplicate_number_reason_links_to_its_owner() {
    let detail = "DocNumber=18696 is assigned to TxnType=Journal Entry with TxnId=6575";
    let link = reason_for(&refused(400, "6140", detail)).link;
    assert_eq!(
        link.as_deref(),
        Some("https://app.qbo.intuit.com/app/journal?txnId=6575")
    );
}

#[test]
fn quickbooks_message_is_cleaned_before_display() {
    let shown = |detail| first_sentence(detail);
    assert_eq!(
        shown(
            "Business Validation Error: You must select a customer for each split line. More for programmers."
        ),
        "You must select a customer for each split line."
    );
    assert_eq!(
        shown(
            "Pay app pa_1042_1 <b>of</b>\nhttps://x.example/?a=b and eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4 failed"
        ),
        "Pay app … … … and … failed"
    );
    assert_eq!(shown("  "), "");
    let long = shown(&"word ".repeat(200));
    assert!(long.chars().count() <= LONGEST + 2 && long.ends_with("word …"));
}
