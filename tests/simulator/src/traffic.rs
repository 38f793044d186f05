use jiff::Timestamp;

/// A request that the simulator received, with the status of its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedRequest {
    /// The instant of arrival on the virtual clock.
    pub received_at: Timestamp,
    /// The HTTP method.
    pub method: http::Method,
    /// The path without the query string.
    pub path: String,
    /// The query string, still encoded.
    pub query: Option<String>,
    /// The realm id of the company that the path names.
    pub realm: Option<String>,
    /// The cost and risk of the request.
    pub class: CallClass,
    /// The `requestid` parameter.
    pub request_id: Option<String>,
    /// The HTTP status of the answer; `None` if the connection was dropped.
    pub status: Option<u16>,
}

/// The class of a request by what it costs and what it may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallClass {
    /// A read, a query, change data capture, company information or preferences.
    Read,
    /// A single write.
    Write,
    /// A batch.
    Batch {
        /// The number of items that write.
        writes: usize,
        /// The number of items that query.
        reads: usize,
    },
    /// A call to the token endpoint.
    Token,
    /// A call to the revocation endpoint.
    Revoke,
    /// A call to the consent page.
    Consent,
    /// A call to an unknown path.
    Other,
}

impl CallClass {
    /// Returns whether the request may change entities of the company.
    pub fn can_write(self) -> bool {
        matches!(self, Self::Write) || matches!(self, Self::Batch { writes, .. } if writes > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batch_of_queries_writes_nothing() {
        assert!(
            !CallClass::Batch {
                writes: 0,
                reads: 3
            }
            .can_write()
        );
        assert!(
            CallClass::Batch {
                writes: 1,
                reads: 3
            }
            .can_write()
        );
        assert!(CallClass::Write.can_write());
        assert!(!CallClass::Token.can_write());
    }
}
