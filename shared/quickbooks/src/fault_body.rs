//! Reads faults in the three forms of bodies that hold them: JSON of the service, JSON of the gateway, XML of the gateway.

use crate::fault::Fault;
use serde_json::Value;

/// The faults of one answer, and Intuit's name for their class.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FaultBody {
    pub kind: String,
    pub faults: Vec<Fault>,
}

/// Reads the faults of a JSON body. The service spells `Fault`, `Error`, `Message`, the gateway `fault`, `error`, `message`.
pub(crate) fn in_json(body: &Value) -> Option<FaultBody> {
    let frame = either(body, "Fault", "fault")?;
    let errors = either(frame, "Error", "error").and_then(Value::as_array);
    let faults = errors.into_iter().flatten().map(error).collect();
    Some(FaultBody {
        kind: text(frame, "type", "type"),
        faults,
    })
}

/// Reads the faults of an XML body:
/// `<Fault type="SERVICE"><Error code="3001"><Message>…</Message><Detail>…</Detail></Error></Fault>`.
///
/// Only the gateway sends XML. Its bodies are flat, with no markup in their texts, so a search for the tags is enough. `<FaultInfo>` is
/// no fault: it names no code of the service.
pub(crate) fn in_xml(body: &str) -> Option<FaultBody> {
    let (head, errors) = after_tag(body, "<Fault").next()?.split_once('>')?;
    let faults = after_tag(errors, "<Error").map(xml_error).collect();
    Some(FaultBody {
        kind: attribute(head, "type").unwrap_or_default().to_owned(),
        faults,
    })
}

/// Returns the texts that follow each opening of exactly this tag, up to the next one.
fn after_tag<'a>(text: &'a str, tag: &'a str) -> impl Iterator<Item = &'a str> {
    let ends_name = |rest: &&str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
    text.split(tag).skip(1).filter(ends_name)
}

fn error(error: &Value) -> Fault {
    let code = match error.get("code") {
        Some(Value::String(code)) => code.clone(),
        Some(Value::Number(code)) => code.to_string(),
        _ => String::new(),
    };
    Fault::new(
        &code,
        &text(error, "Message", "message"),
        Some(&text(error, "Detail", "detail")),
        Some(&text(error, "element", "Element")),
    )
}

fn text(object: &Value, key: &str, other: &str) -> String {
    let value = either(object, key, other).and_then(Value::as_str);
    value.unwrap_or_default().to_owned()
}

/// Returns the member under either name that is not `null`.
fn either<'a>(object: &'a Value, key: &str, other: &str) -> Option<&'a Value> {
    let present = |key| object.get(key).filter(|value| !value.is_null());
    present(key).or_else(|| present(other))
}

fn xml_error(error: &str) -> Fault {
    let head = error.split('>').next().unwrap_or_default();
    Fault::new(
        attribute(head, "code").unwrap_or_default(),
        element(error, "Message").unwrap_or_default(),
        element(error, "Detail"),
        attribute(head, "element"),
    )
}

fn attribute<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = head.split_once(&format!("{name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    rest.split_once("</").map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(body: &str) -> Option<FaultBody> {
        in_json(&serde_json::from_str(body).unwrap())
    }

    #[test]
    fn json_of_the_service_is_read() {
        let found = json(
            r#"{"Fault":{"Error":[{"Message":"Required param missing, need to supply the required value for the API",
                "Detail":"Required parameter Line is missing in the request","code":"2020","element":"Line"}],
                "type":"ValidationFault"},"time":"2017-09-29T09:17:31.892-07:00"}"#,
        )
        .unwrap();
        assert_eq!(found.kind, "ValidationFault");
        assert_eq!(found.faults[0].code, "2020");
        assert_eq!(found.faults[0].element.as_deref(), Some("Line"));
        assert_eq!(
            found.faults[0].detail(),
            Some("Required parameter Line is missing in the request")
        );
    }

    #[test]
    fn json_of_the_gateway_is_read_without_token() {
        let found = json(
            r#"{"warnings":null,"intuitObject":null,"fault":{"error":[{"message":"message=AuthenticationFailed; errorCode=003200; statusCode=401",
                "detail":"Token expired: AB0173abcdef","code":"3200","element":null}],"type":"AUTHENTICATION"},"report":null,
                "queryResponse":null,"batchItemResponse":[],"time":1730024394085,"status":null,"cdcresponse":[]}"#,
        )
        .unwrap();
        assert_eq!(found.kind, "AUTHENTICATION");
        assert_eq!(found.faults[0].code, "3200");
        assert!(!format!("{found:?}").contains("AB0173"));
        assert_eq!(found.faults[0].detail(), None);
    }

    #[test]
    fn xml_of_the_gateway_is_read() {
        let found = in_xml(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <IntuitResponse xmlns="http://schema.intuit.com/finance/v3" time="2013-08-22T08:16:11.231-07:00"><Fault type="SERVICE">
            <Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message>
            <Detail>The request limit was reached.  Try again later</Detail></Error></Fault></IntuitResponse>"#,
        )
        .unwrap();
        assert_eq!(found.kind, "SERVICE");
        assert_eq!(found.faults.len(), 1);
        assert_eq!(found.faults[0].code, "3001");
        assert_eq!(
            found.faults[0].message,
            "message=ThrottleExceeded; errorCode=003001; statusCode=429"
        );
    }

    #[test]
    fn several_xml_errors_are_kept_apart() {
        let found = in_xml(
            r#"<Fault><Error code="1" element="A"><Message>one</Message></Error><Error code="2"><Detail>two</Detail></Error></Fault>"#,
        )
        .unwrap();
        assert_eq!(found.faults[0].element.as_deref(), Some("A"));
        assert_eq!(found.faults[0].detail(), None);
        assert_eq!(
            (found.faults[1].message.as_str(), found.faults[1].detail()),
            ("", Some("two"))
        );
    }

    #[test]
    fn numeric_code_is_read() {
        let found = json(r#"{"Fault":{"Error":[{"code":6240},{}]}}"#).unwrap();
        assert_eq!(
            (found.faults[0].code.as_str(), found.faults[1].code.as_str()),
            ("6240", "")
        );
    }

    #[test]
    fn fault_info_is_no_fault() {
        let info = "<FaultInfo><Message>Bad</Message><ErrorCode>400</ErrorCode></FaultInfo>";
        assert_eq!(in_xml(info), None);
        let both = [
            info,
            r#"<Fault type="SERVICE"><ErrorCode>1</ErrorCode><Error code="3001"></Error></Fault>"#,
        ]
        .concat();
        let found = in_xml(&both).unwrap();
        assert_eq!((found.kind.as_str(), found.faults.len()), ("SERVICE", 1));
    }

    #[test]
    fn html_page_or_object_is_no_fault() {
        assert_eq!(
            in_xml("<html><body>Service Unavailable</body></html>"),
            None
        );
        assert_eq!(in_xml(""), None);
        assert_eq!(json(r#"{"Invoice":{"Id":"1"},"fault":null}"#), None);
        assert_eq!(json("[]"), None);
    }
}
