//! Fields of entities that the schema has checked.

use serde_json::{Map, Value};

pub(crate) type Object = Map<String, Value>;

pub(crate) fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str()
}

pub(crate) fn flag(object: &Object, name: &str) -> Option<bool> {
    object.get(name)?.as_bool()
}

pub(crate) fn object<'a>(object: &'a Object, name: &str) -> Option<&'a Object> {
    object.get(name)?.as_object()
}

/// Returns the id in a reference such as `CustomerRef`.
pub(crate) fn reference<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    text(self::object(object, name)?, "value")
}

/// Returns the objects of a list such as `Line`.
pub(crate) fn list<'a>(object: &'a Object, name: &str) -> impl Iterator<Item = &'a Object> {
    object
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
}

pub(crate) fn list_mut<'a>(
    object: &'a mut Object,
    name: &str,
) -> impl Iterator<Item = &'a mut Object> {
    object
        .get_mut(name)
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
}

pub(crate) fn set(object: &mut Object, name: &str, value: impl Into<Value>) {
    object.insert(name.to_owned(), value.into());
}

/// Sets a field that is missing or null.
pub(crate) fn set_default(object: &mut Object, name: &str, value: impl Into<Value>) {
    if object.get(name).is_none_or(Value::is_null) {
        set(object, name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn invoice() -> Object {
        let value = json!({
            "DocNumber": "1042-1", "sparse": true, "CustomerRef": {"value": "24"},
            "Line": [{"Id": "1"}, {"Id": "2"}], "DueDate": null,
        });
        value.as_object().unwrap().clone()
    }

    #[test]
    fn fields_are_read_by_type() {
        let invoice = invoice();
        assert_eq!(text(&invoice, "DocNumber"), Some("1042-1"));
        assert_eq!(flag(&invoice, "sparse"), Some(true));
        assert_eq!(reference(&invoice, "CustomerRef"), Some("24"));
        assert_eq!(list(&invoice, "Line").count(), 2);
        assert_eq!(list(&invoice, "LinkedTxn").count(), 0);
    }

    #[test]
    fn defaults_fill_missing_and_null_fields_only() {
        let mut invoice = invoice();
        set_default(&mut invoice, "DocNumber", "other");
        set_default(&mut invoice, "DueDate", "2026-04-30");
        assert_eq!(text(&invoice, "DocNumber"), Some("1042-1"));
        assert_eq!(text(&invoice, "DueDate"), Some("2026-04-30"));
    }
}
