//! Checks a document against a structural schema, the kind of schema that a custom resource of Kubernetes has.

use serde_json::{Map, Value};

/// Returns what of a document its schema forbids, each with its path. A field that the schema does not name is forbidden too.
#[must_use]
pub fn violations(schema: &Value, document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, document, "", &mut found);
    found
}

fn check(schema: &Value, value: &Value, path: &str, found: &mut Vec<String>) {
    if schema["x-kubernetes-int-or-string"] == true {
        if !value.is_string() && !value.is_i64() {
            found.push(format!("{path} is neither a whole number nor a text"));
        }
        return;
    }
    let expected = schema["type"].as_str().unwrap_or("anything");
    let fits = match expected {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "boolean" => value.is_boolean(),
        _ => true,
    };
    if !fits {
        found.push(format!("{path} is not of type {expected}"));
    }
    match value {
        Value::Object(members) => check_members(schema, members, path, found),
        Value::Array(entries) => {
            if (entries.len() as u64) < schema["minItems"].as_u64().unwrap_or(0) {
                found.push(format!("{path} has too few entries"));
            }
            for (index, entry) in entries.iter().enumerate() {
                check(&schema["items"], entry, &format!("{path}[{index}]"), found);
            }
        }
        _ => {}
    }
}

fn check_members(
    schema: &Value,
    members: &Map<String, Value>,
    path: &str,
    found: &mut Vec<String>,
) {
    let required = schema["required"].as_array().into_iter().flatten();
    for name in required.filter_map(Value::as_str) {
        if !members.contains_key(name) {
            found.push(format!("{path}.{name} is missing"));
        }
    }
    let is_free = schema.get("properties").is_none();
    for (name, member) in members {
        let path = format!("{path}.{name}");
        match (
            schema["properties"].get(name),
            schema.get("additionalProperties"),
        ) {
            (Some(known), _) | (None, Some(known)) => check(known, member, &path, found),
            (None, None) if is_free => {}
            (None, None) => found.push(format!("{path} is unknown")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_violation_names_its_path() {
        let schema = json!({"type": "object", "required": ["image"], "properties": {
            "image": {"type": "string"}, "metadata": {"type": "object"},
            "limits": {"type": "object", "additionalProperties": {"x-kubernetes-int-or-string": true}},
            "checks": {"type": "array", "minItems": 1, "items": {"type": "object", "properties": {"port": {"type": "integer"}}}}}});
        let good = json!({"image": "a", "metadata": {"name": "b"}, "limits": {"cpu": "1", "memory": 2}, "checks": [{"port": 80}]});
        assert!(violations(&schema, &good).is_empty());
        let bad = json!({"imgae": "a", "limits": {"cpu": true}, "checks": [{"port": "80"}, {"path": "/"}]});
        assert_eq!(
            violations(&schema, &bad),
            [
                ".image is missing",
                ".checks[0].port is not of type integer",
                ".checks[1].path is unknown",
                ".imgae is unknown",
                ".limits.cpu is neither a whole number nor a text",
            ]
        );
        assert_eq!(
            violations(&schema, &json!({"image": "a", "checks": []})),
            [".checks has too few entries"]
        );
    }
}
