use jiff::Timestamp;

/// One request as the simulator saw it, whatever became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub at: Timestamp,
    pub method: http::Method,
    pub path: String,
    /// The query string as sent, still encoded.
    pub query: Option<String>,
    /// The company that the path names.
    pub realm: Option<String>,
    pub class: CallClass,
    pub request_id: Option<String>,
    /// `None` if the connection was dropped.
    pub status: Option<u16>,
}

/// What a request costs and risks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallClass {
    /// Read, query, change data, company information, preferences.
    Read,
    Write,
    Batch {
        writes: usize,
        reads: usize,
    },
    Token,
    Revoke,
    Consent,
    /// No known route.
    Other,
}

impl CallClass {
    /// Whether something in the company may have changed by it.
    pub fn writes(self) -> bool {
        matches!(self, Self::Write) || matches!(self, Self::Batch { writes, .. } if writes > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_of_queries_writes_nothing() {
        assert!(
            !CallClass::Batch {
                writes: 0,
                reads: 3
            }
            .writes()
        );
        assert!(
            CallClass::Batch {
                writes: 1,
                reads: 3
            }
            .writes()
        );
        assert!(CallClass::Write.writes());
        assert!(!CallClass::Token.writes());
    }
}
