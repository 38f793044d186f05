//! Reading JSON so that every complaint names the field it is about.

use serde::de::DeserializeOwned;
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
    json::read(value).map_err(|error| match join(at, error.path()) {
        whole if whole.is_empty() => Invalid::field("body", error.problem()),
        path => Invalid::field(path, error.problem()),
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
    fn what_is_not_json_is_told_apart() {
        for body in [&b""[..], b"{", b"{} x", b"\xff", b"nope", b"{\"a\":1,}"] {
            assert!(matches!(json(body), Err(Invalid::NotJson { .. })));
        }
    }
}
