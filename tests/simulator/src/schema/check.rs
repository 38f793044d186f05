use jiff::civil::Date;
use serde_json::Value;

use super::{COMMON, Field, Shape};
use crate::fault::Fault;
use crate::json::Object;
use crate::{money, time_format};

/// Checks that every property of a request body is known and well formed. Returns the properties that may be written.
/// Explicit nulls at the top stay, because a null clears its field.
pub(crate) fn check(fields: &'static [Field], body: &Object) -> Result<Object, Fault> {
    let mut clean = check_object(&[COMMON, fields], body)?;
    let is_writable = |name: &str| super::find(fields, name).is_some_and(|field| !field.is_output);
    let cleared = body
        .iter()
        .filter(|(name, value)| value.is_null() && is_writable(name));
    clean.extend(cleared.map(|(name, _)| (name.clone(), Value::Null)));
    Ok(clean)
}

fn check_object(fields: &[&'static [Field]], body: &Object) -> Result<Object, Fault> {
    let mut clean = Object::new();
    for (name, value) in body {
        let field = fields
            .iter()
            .copied()
            .flatten()
            .find(|field| field.name == name)
            .ok_or_else(|| Fault::unreadable(name))?;
        if !field.is_output && !value.is_null() {
            clean.insert(name.clone(), check_value(field, value)?);
        }
    }
    Ok(clean)
}

fn check_value(field: &Field, value: &Value) -> Result<Value, Fault> {
    match (field.shape, value) {
        (Shape::Object(fields), Value::Object(members)) => {
            check_object(&[fields], members).map(Value::Object)
        }
        (Shape::List(fields), Value::Array(values)) => check_list(field, fields, values),
        (Shape::Reference(_) | Shape::Code, Value::Object(members)) => {
            check_reference(field, members)
        }
        (shape, value) => check_scalar(field, shape, value).map(|()| value.clone()),
    }
}

fn check_list(field: &Field, fields: &'static [Field], values: &[Value]) -> Result<Value, Fault> {
    let members = |value: &Value| match value {
        Value::Object(members) => check_object(&[fields], members).map(Value::Object),
        _ => Err(Fault::unreadable(field.name)),
    };
    values.iter().map(members).collect()
}

/// Returns a reference with its id alone: the name is a field of answers.
fn check_reference(field: &Field, members: &Object) -> Result<Value, Fault> {
    let is_known = |name: &String| matches!(name.as_str(), "value" | "name" | "type");
    match members.get("value") {
        Some(Value::String(id)) if members.keys().all(is_known) => {
            Ok(serde_json::json!({ "value": id }))
        }
        None if members.keys().all(is_known) => Err(Fault::required(field.name)),
        _ => Err(Fault::unreadable(field.name)),
    }
}

fn check_scalar(field: &Field, shape: Shape, value: &Value) -> Result<(), Fault> {
    let fits = match (shape, value) {
        (Shape::Text(longest), Value::String(text)) => return check_length(field, longest, text),
        (Shape::Email(longest), Value::String(text)) => return check_email(field, longest, text),
        (Shape::OneOf(values), Value::String(text)) => return check_one_of(field, values, text),
        (Shape::Amount, Value::Number(number)) => money::amount(number).is_some(),
        (Shape::Number, Value::Number(number)) => money::decimal(number).is_some(),
        (Shape::Date, Value::String(text)) => is_date(text),
        (Shape::Time, Value::String(text)) => time_format::parse(text).is_some(),
        (Shape::Bool, Value::Bool(_)) | (Shape::Anything, _) => true,
        _ => false,
    };
    fits.then_some(())
        .ok_or_else(|| Fault::unreadable(field.name))
}

fn check_length(field: &Field, longest: usize, text: &str) -> Result<(), Fault> {
    let supplied = text.chars().count();
    if supplied > longest {
        return Err(Fault::length(field.name, longest, supplied));
    }
    Ok(())
}

fn check_email(field: &Field, longest: usize, text: &str) -> Result<(), Fault> {
    check_length(field, longest, text)?;
    let is_plausible = |address: &str| {
        let parts = address.trim().split_once('@');
        parts.is_some_and(|(user, host)| {
            !user.is_empty() && host.contains('.') && !host.contains('@')
        })
    };
    let are_plausible = text.split(',').all(is_plausible);
    (are_plausible || text.is_empty())
        .then_some(())
        .ok_or_else(|| Fault::email(field.name))
}

fn check_one_of(field: &Field, values: &[&str], text: &str) -> Result<(), Fault> {
    values
        .contains(&text)
        .then_some(())
        .ok_or_else(|| Fault::enumeration(field.name, text))
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::super::{bool, reference, text};
    use super::*;
    use crate::kind::Kind;
    use serde_json::json;

    const FIELDS: &[Field] = &[
        text("DocNumber", 5),
        bool("Active"),
        Field::new("TxnDate", Shape::Date),
        Field::new("Amount", Shape::Amount),
        Field::new("Qty", Shape::Number),
        Field::new("Mail", Shape::Email(20)),
        Field::new("Status", Shape::OneOf(&["NotSet"])),
        reference("CustomerRef", Kind::Customer),
        Field::output("Balance", Shape::Amount),
        Field::new("Line", Shape::List(&[text("Description", 3)])),
    ];

    #[expect(
        clippy::needless_pass_by_value,
        reason = "calls read better with json!"
    )]
    fn code_of(body: Value) -> String {
        let outcome = check(FIELDS, body.as_object().unwrap());
        outcome.map_or_else(|fault| fault.code, |_| "fine".to_owned())
    }

    #[test]
    fn well_formed_body_loses_output_fields() {
        let body = json!({
            "DocNumber": "1042", "Active": true, "TxnDate": "2026-03-31", "Amount": 5.25, "Qty": 1.23456,
            "Mail": "a@b.example", "Status": "NotSet", "CustomerRef": {"value": "1", "name": "GC"}, "Balance": 7,
            "Line": [{"Description": "ab"}], "Id": "4", "SyncToken": "0", "MetaData": {}, "sparse": true,
        });
        let clean = check(FIELDS, body.as_object().unwrap()).unwrap();
        assert_eq!(clean.get("Balance"), None);
        assert_eq!(clean.get("CustomerRef"), Some(&json!({"value": "1"})));
        assert_eq!(clean.get("Line"), Some(&json!([{"Description": "ab"}])));
    }

    #[test]
    fn unknown_properties_and_wrong_types_are_refused() {
        for body in [
            json!({"Docnumber": "1"}),
            json!({"DocNumber": 1}),
            json!({"Active": "true"}),
            json!({"Amount": "5.25"}),
            json!({"Amount": 5.255}),
            json!({"TxnDate": "2026-02-30"}),
            json!({"TxnDate": "2026-03-31T00:00:00Z"}),
            json!({"CustomerRef": "1"}),
            json!({"CustomerRef": {"value": 1}}),
            json!({"Line": {}}),
            json!({"Line": ["a"]}),
            json!({"Line": [{"Nonsense": 1}]}),
        ] {
            assert_eq!(code_of(body.clone()), "2010", "{body}");
        }
    }

    #[test]
    fn lengths_count_characters_also_in_lines() {
        assert_eq!(code_of(json!({"DocNumber": "ééééé"})), "fine");
        assert_eq!(code_of(json!({"DocNumber": "123456"})), "2050");
        assert_eq!(code_of(json!({"Line": [{"Description": "abcd"}]})), "2050");
    }

    #[test]
    fn malformed_addresses_and_enumerations_are_refused() {
        for mail in ["a", "a@b", "@b.example", "a@b@c.example"] {
            assert_eq!(code_of(json!({ "Mail": mail })), "2210", "{mail}");
        }
        assert_eq!(code_of(json!({"Status": "Sent"})), "2170");
        assert_eq!(code_of(json!({"CustomerRef": {"name": "GC"}})), "2020");
    }

    #[test]
    fn null_is_kept_to_clear_field() {
        let body = json!({"DocNumber": null});
        let clean = check(FIELDS, body.as_object().unwrap()).unwrap();
        assert_eq!(clean.get("DocNumber"), Some(&Value::Null));
    }
}
