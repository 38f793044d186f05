use bytes::Bytes;
use http::{Response, StatusCode};
use jiff::Timestamp;

use crate::fault::Fault;
use crate::gateway;

/// An answer of Intuit's gateways and inner services that says nothing about the request or its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outage {
    /// 500 with a fault in JSON whose code means lost rights at other times, such as `120` or `3100`.
    ServerFault {
        /// The code of the fault.
        code: String,
    },
    /// 401 with a fault in XML although the token is good.
    Unauthorized {
        /// The code of the fault, such as `130` or `100`.
        code: String,
    },
    /// An HTML page.
    Page {
        /// The HTTP status, such as 403 or 503.
        status: u16,
    },
    /// 400 with `<FaultInfo>` and the error code 400.
    FaultInfo,
    /// No body.
    Empty {
        /// The HTTP status, such as 400.
        status: u16,
    },
    /// Fault 6000 of an inner error, `Unexpected Internal Error`.
    InternalError {
        /// The HTTP status: 400 or 200.
        status: u16,
    },
}

impl Outage {
    /// Returns the answer. The format does not depend on the one that the caller asks for.
    pub fn answer(&self, now: Timestamp) -> Response<Bytes> {
        match self {
            Self::ServerFault { code } => {
                let fault = Fault::new(code, "Internal Server Error", "Please try again later");
                json(500, &fault, now)
            }
            Self::Unauthorized { code } => {
                let fault = Fault::new(code, "AuthenticationFailed", "Authentication Failed");
                gateway::answer(status(401), XML, fault.xml(now))
            }
            Self::Page { status: code } => {
                let body = format!("<html><body><h1>{code}</h1></body></html>");
                gateway::answer(status(*code), "text/html", body)
            }
            Self::FaultInfo => gateway::answer(status(400), XML, FAULT_INFO),
            Self::Empty { status: code } => {
                gateway::answer(status(*code), "text/plain", Bytes::new())
            }
            Self::InternalError { status } => json(*status, &Fault::internal_error(), now),
        }
    }
}

const XML: &str = "application/xml;charset=UTF-8";
const FAULT_INFO: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
    <FaultInfo xmlns=\"http://www.intuit.com/sb/cdm/baseexceptionmodel/xsd\">\
    <Message>Bad Request</Message><ErrorCode>400</ErrorCode><Cause>SERVER</Cause></FaultInfo>";

fn json(code: u16, fault: &Fault, now: Timestamp) -> Response<Bytes> {
    let body = fault.envelope(now).to_string();
    gateway::answer(status(code), "application/json;charset=UTF-8", body)
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
