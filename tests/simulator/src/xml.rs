//! Answers in XML, for callers that do not ask for JSON.

use serde_json::Value;

/// Returns the XML document of an answer such as `{"Invoice": {…}, "time": "…"}`.
pub(crate) fn envelope(answer: &Value, time: &str) -> String {
    let mut content = String::new();
    if let Value::Object(members) = answer {
        for (name, value) in members {
            write_element(name, value, &mut content);
        }
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <IntuitResponse xmlns=\"http://schema.intuit.com/finance/v3\" time=\"{time}\">{content}</IntuitResponse>"
    )
}

fn write_element(name: &str, value: &Value, out: &mut String) {
    match value {
        Value::Array(values) => values
            .iter()
            .for_each(|value| write_element(name, value, out)),
        Value::Null => {}
        value => {
            out.push_str(&format!("<{name}>"));
            write_content(value, out);
            out.push_str(&format!("</{name}>"));
        }
    }
}

fn write_content(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                write_element(name, value, out);
            }
        }
        Value::String(text) => out.push_str(&escape(text)),
        other => out.push_str(&other.to_string()),
    }
}

/// Escapes text for XML and HTML content and attributes.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn objects_nest_and_lists_repeat() {
        let answer = json!({"Invoice": {"Id": "1", "Line": [{"Amount": 5}, {"Amount": 6}], "DueDate": null}});
        assert!(envelope(&answer, "t").ends_with(
            "time=\"t\"><Invoice><Id>1</Id><Line><Amount>5</Amount></Line><Line><Amount>6</Amount></Line></Invoice></IntuitResponse>"
        ));
    }

    #[test]
    fn markup_in_text_is_escaped() {
        assert_eq!(
            escape("<O'Neil & \"Sons\">"),
            "&lt;O&#39;Neil &amp; &quot;Sons&quot;&gt;"
        );
    }
}
