//! Answers of gateways and inner services that stand between our instances and the services of Intuit.

use super::{Answer, RIVET, refusal};
use crate::observer::Call;
use http::StatusCode;
use http::uri::Authority;
use jiff::Timestamp;
use simulator::Outage;

/// The number of answers that a gateway may give to a call of the accounting service.
pub const ANSWERS: usize = 10;

/// The number of the first answers, which every service may give.
const OF_EVERY_SERVICE: usize = 4;

/// Returns the answer of a gateway to a call.
pub fn answer(call: &Call, number: usize, now: Timestamp) -> Answer {
    let uri = call.request.uri();
    if uri.authority().map(Authority::as_str) == Some(RIVET) {
        return refusal(StatusCode::SERVICE_UNAVAILABLE);
    }
    let is_accounting = uri.path().starts_with("/v3/company/");
    let answers = if is_accounting {
        ANSWERS
    } else {
        OF_EVERY_SERVICE
    };
    outage(number % answers).answer(now)
}

fn outage(number: usize) -> Outage {
    let code = |code: &str| code.to_owned();
    match number {
        0 => Outage::Page { status: 403 },
        1 => Outage::Page { status: 503 },
        2 => Outage::FaultInfo,
        3 => Outage::Empty { status: 400 },
        4 => Outage::ServerFault { code: code("120") },
        5 => Outage::ServerFault { code: code("3100") },
        6 => Outage::Unauthorized { code: code("130") },
        7 => Outage::Unauthorized { code: code("100") },
        8 => Outage::InternalError { status: 400 },
        _ => Outage::InternalError { status: 200 },
    }
}
