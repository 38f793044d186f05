//! What the accounting service answers when it refuses: the faults with upper-case keys.

mod business;
mod request;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::moment;

/// One fault. The constructors carry Intuit's codes and words.
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
    /// A validation fault, HTTP 400.
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

    /// The `Fault` member of an answer or of a batch item.
    pub(crate) fn json(&self) -> Value {
        json!({
            "Error": [{
                "Message": self.message, "Detail": self.detail, "code": self.code, "element": self.element,
            }],
            "type": self.family.name(),
        })
    }

    pub(crate) fn envelope(&self, now: Timestamp) -> Value {
        json!({ "Fault": self.json(), "time": moment::precise(now) })
    }

    pub(crate) fn xml(&self, now: Timestamp) -> String {
        use crate::xml::escape;
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
             <IntuitResponse xmlns=\"http://schema.intuit.com/finance/v3\" time=\"{}\"><Fault type=\"{}\">\
             <Error code=\"{}\"><Message>{}</Message><Detail>{}</Detail></Error></Fault></IntuitResponse>",
            moment::precise(now),
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
    fn a_fault_has_the_published_shape() {
        insta::assert_snapshot!(
            Fault::new("6240", "Duplicate Name Exists Error", "The name supplied already exists.").envelope(now()),
            @r#"{"Fault":{"Error":[{"Detail":"The name supplied already exists.","Message":"Duplicate Name Exists Error","code":"6240","element":""}],"type":"ValidationFault"},"time":"2017-09-29T09:17:31.892-07:00"}"#
        );
    }

    #[test]
    fn a_caller_who_did_not_ask_for_json_gets_xml() {
        let xml = Fault::new("2010", "Bad", "a < b & c").xml(now());
        assert!(xml.contains("<Error code=\"2010\"><Message>Bad</Message>"));
        assert!(xml.contains("<Detail>a &lt; b &amp; c</Detail>"));
    }
}
