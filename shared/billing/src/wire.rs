//! JSON bodies, read so that each error names the field that is wrong.

use serde::de::DeserializeOwned;
use serde_json::Value;
use thiserror::Error;

/// The reason why a body was not understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InputError {
    /// The body is not JSON (RFC 8259).
    #[error("the body is not JSON: {detail}")]
    NotJson {
        /// The parser's message with line and column.
        detail: String,
    },
    /// The body is JSON, but a field is missing, has the wrong type, or has an impossible value.
    #[error("`{field}` {problem}")]
    Field {
        /// Path of the field, such as `data.pay_app.lines[2].retainage`; `body` for the whole.
        field: String,
        /// The error as the rest of a sentence that starts with the field.
        problem: String,
    },
}

impl InputError {
    /// Makes an error about the field at `path`. `problem` ends a sentence that starts with the field.
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
/// [`InputError::NotJson`] if the body is not exactly one JSON text in UTF-8.
pub fn json(body: &[u8]) -> Result<Value, InputError> {
    json::parse(body).map_err(|error| InputError::NotJson {
        detail: error.to_string(),
    })
}

/// Reads a `T` from the value at path `at`. The path of the whole body is empty.
///
/// # Errors
/// [`InputError::Field`] with the path of the first wrong field.
pub fn read<T: DeserializeOwned>(value: &Value, at: &str) -> Result<T, InputError> {
    json::read(value).map_err(|error| match join(at, error.path()) {
        whole if whole.is_empty() => InputError::field("body", error.problem()),
        path => InputError::field(path, error.problem()),
    })
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
    use serde::Deserialize;
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
    fn wrong_type_is_reported_with_whole_path() {
        let text = refusal(&json!({"rows": [{"name": "a"}, {"name": 5}]}), "data");
        assert_eq!(
            text,
            "`data.rows[1].name` invalid type: number, expected a string"
        );
    }

    #[test]
    fn missing_field_is_reported_by_its_path() {
        assert_eq!(
            refusal(&json!({"rows": [{}]}), "data"),
            "`data.rows[0].name` is missing"
        );
        assert_eq!(refusal(&json!({}), ""), "`rows` is missing");
    }

    #[test]
    fn unknown_field_is_reported() {
        let text = refusal(&json!({"rows": [{"name": "a", "nmae": 1}]}), "");
        assert_eq!(text, "`rows[0].nmae` unknown field `nmae`, expected `name`");
    }

    #[test]
    fn wrong_body_type_is_reported_as_body() {
        assert!(refusal(&json!("x"), "").starts_with("`body` invalid type"));
    }

    #[test]
    fn invalid_json_is_reported_as_not_json() {
        for body in [&b""[..], b"{", b"{} x", b"\xff", b"nope", b"{\"a\":1,}"] {
            assert!(matches!(json(body), Err(InputError::NotJson { .. })));
        }
    }
}
