//! Parsing of events.

use jiff::Timestamp;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::envelope::Event;
use super::fact::Fact;
use crate::wire::{self, InputError};

/// A parsed body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "one is made per request and taken apart at once"
)]
pub enum ParsedEvent {
    /// An event of a known type.
    Known(Event),
    /// An event of an unknown type. RIVET may add types, so the event is acknowledged and ignored.
    Unknown {
        /// The event type as sent.
        event_type: String,
    },
}

/// Parses the body of an event.
///
/// # Errors
/// [`InputError`], which names the first wrong field. Sums that do not agree to the cent are wrong, too.
pub fn parse(body: &[u8]) -> Result<ParsedEvent, InputError> {
    parse_value(&wire::json(body)?)
}

fn parse_value(body: &Value) -> Result<ParsedEvent, InputError> {
    let event_type: String = read_member(body, "", "type")?;
    let Some(read_fact) = fact_reader(&event_type) else {
        return Ok(ParsedEvent::Unknown { event_type });
    };
    let data = find_member(body, "", "data")?;
    let event = Event {
        occurred_at: read_member(body, "", "timestamp").map(|Instant(occurred_at)| occurred_at)?,
        firm_id: read_member(data, "data", "firm_id")?,
        plan: read_member(data, "data", "plan")?,
        fact: read_fact(data)?,
    };
    event.fact.check()?;
    Ok(ParsedEvent::Known(event))
}

#[derive(Deserialize)]
struct Instant(#[serde(deserialize_with = "json::instant")] Timestamp);

type FactReader = fn(&Value) -> Result<Fact, InputError>;

fn fact_reader(event_type: &str) -> Option<FactReader> {
    Some(match event_type {
        "pay_app.approved" => |data| read_member(data, "data", "pay_app").map(Fact::PayAppApproved),
        "pay_app.revised" => |data| read_member(data, "data", "pay_app").map(Fact::PayAppRevised),
        "pay_app.voided" => |data| wire::read(data, "data").map(Fact::PayAppVoided),
        "retainage.released" => {
            |data| read_member(data, "data", "release").map(Fact::RetainageReleased)
        }
        "retainage.release_voided" => |data| wire::read(data, "data").map(Fact::ReleaseVoided),
        "payment.recorded" => {
            |data| read_member(data, "data", "payment").map(Fact::PaymentRecorded)
        }
        "payment.voided" => |data| wire::read(data, "data").map(Fact::PaymentVoided),
        "project.created" => |data| wire::read(data, "data").map(Fact::ProjectCreated),
        "customer.updated" => {
            |data| read_member(data, "data", "customer").map(Fact::CustomerUpdated)
        }
        _ => return None,
    })
}

/// Reads the member `name` of the object at path `at`.
fn read_member<T: DeserializeOwned>(parent: &Value, at: &str, name: &str) -> Result<T, InputError> {
    wire::read(find_member(parent, at, name)?, &member_path(at, name))
}

/// Finds the member `name` of the object at path `at`.
fn find_member<'a>(parent: &'a Value, at: &str, name: &str) -> Result<&'a Value, InputError> {
    match parent {
        Value::Object(members) => members
            .get(name)
            .ok_or_else(|| InputError::field(member_path(at, name), "is missing")),
        _ => Err(InputError::field(
            if at.is_empty() { "body" } else { at },
            "must be an object",
        )),
    }
}

