//! The shapes that faults come in: service JSON, gateway JSON, gateway XML.

use super::Fault;
use serde_json::Value;

/// The faults of one answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub kind: String,
    pub faults: Vec<Fault>,
}

/// The faults in a JSON body: `Fault`, `Error`, `Message` from the service, `fault`, `error`, `message` from the gateway.
pub(crate) fn in_json(body: &Value) -> Option<Found> {
    let frame = either(body, "Fault", "fault")?;
    let errors = either(frame, "Error", "error").and_then(Value::as_array);
    let faults = errors.into_iter().flatten().map(error).collect();
    Some(Found {
        kind: text(frame, "type", "type"),
        faults,
    })
}

/// The faults in an XML body:
/// `<Fault type="SERVICE"><Error code="3001"><Message>…</Message><Detail>…</Detail></Error></Fault>`.
///
/// Such bodies come from the gateway only, flat and without markup in their texts, so scanning for the tags is enough.
pub(crate) fn in_xml(body: &str) -> Option<Found> {
    let (_, fault) = body.split_once("<Fault")?;
    let (head, errors) = fault.split_once('>')?;
    let faults = errors.split("<Error").skip(1).map(xml_error).collect();
    Some(Found {
        kind: attribute(head, "type").unwrap_or_default().to_owned(),
        faults,
    })
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
