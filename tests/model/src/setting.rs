//! What a run of the checker is about: the store, Intuit's rules, the bounds, and deliberate deviations.

/// How a key-value store swaps and reads, one for each row of those that the bridge may stand on.
///
/// Only what concerns a record that exists; [`crate::creation`] has the rest. A store without
/// compare-and-swap is refused when a component starts, so there is nothing to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A swap is right and reports rightly.
    Sqlite,
    /// A conflict writes nothing and is reported as success.
    Redis,
    /// As SQLite; its counters may give a number twice, which only matters when a record is created.
    CosmosDb,
    /// As SQLite, with consistent reads.
    DynamoDb,
    /// Swaps are right, but a read may give the value before the latest: a setting that is warned of.
    DynamoDbEventual,
}

/// What Intuit does with refresh tokens. Its own texts disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// Each refresh gives a new value and the old one dies at once.
    Strict,
    /// As strict, and a dead value that is used again, as by two at once, ends the whole grant.
    StrictFamily,
    /// As strict, but a refresh may also give the same value again, as within a day of the last rotation.
    SameOrStrict,
    /// The value before lives on; using it gives the value that counts now.
    Grace,
    /// The value before lives on; using it gives one more, and all three live.
    GraceGrowing,
    /// The value before lives on; using it gives a new one and ends the one that had replaced it.
    GraceReplacing,
}

/// How far a run goes. All numbers are for the whole run, not for each instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Refreshes that may begin, by whichever instance.
    pub starts: u8,
    /// Crashes of an instance within a refresh.
    pub crashes: u8,
    /// Answers that do not come, of calls that Intuit took or not.
    pub lost: u8,
    /// Calls that certainly did not leave.
    pub unsent: u8,
    /// Writes of others that leave grant and claim as they are: a notice is sent, the company is read again.
    pub touches: u8,
    /// Whether a person disconnects, reconnects, or both, or ends the connection inside QuickBooks.
    pub person: bool,
    /// Whether a request that nobody waits for may be taken by Intuit after the lease of its claim.
    pub late: bool,
}

/// One way in which a protocol differs from the one that is held to be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Deviation {
    /// What the store reports of a swap is believed; nothing is read back.
    BelieveTheReport,
    /// A claim that was never ended is no sign that its token may be spent.
    NoIntent,
    /// The new access token is used before the new refresh token is saved.
    UseBeforeSave,
    /// After a refusal nothing is read again, and the verdict falls on whatever grant is there then.
    NoAdoption,
    /// The lease is as long as one call.
    ShortLease,
    /// A reconnect starts counting generations anew.
    GenerationNotRaised,
    /// The token before is tried after every refusal.
    PreviousAlways,
    /// A refreshed grant is saved without comparing generations.
    SaveRegardless,
    /// After a refusal the same token is tried again.
    TryAgain,
    /// The time of the claim is the time when a long request began.
    StaleNow,
    /// A living owner may be slower than its lease: what the client's timeouts rule out.
    Stalls,
    /// A call that did not leave ends the claim even if an earlier one never reported back.
    ReleaseForgets,
    /// After the token before was accepted, the refused one is kept as the token before.
    KeepsRefused,
    /// Tokens that arrive after a disconnect are dropped and live on at Intuit.
    DropsLateTokens,
    /// A refusal is followed by the token before although the connection has been taken away.
    SendsAfterDisconnect,
    /// A saved grant keeps the verdict that was passed on the grant before it.
    SaveKeepsVerdict,
}

/// One configuration of the model.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The store.
    pub backend: Backend,
    /// Intuit.
    pub rotation: Rotation,
    /// How far.
    pub bounds: Bounds,
    /// How many writers back a record remembers; eight in `records::REMEMBERED`.
    pub remembered: u8,
    deviations: u32,
}

/// Ticks from a claim to its end: three calls, as `connection::REFRESH_LEASE`.
pub const LEASE: i8 = 3;

impl Setting {
    /// The protocol as it should be.
    pub fn new(backend: Backend, rotation: Rotation, bounds: Bounds) -> Self {
        Self {
            backend,
            rotation,
            bounds,
            remembered: 8,
            deviations: 0,
        }
    }

    /// The same with a deviation.
    pub fn with(mut self, deviation: Deviation) -> Self {
        self.deviations |= 1 << deviation as u8;
        self
    }

    /// Whether it deviates so.
    pub fn has(&self, deviation: Deviation) -> bool {
        self.deviations & 1 << deviation as u8 != 0
    }

    /// How long a claim holds.
    pub fn lease(&self) -> i8 {
        match self.has(Deviation::ShortLease) {
            true => 1,
            false => LEASE,
        }
    }

    /// How old the time of a claim may be.
    pub fn oldest_now(&self) -> i8 {
        match self.has(Deviation::StaleNow) {
            true => 2,
            false => 0,
        }
    }
}