fn member_path(at: &str, name: &str) -> String {
    if at.is_empty() {
        name.to_owned()
    } else {
        format!("{at}.{name}")
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match parse_value(&Value::deserialize(deserializer)?) {
            Ok(ParsedEvent::Known(event)) => Ok(event),
            Ok(ParsedEvent::Unknown { event_type }) => Err(D::Error::custom(format_args!(
                "unknown event type `{event_type}`"
            ))),
            Err(invalid) => Err(D::Error::custom(invalid)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pay_app() -> Value {
        json!({
            "id": "pa_1", "revision": 1, "number": 1, "period_start": "2026-03-01", "period_end": "2026-03-31",
            "currency": "USD", "project": {"id": "p", "number": "1042", "name": "Tower"}, "customer": {"id": "c", "name": "GC"},
            "lines": [
                {"sov_item_id": "s1", "item_number": "01", "description": "Rough-in", "work_completed": "10.00",
                 "materials_stored": "5.00", "retainage": "1.50"},
                {"sov_item_id": "s2", "item_number": "02", "description": "Trim", "work_completed": "-1.00",
                 "materials_stored": "0.00", "retainage": "-0.10"},
            ],
            "totals": {"billed": "14.00", "retainage": "1.40", "net": "12.60"},
        })
    }

    fn payment() -> Value {
        json!({
            "id": "pay_1", "received_on": "2026-04-28", "amount": "10.00", "customer": {"id": "c", "name": "GC"},
            "applied": [{"kind": "pay_app", "id": "pa_1", "amount": "4.00"}, {"kind": "retainage_release", "id": "pa_1", "amount": "6.00"}],
        })
    }

    fn body(kind: &str, member: &str, content: &Value) -> Value {
        let mut body = json!({"type": kind, "timestamp": "2026-03-31T21:14:05Z", "data": {"firm_id": "firm_1", "plan": "pro"}});
        body["data"][member] = content.clone();
        body
    }

    fn approved() -> Value {
        body("pay_app.approved", "pay_app", &pay_app())
    }

    fn recorded() -> Value {
        body("payment.recorded", "payment", &payment())
    }

    /// Replaces the value at `pointer`.
    fn with(mut body: Value, pointer: &str, value: Value) -> Value {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match body.pointer_mut(parent).unwrap() {
            Value::Object(members) => {
                members.insert(name.to_owned(), value);
            }
            Value::Array(rows) => rows[name.parse::<usize>().unwrap()] = value,
            other => panic!("{other}"),
        }
        body
    }

    fn without(mut body: Value, parent: &str, name: &str) -> Value {
        body.pointer_mut(parent)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .remove(name)
            .unwrap();
        body
    }

    fn complaint(body: &Value) -> (String, String) {
        match parse(body.to_string().as_bytes()) {
            Err(InputError::Field { field, problem }) => (field, problem),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn wrong_value_is_reported_by_path() {
        let cases = [
            ("/type", json!(5), "type"),
            ("/timestamp", json!("yesterday"), "timestamp"),
            ("/data", json!([]), "data"),
            ("/data/firm_id", json!("firm/1"), "data.firm_id"),
            ("/data/plan", json!("enterprise"), "data.plan"),
            ("/data/pay_app/id", json!(""), "data.pay_app.id"),
            ("/data/pay_app/revision", json!(0), "data.pay_app.revision"),
            ("/data/pay_app/number", json!("1"), "data.pay_app.number"),
            ("/data/pay_app/number", json!(1.5), "data.pay_app.number"),
            (
                "/data/pay_app/period_end",
                json!("2026-02-28"),
                "data.pay_app.period_end",
            ),
            (
                "/data/pay_app/period_end",
                json!("2026-02-30"),
                "data.pay_app.period_end",
            ),
            (
                "/data/pay_app/due_date",
                json!("2026-02-28"),
                "data.pay_app.due_date",
            ),
            (
                "/data/pay_app/payment_terms_days",
                json!(-1),
                "data.pay_app.payment_terms_days",
            ),
            (
                "/data/pay_app/currency",
                json!("dollars"),
                "data.pay_app.currency",
            ),
            (
                "/data/pay_app/project/name",
                json!(" "),
                "data.pay_app.project.name",
            ),
            (
                "/data/pay_app/project/number",
                json!("10\u{0}42"),
                "data.pay_app.project.number",
            ),
            (
                "/data/pay_app/customer/name",
                json!("x".repeat(501)),
                "data.pay_app.customer.name",
            ),
            (
                "/data/pay_app/customer/address",
                json!({"line1": "1"}),
                "data.pay_app.customer.address.city",
            ),
            ("/data/pay_app/lines", json!([]), "data.pay_app.lines"),
            ("/data/pay_app/lines/0", json!("x"), "data.pay_app.lines[0]"),
            (
                "/data/pay_app/lines/1/sov_item_id",
                json!("s1"),
                "data.pay_app.lines[1].sov_item_id",
            ),
            (
                "/data/pay_app/lines/1/retainage",
                json!("-0.100"),
                "data.pay_app.lines[1].retainage",
            ),
            (
                "/data/pay_app/lines/1/retainage",
                json!(-0.1),
                "data.pay_app.lines[1].retainage",
            ),
            (
                "/data/pay_app/lines/1/work_completed",
                json!("1e2"),
                "data.pay_app.lines[1].work_completed",
            ),
            (
                "/data/pay_app/totals/billed",
                json!("14.01"),
                "data.pay_app.totals.billed",
            ),
            (
                "/data/pay_app/totals/retainage",
                json!("1.41"),
                "data.pay_app.totals.retainage",
            ),
            (
                "/data/pay_app/totals/net",
                json!("12.59"),
                "data.pay_app.totals.net",
            ),
        ];
        for (pointer, value, field) in cases {
            assert_eq!(complaint(&with(approved(), pointer, value)).0, field);
        }
    }

    #[test]
    fn missing_field_is_reported_by_path() {
        let cases = [
            ("", "type"),
            ("", "timestamp"),
            ("", "data"),
            ("/data", "firm_id"),
            ("/data", "plan"),
            ("/data", "pay_app"),
            ("/data/pay_app", "totals"),
            ("/data/pay_app/lines/1", "retainage"),
            ("/data/pay_app/customer", "name"),
        ];
        for (parent, name) in cases {
            let path = format!("{parent}/{name}").replace("/lines/1", "/lines[1]");
            let expected = path.trim_start_matches('/').replace('/', ".");
            let found = complaint(&without(approved(), parent, name));
            assert_eq!(found, (expected, "is missing".to_owned()));
        }
    }

    #[test]
    fn totals_off_by_a_cent_are_refused() {
        let (_, problem) = complaint(&with(
            approved(),
            "/data/pay_app/totals/net",
            json!("12.61"),
        ));
        assert_eq!(problem, "is 12.61, but the lines add up to 12.60");
    }

    #[test]
    fn due_date_inside_the_period_is_accepted() {
        let body = with(approved(), "/data/pay_app/due_date", json!("2026-03-20"));
        assert!(parse(body.to_string().as_bytes()).is_ok());
    }

    #[test]
    fn applied_sum_above_payment_is_refused() {
        let one = json!([{"kind": "pay_app", "id": "pa_1", "amount": "10.01"}]);
        let (field, problem) = complaint(&with(recorded(), "/data/payment/applied", one));
        assert_eq!(field, "data.payment.applied");
        assert_eq!(problem, "adds up to 10.01, more than the payment of 10.00");
        let releases = json!([{"kind": "retainage_release", "id": "r_1", "amount": "6.00"},
            {"kind": "retainage_release", "id": "r_2", "amount": "6.00"}]);
        let (field, _) = complaint(&with(recorded(), "/data/payment/applied", releases));
        assert_eq!(field, "data.payment.applied");
    }

    #[test]
    fn credit_raises_what_is_paid_for() {
        let netted = json!([{"kind": "pay_app", "id": "pa_1", "amount": "12.00"},
            {"kind": "pay_app", "id": "pa_2", "amount": "12.00"}]);
        let nothing = with(recorded(), "/data/payment/amount", json!("0.00"));
        let body = with(nothing, "/data/payment/applied", netted);
        assert!(parse(body.to_string().as_bytes()).is_ok());
    }

    #[test]
    fn void_of_release_is_read() {
        let mut void = body("retainage.release_voided", "release_id", &json!("rel_1"));
        assert_eq!(complaint(&void).0, "data.voided_on");
        void["data"]["voided_on"] = json!("2026-07-02");
        let Ok(ParsedEvent::Known(event)) = parse(void.to_string().as_bytes()) else {
            panic!()
        };
        assert_eq!(
            event.fact.subject().unwrap().to_string(),
            "retainage_release/rel_1"
        );
        let written = serde_json::to_value(&event).unwrap();
        assert_eq!(written["data"]["release_id"], "rel_1");
        assert_eq!(event.fact.into_document(), None);
    }

    #[test]
    fn wrong_payment_target_is_reported_by_path() {
        let cases = [
            (
                "/data/payment/amount",
                json!("-1.00"),
                "data.payment.amount",
            ),
            (
                "/data/payment/applied/0/kind",
                json!("payment"),
                "data.payment.applied[0].kind",
            ),
            (
                "/data/payment/applied/0/kind",
                json!("project"),
                "data.payment.applied[0].kind",
            ),
            (
                "/data/payment/applied/0/kind",
                json!("invoice"),
                "data.payment.applied[0].kind",
            ),
            (
                "/data/payment/applied/1/kind",
                json!("pay_app"),
                "data.payment.applied[1].id",
            ),
            (
                "/data/payment/applied/1/amount",
                json!("0.00"),
                "data.payment.applied[1].amount",
            ),
            (
                "/data/payment/reference",
                json!("a\u{1}b"),
                "data.payment.reference",
            ),
        ];
        for (pointer, value, field) in cases {
            assert_eq!(complaint(&with(recorded(), pointer, value)).0, field);
        }
    }

    #[test]
    fn release_of_zero_or_less_is_refused() {
        for amount in ["0.00", "-5.00"] {
            let release = json!({"id": "r", "released_on": "2026-06-15", "amount": amount,
                "project": pay_app()["project"], "customer": pay_app()["customer"]});
            let found = complaint(&body("retainage.released", "release", &release));
            assert_eq!(found.0, "data.release.amount");
        }
    }

    #[test]
    fn payment_void_and_customer_update_are_parsed() {
        let mut void = body("payment.voided", "payment_id", &json!("pay_1"));
        void["data"]["voided_on"] = json!("2026-07-02");
        let customer = body("customer.updated", "customer", &pay_app()["customer"]);
        for body in [void, customer] {
            let Ok(ParsedEvent::Known(event)) = parse(body.to_string().as_bytes()) else {
                panic!("{body}")
            };
            assert_eq!(serde_json::to_value(event).unwrap(), body);
        }
    }

    #[test]
    fn unknown_type_is_no_error() {
        let unknown = ParsedEvent::Unknown {
            event_type: "crew.hired".to_owned(),
        };
        assert_eq!(parse(br#"{"type":"crew.hired","data":7}"#), Ok(unknown));
    }

    #[test]
    fn unknown_fields_are_ignored() {
        let body = with(
            with(approved(), "/trace", json!({"a": 1.0})),
            "/data/pay_app/lines/0/color",
            json!(5),
        );
        assert!(parse(body.to_string().as_bytes()).is_ok());
    }

    #[test]
    fn body_that_is_no_object_is_refused() {
        for body in ["[]", "5", "null", "\"type\""] {
            assert_eq!(
                parse(body.as_bytes()),
                Err(InputError::field("body", "must be an object"))
            );
        }
    }
}
