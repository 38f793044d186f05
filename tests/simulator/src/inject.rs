mod matching;

use jiff::SignedDuration;

/// Whether the work of a request was done before it went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commit {
    Before,
    After,
}

/// How a request goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// 429 with the XML body of Intuit's gateway; nothing was done.
    Throttled,
    /// 503 with an HTML body; nothing was done.
    Unavailable,
    /// 500 with fault 10000; done if the fault comes *after* the commit.
    ApplicationError(Commit),
    /// No answer; done if the connection is lost *after* the commit.
    Dropped(Commit),
    /// 401 with the gateway fault 3200, whatever the token.
    Unauthorized,
    /// 403 with the gateway fault 3100, whatever the token.
    Forbidden,
    /// 400 with fault 6190: the subscription has ended.
    SubscriptionEnded,
    /// 400 with this validation fault.
    Refused {
        code: String,
        message: String,
        detail: String,
    },
    /// Served, but the answer takes this long.
    Slow(SignedDuration),
    /// Everything remembered under a `requestid` of the company is forgotten, then the request is served.
    ForgetRequestIds,
    /// Only the first `items` of a batch are done, then the whole request goes wrong like this.
    Partial { items: usize, then: Box<Effect> },
    /// One item of a batch (counted from 0) is refused with this fault; the others are served.
    Item {
        index: usize,
        code: String,
        message: String,
        detail: String,
    },
}

/// A rule that makes matching requests go wrong. Without further conditions it meets the next request, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Injection {
    effect: Effect,
    realm: Option<String>,
    kind: Option<RequestKind>,
    path: Option<String>,
    body: Option<String>,
    asks: Option<String>,
    skip: u32,
    times: Option<u32>,
}

/// The requests that a rule can be narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    Read,
    /// Single writes and batches.
    Write,
    Batch,
    Token,
    Revoke,
}

impl Injection {
    pub fn new(effect: Effect) -> Self {
        Self {
            effect,
            realm: None,
            kind: None,
            path: None,
            body: None,
            asks: None,
            skip: 0,
            times: Some(1),
        }
    }

    /// How the requests that it meets go wrong.
    pub fn effect(&self) -> &Effect {
        &self.effect
    }

    /// Only requests to this company.
    pub fn realm(mut self, realm: &str) -> Self {
        self.realm = Some(realm.to_owned());
        self
    }

    pub fn kind(mut self, kind: RequestKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Only requests whose path contains this.
    pub fn path(mut self, part: &str) -> Self {
        self.path = Some(part.to_owned());
        self
    }

    /// Only requests whose body contains this.
    pub fn body(mut self, part: &str) -> Self {
        self.body = Some(part.to_owned());
        self
    }

    /// Only queries, sent by themselves, whose text contains this.
    pub fn asks(mut self, part: &str) -> Self {
        self.asks = Some(part.to_owned());
        self
    }

    /// Let this many matching requests pass first.
    pub fn after(mut self, passing: u32) -> Self {
        self.skip = passing;
        self
    }

    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Until the rules are cleared.
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }
}

#[cfg(test)]
mod tests;
