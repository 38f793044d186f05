use super::*;
use bytes::Bytes;
use quickbooks::answer::Answer;
use store::document::status::DocumentStatus;

/// The fault codes that Intuit documents for RIVET's calls, with their HTTP status.
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

/// Returns the outcome of a write that is refused with this fault.
fn outcome_of(status: u16, code: &str) -> String {
    let (now, date) = (Timestamp::UNIX_EPOCH, "2026-03-31".parse().unwrap());
    let failure = refused(status, code, "Intuit's detail");
    let describe = |state: &str, reason: &Reason| {
        let action = serde_json::to_value(reason.action).unwrap();
        let link = reason.link.as_deref().unwrap_or_default();
        let action = action.as_str().unwrap();
        format!(
            "{state} {} {action} {link}\n     {}",
            reason.code, reason.message
        )
    };
    match PostingError::from_failure(failure, date, now) {
        PostingError::Failed(reason) | PostingError::DuplicateName(reason) => {
            describe("failed", &reason)
        }
        PostingError::Conflict(reason) => describe("conflict", &reason),
        PostingError::Held(hold) => {
            let status = DocumentStatus::Held(hold);
            describe(status.name(), &status.reason().unwrap())
        }
        PostingError::RetryAt(at) | PostingError::Unread { retry_at: at, .. } => {
            format!("pending, goes on after {} s", at.as_second())
        }
        PostingError::ConnectionLost(status) => format!("held not_connected, {status:?}"),
        PostingError::OutcomeUnknown { why, .. } => {
            format!("uncertain, looked up after 30 s: {why}")
        }
        PostingError::TokenRejected => {
            "sent again with a new token; if that is refused, held not_connected".into()
        }
        PostingError::DuplicateNumber { reason, .. } => {
            describe("another number is tried, then failed", &reason)
        }
        PostingError::MissingReference(reason) => {
            describe("what is missing is looked for, then failed", &reason)
        }
        PostingError::DuplicateRequestId(reason) => {
            describe("uncertain, looked up after 30 s, then failed", &reason)
        }
        PostingError::StillUnknown(_)
        | PostingError::PartyUnknown { .. }
        | PostingError::PlanAgain
        | PostingError::Store(_) => panic!("no fault of a write"),
    }
}

#[test]
fn documented_faults_map_to_status_reason_and_action() {
    let lines: Vec<String> = DOCUMENTED
        .iter()
        .map(|(status, code)| format!("{code} {status}: {}", outcome_of(*status, code)))
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn documented_fault_never_maps_to_unexpected_fault() {
    for (status, code) in &DOCUMENTED[..54] {
        assert!(
            !outcome_of(*status, code).contains("unexpected_fault"),
            "{code}"
        );
    }
}

#[test]
fn intuit_detail_is_shown_only_for_code_6000() {
    for (status, code) in DOCUMENTED {
        let outcome = outcome_of(status, code);
        assert!(!outcome.contains("Intuit's message"), "{outcome}");
        assert_eq!(
            outcome.contains("Intuit's detail"),
            code == "6000",
            "{outcome}"
        );
    }
}
