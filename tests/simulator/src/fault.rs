//! The faults of the accounting service. Their keys are in upper case, unlike those of the gateway.

mod business;
mod request;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::time_format;

/// A fault. The constructors have Intuit's codes and texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) detail: String,
    pub(crate) element: String,
    pub(crate) family: Family,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Validation,
    System,
    Authorization,
}

impl Fault {
    /// Returns a validation fault, HTTP 400.
    pub(crate) fn new(code: &str, message: &str, detail: impl Into<String>) -> Self {
        Self {
            status: 400,
            code: code.to_owned(),
            message: message.to_owned(),
            detail: detail.into(),
            element: String::new(),
            family: Family::Validation,
        }
    }

    /// Returns the `Fault` member of an answer or of a batch item.
    pub(crate) fn json(&self) -> Value {
        json!({
            "Error": [{
                "Message": self.message, "Detail": self.detail, "code": self.code, "element": self.element,
            }],
            "type": self.family.name(),
        })
    }

    /// Returns the whole answer in JSON.
    pub(crate) fn envelope(&self, now: Timestamp) -> Value {
        json!({ "Fault": self.json(), "time": time_format::format_milliseconds(now) })
    }

    /// Returns the whole answer in XML.
    pub(crate) fn xml(&self, now: Timestamp) -> String {
        use crate::xml::escape;
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
             <IntuitResponse xmlns=\"http://schema.intuit.com/finance/v3\" time=\"{}\"><Fault type=\"{}\">\
             <Error code=\"{}\"><Message>{}</Message><Detail>{}</Detail></Error></Fault></IntuitResponse>",
            time_format::format_milliseconds(now),
            self.family.name(),
            escape(&self.code),
            escape(&self.message),
            escape(&self.detail)
        )
    }
}

impl Family {
    fn name(self) -> &'static str {
        match self {
            Self::Validation => "ValidationFault",
            Self::System => "SystemFault",
            Self::Authorization => "AuthorizationFault",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2017-09-29T16:17:31.892Z".parse().unwrap()
    }

    #[test]
    fn fault_has_the_published_shape() {
        insta::assert_snapshot!(
            Fault::new("6240", "Duplicate Name Exists Error", "The name supplied already exists.").envelope(now()),
            @r#"{"Fault":{"Error":[{"Detail":"The name supplied already exists.","Message":"Duplicate Name Exists Error","code":"6240","element":""}],"type":"ValidationFault"},"time":"2017-09-29T09:17:31.892-07:00"}"#
        );
    }

    #[test]
    fn fault_in_xml_is_escaped() {
        let xml = Fault::new("2010", "Bad", "a < b & c").xml(now());
        assert!(xml.contains("<Error code=\"2010\"><Message>Bad</Message>"));
        assert!(xml.contains("<Detail>a &lt; b &amp; c</Detail>"));
    }
}
