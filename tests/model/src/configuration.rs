//! Configurations of the model: the store, Intuit's rotation rule, the bounds, and deliberate deviations.

/// The back ends that the key-value store may stand on, by their swaps and reads.
///
/// The variants cover only records that exist; [`crate::creation`] models how records are created. A store without
/// compare-and-swap is refused at the start, so the model leaves such stores out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// Swaps are atomic and are reported correctly.
    Sqlite,
    /// Swaps are atomic. Each is reported as a conflict, also one that wrote.
    Redis,
    /// As SQLite. Two increments of a counter may return the same number, which matters only for creation.
    CosmosDb,
    /// As SQLite, with consistent reads. PostgreSQL behaves so too.
    DynamoDb,
    /// Swaps are atomic, but a read may return the value before the latest. The documentation warns of this mode.
    DynamoDbEventual,
}

/// The rules by which Intuit may rotate refresh tokens. Intuit's own documents disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// Each refresh issues a new token and ends the old one.
    Strict,
    /// As strict. The use of a dead token ends the whole grant.
    StrictFamily,
    /// As strict, but a refresh may also return the same token, as within a day of the last rotation.
    SameOrStrict,
    /// The previous token stays alive. Its use returns the current token.
    Grace,
    /// The previous token stays alive. Its use issues another token, and all three are alive.
    GraceGrowing,
    /// The previous token stays alive. Its use issues a new token and ends the one that had replaced it.
    GraceReplacing,
}

/// Limits of one run. All numbers count for the whole run, not for each instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Refreshes that may begin, at any instance.
    pub starts: u8,
    /// Crashes of an instance during a refresh.
    pub crashes: u8,
    /// Answers that never arrive, whether or not Intuit carried out the request.
    pub lost: u8,
    /// Calls that were certainly not sent.
    pub unsent: u8,
    /// Writes that leave grant and claim unchanged: a notification is sent, the company is read again.
    pub touches: u8,
    /// True if a person may disconnect, reconnect, or end the connection inside QuickBooks.
    pub has_person: bool,
    /// True if Intuit may carry out an abandoned request after the lease of its claim.
    pub has_late_requests: bool,
}

/// A difference between a protocol and the correct one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Deviation {
    /// The instance trusts the store's report of a swap and reads nothing back.
    TrustsSwapReport,
    /// The instance does not conclude from an open claim that its token may be spent.
    IgnoresOpenClaim,
    /// The instance uses the new access token before it saves the new refresh token.
    UsesBeforeSave,
    /// The instance does not read the record after a refusal. It changes the status of any grant that is there.
    SkipsReread,
    /// The lease is as long as one call.
    ShortLease,
    /// A reconnect counts generations from 1 again.
    RestartsGeneration,
    /// The instance tries the previous token after every refusal.
    AlwaysTriesPrevious,
    /// The instance saves a refreshed grant without comparing generations.
    SavesWithoutComparing,
    /// The instance tries the same token again after a refusal.
    RetriesAfterRefusal,
    /// The claim uses the time at which a long request began.
    StaleClaimTime,
    /// A living owner may be slower than its lease, which the client's timeouts rule out.
    SlowOwner,
    /// A call that was not sent ends the claim even if an earlier refresh never reported its result.
    ReleaseForgets,
    /// After the previous token was accepted, the instance keeps the refused one as the previous token.
    KeepsRefused,
    /// The instance drops tokens that arrive after a disconnect. They stay alive at Intuit.
    DropsLateTokens,
    /// The instance sends the previous token after a refusal although the connection is gone.
    SendsAfterDisconnect,
    /// A saved grant keeps the status that the grant before it had.
    KeepsOldStatus,
}

/// A configuration of the model.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// The back end of the store.
    pub backend: Backend,
    /// Intuit's rotation rule.
    pub rotation: Rotation,
    /// The limits of the run.
    pub bounds: Bounds,
    /// The number of latest writers that a record remembers. The real store remembers sixteen. Fewer lose more writes.
    pub remembered: u8,
    deviations: u32,
}

/// Ticks from a claim to the end of its lease: three calls, as `REFRESH_LEASE` of the real connection record.
pub const LEASE: i8 = 3;

impl Configuration {
    /// Returns the correct protocol on a store, under a rule, within bounds.
    pub fn new(backend: Backend, rotation: Rotation, bounds: Bounds) -> Self {
        Self {
            backend,
            rotation,
            bounds,
            remembered: 8,
            deviations: 0,
        }
    }

    /// Adds a deviation.
    pub fn with(mut self, deviation: Deviation) -> Self {
        self.deviations |= 1 << deviation as u8;
        self
    }

    /// Returns whether the protocol deviates in this way.
    pub fn has(&self, deviation: Deviation) -> bool {
        self.deviations & 1 << deviation as u8 != 0
    }

    /// Returns the ticks from a claim to the end of its lease.
    pub fn lease(&self) -> i8 {
        match self.has(Deviation::ShortLease) {
            true => 1,
            false => LEASE,
        }
    }

    /// Returns the greatest age, in ticks, of the time that a claim uses.
    pub fn oldest_now(&self) -> i8 {
        match self.has(Deviation::StaleClaimTime) {
            true => 2,
            false => 0,
        }
    }
}
