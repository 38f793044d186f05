//! Injected faults: rules that make matching requests go wrong.

mod matching;
mod outage;

use jiff::SignedDuration;

pub use outage::Outage;

/// Says on which side of the commit a request goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commit {
    /// The request changed nothing.
    Before,
    /// The request changed the books or the tokens, and only its answer is wrong.
    After,
}

/// A way for a request to go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// 429 with the XML body of Intuit's gateway; nothing was done.
    Throttled,
    /// 503 with an HTML body; nothing was done.
    Unavailable,
    /// 500 with fault 10000, before or after the commit.
    ApplicationError(Commit),
    /// No answer: the connection is lost before or after the commit.
    Dropped(Commit),
    /// 401 with the gateway fault 3200 for any token.
    Unauthorized,
    /// 403 with the gateway fault 3100 for any token.
    Forbidden,
    /// An answer that says nothing about the request, before or after the commit.
    Outage(Outage, Commit),
    /// 400 with fault 6190: the subscription has ended.
    SubscriptionEnded,
    /// 400 with the given validation fault.
    Refused {
        /// The code of the fault, such as `6140`.
        code: String,
        /// The short text of the fault.
        message: String,
        /// The long text of the fault.
        detail: String,
    },
    /// The request is served, and the answer takes the given time.
    Slow(SignedDuration),
    /// The company forgets the answers that it remembers by `requestid`; then the request is served.
    ForgetRequestIds,
    /// The first `items` of a batch are done; then the whole request goes wrong as `then` says.
    Partial {
        /// The number of items that are done.
        items: usize,
        /// The effect on the request as a whole.
        then: Box<Effect>,
    },
    /// An item of a batch is refused with the given fault; the others are served.
    Item {
        /// The position of the item, counted from 0.
        index: usize,
        /// The code of the fault, such as `6140`.
        code: String,
        /// The short text of the fault.
        message: String,
        /// The long text of the fault.
        detail: String,
    },
    /// An item of a batch is answered with fault 6000 of an inner error; the others are served.
    ItemInternalError {
        /// The position of the item, counted from 0.
        index: usize,
        /// Says whether the item is carried out all the same.
        commit: Commit,
    },
}

/// A rule that makes matching requests go wrong. A rule without conditions applies to the next request, once.
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
    /// Reads, queries, change data, company information and preferences.
    Read,
    /// Queries, and batches that only query.
    Query,
    /// Single writes and batches that write.
    Write,
    /// Batches alone.
    Batch,
    /// Calls to the token endpoint.
    Token,
    /// Calls to the revocation endpoint.
    Revoke,
}

impl Injection {
    /// Makes a rule that applies to the next request, once.
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

    /// Returns the effect on the requests that the rule applies to.
    pub fn effect(&self) -> &Effect {
        &self.effect
    }

    /// Limits the rule to requests to one company.
    pub fn realm(mut self, realm: &str) -> Self {
        self.realm = Some(realm.to_owned());
        self
    }

    /// Limits the rule to requests of one kind.
    pub fn kind(mut self, kind: RequestKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Limits the rule to requests whose path contains `part`.
    pub fn path_containing(mut self, part: &str) -> Self {
        self.path = Some(part.to_owned());
        self
    }

    /// Limits the rule to requests whose body contains `part`.
    pub fn body_containing(mut self, part: &str) -> Self {
        self.body = Some(part.to_owned());
        self
    }

    /// Limits the rule to queries whose statement contains `part`. Queries inside a batch do not match.
    pub fn query_containing(mut self, part: &str) -> Self {
        self.asks = Some(part.to_owned());
        self
    }

    /// Lets the given number of matching requests pass first.
    pub fn skip_first(mut self, passing: u32) -> Self {
        self.skip = passing;
        self
    }

    /// Applies the rule to the given number of requests.
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Keeps the rule until the rules are cleared.
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }
}

#[cfg(test)]
mod tests;
