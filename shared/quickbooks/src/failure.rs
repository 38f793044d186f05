//! Why there is no usable answer, sorted by what a caller can do about it.

use crate::fault::{self, Fault, Found, Meaning};

/// Why there is no usable answer, by what a caller does about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// QuickBooks refused the request and changed nothing; [`Failure::meaning`] says what to do.
    #[error("QuickBooks refused with {status}: {}", fault::listed(faults))]
    Faults {
        /// The HTTP status; 200 for the items of a batch and for some queries.
        status: u16,
        /// Why, at least one.
        faults: Vec<Fault>,
        /// Intuit's word for the class of the faults (`ValidationFault`).
        kind: String,
        /// Intuit's id of the exchange, which its support asks for.
        tid: Option<String>,
    },
    /// Too many requests. Nothing was done; wait (a minute if QuickBooks does not say how long), then send again.
    #[error("QuickBooks asks for fewer requests")]
    Throttled {
        /// Seconds to wait, if the answer names them.
        retry_after: Option<u32>,
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
    /// The access token is expired or revoked. Nothing was done: refresh once, send once more, then ask for a reconnect.
    #[error("QuickBooks does not accept the access token")]
    Unauthorized {
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
    /// The token is good but opens nothing. Nothing was done; no refresh helps, a person has to connect again.
    #[error("QuickBooks denies access: {lost}")]
    Forbidden {
        /// What is missing.
        lost: Lost,
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
    /// Trouble on Intuit's side (5xx, or the faults 130, 140, 150 and 10000). A write may have happened.
    #[error("QuickBooks is unavailable ({status})")]
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
    /// An answer that says nothing we understand. After a success status a write may well have happened.
    #[error("QuickBooks answered {status} with something unreadable")]
    Unreadable {
        /// The HTTP status.
        status: u16,
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
}

/// What a connection has lost that is denied access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// 3100: the company withdrew the app's permission, or the app's keys are of the other environment.
    #[error("the app has no permission for this company")]
    Grant,
    /// 120: the person who connected is no administrator of the company any more.
    #[error("the person who connected is no administrator any more")]
    Administrator,
}

impl Failure {
    /// Whether a write that was answered so may have been carried out; then it is looked up before it is ever sent again.
    pub fn may_have_happened(&self) -> bool {
        match self {
            Self::Unavailable { .. } => true,
            Self::Unreadable { status, .. } => !(400..500).contains(status),
            Self::Faults { .. }
            | Self::Throttled { .. }
            | Self::Unauthorized { .. }
            | Self::Forbidden { .. } => false,
        }
    }

    /// The fault that counts: the first that has a meaning of its own; `None` if this is not a refusal.
    pub fn decisive(&self) -> Option<&Fault> {
        let faults = self.faults();
        faults
            .iter()
            .find(|fault| !matches!(fault.meaning(), Meaning::Rule | Meaning::Bug))
            .or_else(|| faults.first())
    }

    /// What the fault that counts asks for; `None` if this is not a refusal.
    pub fn meaning(&self) -> Option<Meaning> {
        self.decisive().map(Fault::meaning)
    }

    /// The refusals, if this is one.
    pub fn faults(&self) -> &[Fault] {
        match self {
            Self::Faults { faults, .. } => faults,
            _ => &[],
        }
    }

    /// Intuit's id of the exchange.
    pub fn tid(&self) -> Option<&str> {
        match self {
            Self::Faults { tid, .. }
            | Self::Throttled { tid, .. }
            | Self::Unauthorized { tid }
            | Self::Forbidden { tid, .. }
            | Self::Unavailable { tid, .. }
            | Self::Unreadable { tid, .. } => tid.as_deref(),
        }
    }
}

/// The failure that a status and the faults in a body stand for, if they do.
pub(crate) fn of(status: u16, found: Option<Found>, tid: Option<String>) -> Option<Failure> {
    let faults = found.iter().flat_map(|found| &found.faults);
    let codes: Vec<&str> = faults.map(|fault| fault.code.as_str()).collect();
    let any = |wanted: &[&str]| codes.iter().any(|code| wanted.contains(code));
    // Older traffic throttles with 403 and some faults come with several statuses, so the codes count first.
    Some(if status == 429 || any(&["3001"]) {
        let retry_after = None;
        Failure::Throttled { retry_after, tid }
    } else if any(&["120"]) {
        let lost = Lost::Administrator;
        Failure::Forbidden { lost, tid }
    } else if any(&["3100"]) || (status == 403 && codes.is_empty()) {
        let lost = Lost::Grant;
        Failure::Forbidden { lost, tid }
    } else if status == 401 || any(&["3200"]) {
        Failure::Unauthorized { tid }
    } else if status >= 500 || any(&["130", "140", "150", "10000"]) {
        Failure::Unavailable { status, tid }
    } else {
        return found.map(|found| refused(status, found, tid));
    })
}

fn refused(status: u16, found: Found, tid: Option<String>) -> Failure {
    let Found { kind, faults } = found;
    if faults.is_empty() {
        return Failure::Unreadable { status, tid };
    }
    Failure::Faults {
        status,
        faults,
        kind,
        tid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Answer;
    use crate::entity::Class;
    use bytes::Bytes;
    use http::Response;

    fn answered(status: u16, body: &str) -> Response<Bytes> {
        Response::builder()
            .status(status)
            .header("intuit_tid", "1-60f7a1")
            .body(Bytes::from(body.to_owned()))
            .unwrap()
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
}
