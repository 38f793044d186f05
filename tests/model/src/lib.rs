//! The refresh of a grant, as a model in which every interleaving is tried.
//!
//! Three instances refresh one connection. They crash, answers are lost, requests do not leave, time passes,
//! and a person disconnects, reconnects, or ends the connection inside QuickBooks. A checker walks through
//! every world that can come of it and asks in each whether the promises in [`properties`] hold, on every
//! kind of store ([`setting::Backend`]) and under every rule that Intuit may follow ([`setting::Rotation`]).
//!
//! ```text
//!  Idle ─Begin─▶ Swap(Claim) ─▶ Check(Claim) ─▶ Call Out ─Take─▶ Call Back ─Answer─┬─ tokens ─▶ Read(Save)
//!                    ▲   conflict or  │             │ Unsent        │ Lose          └─ refused ▶ Reread
//!                    └── no nonce ◀───┘             ▼               ▼                             │
//!                      Read(Claim)             Read(Release)   Idle, claim stays     ┌────────────┼─────────────┐
//!                                                                                 changed     an intent      nothing
//!  Read(v) ─▶ Swap(v) ─▶ Check(v) ─▶ Idle      for v = Save, Note, Release        ▶ Idle      ▶ Call Out     ▶ Read(Note)
//!                                                                                             the token before, once
//! ```
//!
//! # What stands for what
//!
//! One step of an instance is one touch of the store or of the network; what lies between cannot be seen by
//! anybody else, so nothing is lost by taking it together.
//!
//! | step | the real thing |
//! |---|---|
//! | `Begin`, `Store` at `Read` | the read in `KeyValue::swap` and the decision on it: `claim_refresh`, `save_refreshed`, `note_standing`, `release_refresh` in `bridge::store::refreshes` |
//! | `Store` at `Swap` | the compare-and-swap in `platform::store::records::try_swap` |
//! | `Store` at `Check` | the read back in `records::happened` |
//! | `Store` at `Reread` | `store.connection` in `bridge::refresh::refused` |
//! | `Take`, `Answer` | `bridge::tokens::refresh`: Intuit commits, and later the answer arrives |
//! | `Lose`, `Unsent` | `NoTokens::Unknown`; `NoTokens::NotSent` and `Misconfigured` |
//! | `Crash` | an instance ends, or its store fails it for good: whatever it knew is gone either way |
//! | `Late`, `Vanish` | a request of a caller that is gone reaches Intuit after all, or never |
//! | `Disconnect`, `Reconnect` | `end_connection` and the landing of a sign-in in `bridge::store::connections` |
//! | `Revoke` | `bridge::disconnect::settle`: Intuit is told, and the revocation is over |
//! | `Touch` | any other write of the record: a notice is sent, the company is read again, a record is sealed anew |
//!
//! # Why the abstractions are faithful
//!
//! * **Nonces.** A swap compares values, and each write has a nonce of its own, so "the value is as I read it" is
//!   "nobody wrote since": one bit. "My nonce is among the last eight" is how many wrote since: a small number.
//!   No two nonces are ever compared in another way.
//! * **Time** is counted from now: a claim has so many ticks left. A tick is the longest that a call may take with
//!   the client's timeouts, so a living owner lets none pass but while it calls, and one for each call. The lease
//!   is three. That is the assumption on which *one owner at a time* stands, and [`setting::Deviation::Stalls`]
//!   takes it away to see what still holds. A dead owner's request may reach Intuit as late as it likes
//!   ([`setting::Bounds::late`]).
//! * **Always due.** A refresh may begin at any time: a call that was answered 401 asks for one whatever the age of
//!   the access token. That the scheduled run skips what is not due only takes possibilities away.
//! * **Instances are alike**, so worlds that differ only in which of them is where count as one. The checker knows
//!   worlds by a hash of 64 bits.
//! * **A person's change** is one step. It goes through the same swap as the others and is seen when that is done.
//! * **Nobody gives up.** The real code calls a record busy after 24 lost swaps; that is a crash to the refresh.
//!
//! [`creation`] is a model of its own: how the record comes to be. It promises that no change is overwritten, and
//! from then on the record exists.
//!
//! # What is not modelled
//!
//! Stores without compare-and-swap, which are refused when a component starts. A store that loses or reorders
//! writes that it confirmed. Reads that are older than one write. Clocks that disagree. Records sealed with a lost
//! key. Access tokens, the agenda and its hints, notices, the limits in years. Two reconnects, and two companies.
//! Intuit honouring neither what it said nor any rule here.
//!
//! # What it shows
//!
//! Under a lease that no call outlasts, every promise holds on every store with consistent reads and under every
//! rule. A request that reaches Intuit after its lease does no harm under the strict rule, nor under grace, after
//! one fault; where the last request wins ([`setting::Rotation::GraceReplacing`]; or the same value is given for a
//! day) it can void the token that another saved, which no client can know: the next refresh is refused and says so.
//! That is also the only case in which the token before is ever accepted.
//!
//! Eight nonces are plenty: a writer that is overtaken by more leaves a claim for others to take over, and no more.
//!
//! Eventually consistent reads break no promise about tokens, since a swap on an old value fails. But a writer may
//! not find its own claim and go away, and then nobody refreshes until the lease ends, without any fault: hence
//! the demand for consistent reads.
//!
//! [`setting::Deviation`] lists the ways to go wrong: with any one of them a promise breaks, and the tests ask the
//! checker for the counterexample.
//!
//! # Running it
//!
//! `cargo test -p model` checks up to three refreshes with a fault of each kind under each rule and on each kind
//! of store, some 1.1 million worlds. Larger, and only when asked for, is
//!
//! ```text
//! cargo test -p model --release -- --ignored --nocapture
//! ```
//!
//! which checks five refreshes with two crashes, two lost answers and a call that does not leave: 38 million worlds,
//! 1.5 to 9.8 million in each of twelve configurations, in eight minutes on two cores that had other work too.

pub mod action;
mod calls;
pub mod check;
pub mod creation;
pub mod intuit;
mod passing;
pub mod properties;
pub mod record;
pub mod setting;
mod swaps;
pub mod world;
