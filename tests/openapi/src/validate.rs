//! Compares a value with a schema. It knows the words of JSON Schema 2020-12 that the description uses, and refuses all others.

use serde_json::{Map, Value};

/// The words that describe and do not constrain, or that [`Validator`] checks.
const KNOWN: [&str; 30] = [
    "$ref",
    "title",
    "description",
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "const",
    "anyOf",
    "oneOf",
    "allOf",
    "format",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "default",
    "examples",
    "example",
    "$schema",
    "$defs",
    "deprecated",
    "readOnly",
    "writeOnly",
    "propertyNames",
];

/// The values that a schema may refer to.
pub struct Validator<'a> {
    /// The whole description.
    pub document: &'a Value,
}

impl Validator<'_> {
    /// Returns each way in which a value breaks a schema. `place` begins each sentence.
    pub fn faults(&self, schema: &Value, value: &Value, place: &str) -> Vec<String> {
        let Value::Object(words) = schema else {
            return match schema {
                Value::Bool(true) => Vec::new(),
                _ => vec![format!("{place} is not allowed")],
            };
        };
        let mut faults: Vec<String> = words
            .keys()
            .filter(|word| !KNOWN.contains(&word.as_str()) && !word.starts_with("x-"))
            .map(|word| format!("{place}: the schema has the unknown word {word}"))
            .collect();
        if let Some(Value::String(reference)) = words.get("$ref") {
            match self.referred(reference) {
                Some(schema) => faults.extend(self.faults(schema, value, place)),
                None => faults.push(format!("{place}: nothing is at {reference}")),
            }
        }
        faults.extend(own_faults(words, value, place));
        faults.extend(self.choice_faults(words, value, place));
        faults.extend(self.member_faults(words, value, place));
        if let (Some(items), Value::Array(values)) = (words.get("items"), value) {
            for (at, value) in values.iter().enumerate() {
                faults.extend(self.faults(items, value, &format!("{place}[{at}]")));
            }
        }
        faults
    }

    fn referred(&self, reference: &str) -> Option<&Value> {
        self.document.pointer(reference.strip_prefix('#')?)
    }

    fn choice_faults(&self, words: &Map<String, Value>, value: &Value, place: &str) -> Vec<String> {
        let mut faults = Vec::new();
        for schema in list(words, "allOf") {
            faults.extend(self.faults(schema, value, place));
        }
        for word in ["anyOf", "oneOf"] {
            let choices = list(words, word);
            let fitting = choices
                .iter()
                .filter(|schema| self.faults(schema, value, place).is_empty())
                .count();
            let is_wrong = fitting == 0 || (word == "oneOf" && fitting > 1);
            if !choices.is_empty() && is_wrong {
                faults.push(format!("{place} fits {fitting} of the choices of {word}"));
            }
        }
        faults
    }

    fn member_faults(&self, words: &Map<String, Value>, value: &Value, place: &str) -> Vec<String> {
        let Value::Object(members) = value else {
            return Vec::new();
        };
        let mut faults = Vec::new();
        let properties = words.get("properties").and_then(Value::as_object);
        for name in list(words, "required").iter().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                faults.push(format!("{place} lacks {name}"));
            }
        }
        for (name, member) in members {
            let at = format!("{place}.{name}");
            match properties.and_then(|properties| properties.get(name)) {
                Some(schema) => faults.extend(self.faults(schema, member, &at)),
                None => {
                    if let Some(rest) = words.get("additionalProperties") {
                        faults.extend(self.faults(rest, member, &at));
                    }
                }
            }
        }
        faults
    }
}

