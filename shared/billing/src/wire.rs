//! Reading JSON so that every complaint names the field it is about.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use thiserror::Error;

/// Why a body was not understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Invalid {
    /// It is not JSON at all.
    #[error("the body is not JSON: {detail}")]
    NotJson {
        /// What the parser stumbled over, and where.
        detail: String,
    },
    /// It is JSON, but a field is missing, of the wrong type, or says something that cannot be.
    #[error("`{field}` {problem}")]
    Field {
        /// Path of the field, such as `data.pay_app.lines[2].retainage`; `body` for the whole.
        field: String,
        /// What is wrong, as the rest of a sentence that starts with the field.
        problem: String,
    },
}

impl Invalid {
    /// A complaint about the field at `path`.
    pub fn field(path: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Field {
            field: path.into(),
            problem: problem.into(),
        }
    }
}

/// Reads a body as JSON of any shape.
///
/// # Errors
/// [`Invalid::NotJson`] for everything that is not one complete JSON text in UTF-8.
pub fn json(body: &[u8]) -> Result<Value, Invalid> {
    serde_json::from_slice(body).map_err(|error| Invalid::NotJson {
        detail: error.to_string(),
    })
}

/// Reads a `T` from the value found at path `at` (empty for the whole body).
///
/// # Errors
/// [`Invalid::Field`] with the path of the first thing that is wrong.
pub fn read<T: DeserializeOwned>(value: &Value, at: &str) -> Result<T, Invalid> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let inner = error.path().to_string();
        complaint(
            join(at, if inner == "." { "" } else { &inner }),
            &error.inner().to_string(),
        )
    })
}

/// Reads a struct from a JSON object only, for `#[serde(deserialize_with)]`. By itself serde also takes an array, field by field,
/// and where every field has a default even an empty one.
///
/// # Errors
/// If it is not an object, or not one of a `T`.
pub fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members))
    }
}

/// serde reports a missing field at its parent, with the name only in the text; callers want the field's own path.
fn complaint(path: String, text: &str) -> Invalid {
    let missing = text
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'));
    match missing {
        Some(name) => Invalid::field(join(&path, name), "is missing"),
        None if path.is_empty() => Invalid::field("body", text),
        None => Invalid::field(path, text),
    }
}

fn join(path: &str, rest: &str) -> String {
    let dot = if path.is_empty() || rest.is_empty() || rest.starts_with('[') {
        ""
    } else {
        "."
    };
    format!("{path}{dot}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only read")]
        rows: Vec<Row>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        #[expect(dead_code, reason = "only read")]
        name: String,
    }

    fn refusal(value: &Value, at: &str) -> String {
        read::<Outer>(value, at).unwrap_err().to_string()
    }

    #[test]
    fn a_wrong_type_is_named_with_its_whole_path() {
        let text = refusal(&json!({"rows": [{"name": "a"}, {"name": 5}]}), "data");
        assert_eq!(
            text,
            "`data.rows[1].name` invalid type: number, expected a string"
        );
    }

    #[test]
    fn a_missing_field_is_named_itself_and_not_its_parent() {
        assert_eq!(
            refusal(&json!({"rows": [{}]}), "data"),
            "`data.rows[0].name` is missing"
        );
        assert_eq!(refusal(&json!({}), ""), "`rows` is missing");
    }

    #[test]
    fn an_unknown_field_is_named() {
        let text = refusal(&json!({"rows": [{"name": "a", "nmae": 1}]}), "");
        assert_eq!(text, "`rows[0].nmae` unknown field `nmae`, expected `name`");
    }

    #[test]
    fn a_body_of_the_wrong_kind_is_called_the_body() {
        assert!(refusal(&json!("x"), "").starts_with("`body` invalid type"));
    }

    #[test]
    fn an_array_is_no_object_even_if_every_field_has_a_default() {
        #[derive(Debug, Default, Deserialize)]
        #[serde(default)]
        struct Inner {
            name: String,
        }
        let read = |value: Value| object::<_, Inner>(value).map(|inner| inner.name);
        assert_eq!(read(json!({"name": "a"})).unwrap(), "a");
        assert_eq!(
            read(json!([])).unwrap_err().to_string(),
            "invalid type: sequence, expected an object"
        );
    }

    #[test]
    fn what_is_not_json_is_told_apart() {
        for body in [&b""[..], b"{", b"{} x", b"\xff", b"nope", b"{\"a\":1,}"] {
            assert!(matches!(json(body), Err(Invalid::NotJson { .. })));
        }
    }
}