/// Returns the faults that need no other schema.
fn own_faults(words: &Map<String, Value>, value: &Value, place: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if let Some(expected) = words.get("type") {
        let is_of = |name: &Value| name.as_str().is_some_and(|name| is_type(name, value));
        let fits = match expected {
            Value::Array(names) => names.iter().any(is_of),
            name => is_of(name),
        };
        if !fits {
            faults.push(format!("{place} is not of type {expected}"));
        }
    }
    if let Some(Value::Array(allowed)) = words.get("enum")
        && !allowed.contains(value)
    {
        faults.push(format!(
            "{place} is {value}, which is none of the allowed values"
        ));
    }
    if let Some(expected) = words.get("const")
        && expected != value
    {
        faults.push(format!("{place} is not {expected}"));
    }
    if let Value::String(text) = value {
        faults.extend(text_faults(words, text, place));
    }
    faults
}

fn text_faults(words: &Map<String, Value>, text: &str, place: &str) -> Vec<String> {
    let limit = |word: &str| words.get(word).and_then(Value::as_u64);
    let length = text.chars().count() as u64;
    let mut faults = Vec::new();
    if limit("minLength").is_some_and(|least| length < least)
        || limit("maxLength").is_some_and(|most| length > most)
    {
        faults.push(format!("{place} has {length} characters"));
    }
    let is_formed = match words.get("format").and_then(Value::as_str) {
        Some("date") => is_date(text),
        Some("date-time") => text.len() >= 20 && is_date(&text[..10]) && text.ends_with('Z'),
        Some("uri") => text.starts_with("http://") || text.starts_with("https://"),
        _ => true,
    };
    let matches = match words.get("pattern").and_then(Value::as_str) {
        None => true,
        Some(ID) => is_id(text),
        Some(_) => false,
    };
    if !is_formed || !matches {
        faults.push(format!("{place} does not have its format"));
    }
    faults
}

/// The only pattern of the description: an id of RIVET's.
const ID: &str = "^[A-Za-z0-9_-]{1,64}$";

fn is_id(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (1..=64).contains(&text.len()) && text.bytes().all(is_allowed)
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_right = |(at, byte): (usize, &u8)| match at {
        4 | 7 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    bytes.len() == 10 && bytes.iter().enumerate().all(is_right)
}

fn is_type(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

fn list<'a>(words: &'a Map<String, Value>, word: &str) -> &'a [Value] {
    match words.get(word) {
        Some(Value::Array(all)) => all,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn count(schema: &Value, value: &Value) -> usize {
        let document = json!({ "components": { "schemas": { "Name": { "type": "string", "maxLength": 3 } } } });
        let validator = Validator {
            document: &document,
        };
        validator.faults(schema, value, "body").len()
    }

    #[test]
    fn each_word_finds_its_fault() {
        let object = json!({ "type": "object", "required": ["a"], "additionalProperties": false,
            "properties": { "a": { "$ref": "#/components/schemas/Name" }, "b": { "type": ["integer", "null"] } } });
        assert_eq!(count(&object, &json!({ "a": "abc", "b": null })), 0);
        assert_eq!(count(&object, &json!({ "a": "abcd", "b": "1" })), 2);
        assert_eq!(count(&object, &json!({ "b": 1, "c": 1 })), 2);
        assert_eq!(count(&json!({ "enum": ["x"] }), &json!("y")), 1);
        assert_eq!(count(&json!({ "format": "date" }), &json!("2026-3-1")), 1);
        assert_eq!(count(&json!({ "pattern": ID }), &json!("pa 1")), 1);
        assert_eq!(count(&json!({ "pattern": "^a$" }), &json!("a")), 1);
        assert_eq!(
            count(&json!({ "items": { "type": "string" } }), &json!([1, "a"])),
            1
        );
        let either = json!({ "oneOf": [{ "type": "string" }, { "type": "null" }] });
        assert_eq!(count(&either, &json!(null)), 0);
        assert_eq!(count(&either, &json!(1)), 1);
        assert_eq!(count(&json!({ "$ref": "#/nowhere" }), &json!(1)), 1);
        assert_eq!(count(&json!({ "unheardOf": 1 }), &json!(1)), 1);
        assert_eq!(count(&json!(false), &json!(1)), 1);
    }
}
