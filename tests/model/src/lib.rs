//! A model of the refresh protocol in which a checker tries every interleaving.
//!
//! Three instances refresh one connection. Instances crash, answers are lost, requests are not sent, time passes,
//! and a person disconnects, reconnects, or ends the connection inside QuickBooks. The checker visits every
//! reachable state and tests the properties of [`properties`] in each. It does so for every back end
//! ([`configuration::Backend`]) and every rule that Intuit may follow ([`configuration::Rotation`]).
//!
//! ```text
//!  Idle ─Begin─▶ Swap(Claim) ─▶ Check(Claim) ─▶ Call Out ─Take─▶ Call Back ─Answer─┬─ tokens ─▶ Read(Save)
//!                    ▲                │             │ Unsent        │ Lose          └─ refused ▶ Reread
//!                    └── no nonce ◀───┘             ▼               ▼                             │
//!                      Read(Claim)             Read(Release)   Idle, claim stays     ┌────────────┼─────────────┐
//!                                                                                 changed   interrupted     unchanged
//!  Read(u) ─▶ Swap(u) ─▶ Check(u) ─▶ Idle     for u = Save, Release,              ▶ Idle      ▶ Call Out     ▶ Read(u)
//!                                             u = RequireReauthorization                      the previous token, once
//! ```
//!
//! # Steps of the model and of the code
//!
//! One step of an instance is one access to the store or the network. Other instances cannot see the computation
//! between two accesses, so a step includes it.
//!
//! | step | the real code |
//! |---|---|
//! | `Begin`, `Store` at `Read` | the read before a swap and the decision: claim, save, set the status, release (refresh claim of the store) |
//! | `Store` at `Swap` | the compare-and-swap of `platform`'s records |
//! | `Store` at `Check` | the read back of `platform`'s records |
//! | `Store` at `Reread` | the read of the connection after a refusal |
//! | `Take`, `Answer` | a call to the token endpoint: Intuit commits, and later the answer arrives |
//! | `Lose`, `Unsent` | a call with an unknown outcome; a call that was not sent or is misconfigured |
//! | `Crash` | an instance ends, or the store fails permanently for it; both lose its memory |
//! | `Late`, `Vanish` | a request of a caller that is gone reaches Intuit later, or never |
//! | `Disconnect`, `Reconnect` | the disconnect and the callback of a sign-in |
//! | `Revoke` | the revocation after a disconnect |
//! | `Touch` | any other write of the record: a notification is sent, the company is read again, a record is sealed anew |
//!
//! # Why the abstractions are faithful
//!
//! * **Nonces.** A swap compares values, and each write has its own nonce. So "the value is unchanged" means
//!   "nobody wrote since", which is one bit. "My nonce is among the last sixteen" depends on the number of later
//!   writes, which is a small number. Nonces are compared in no other way.
//! * **Time** is counted from now: a claim has a number of ticks left. A tick is the longest time that a call may
//!   take with the client's timeouts. A living owner lets one tick pass for each call and none else. The lease is
//!   three ticks. *One owner at a time* rests on this assumption; [`configuration::Deviation::SlowOwner`] removes
//!   it and shows which properties still hold. The request of a dead owner may reach Intuit at any later time
//!   ([`configuration::Bounds::has_late_requests`]).
//! * **Always due.** A refresh may begin at any time, because a call with the answer 401 starts one at any age of
//!   the access token. The scheduled run skips what is not due, which only removes possibilities.
//! * **Instances are alike**, so states that differ only in the order of the instances count as one. The checker
//!   identifies states by a hash of 64 bits.
//! * **A person's change** is one step. It goes through the same swap as the others and is visible afterwards.
//! * **No instance gives up.** The real code reports a busy record after some 2.5 s of lost swaps. The model treats that as
//!   a crash.
//!
//! [`creation`] is a separate model of the creation of the record. It shows that a creation overwrites no change.
//! From then on the record exists.
//!
//! # Outside the model
//!
//! Stores without compare-and-swap, which a component refuses at its start. A store that loses or reorders
//! confirmed writes. Reads that are older than one write. Clocks that disagree. Records sealed with a lost key.
//! Access tokens, the due index and its hints, notifications, the limits in years. Two reconnects, and two
//! companies. An Intuit that follows neither its documents nor any rule here.
//!
//! # Results
//!
//! If no call outlasts its lease, every property holds on every store with consistent reads and under every rule.
//! A request that reaches Intuit after its lease is harmless under the strict rules, and under grace after one
//! fault. Where the last request wins ([`configuration::Rotation::GraceReplacing`], or the same token is returned
//! for a day), such a request can void a token that another instance saved. No client can know that. The next
//! refresh is refused and asks for reauthorization. In that case alone Intuit ever accepts the previous token.
//!
//! Sixteen nonces are enough: a writer that as many writes overtake leaves a claim for others to take over,
//! and does no other harm.
//!
//! Eventually consistent reads violate no property about tokens, because a swap on an old value fails. But a
//! writer may not find its own claim and stop. Then nobody refreshes until the lease ends, without any fault.
//! Therefore the store must have consistent reads.
//!
//! [`configuration::Deviation`] lists wrong variants of the protocol. Each of them violates a property, and the
//! tests ask the checker for the counterexample.
//!
//! # Running it
//!
//! `cargo test -p model` checks up to three refreshes with a fault of each kind, under each rule and on each back
//! end: some 1.1 million states. The larger check runs on request only:
//!
//! ```text
//! cargo test -p model --release -- --ignored --nocapture
//! ```
//!
//! The larger run checks five refreshes with two crashes, two lost answers and a call that is not sent. Its 38
//! million states are 1.5 to 9.8 million in each of twelve configurations. The run took eight minutes on two cores
//! that had other work too.

pub mod creation;
pub mod properties;
pub mod refresh_model;
mod store;
mod network;
mod environment;
pub mod action;
pub mod world;
pub mod instance;
pub mod update;
pub mod intuit;
pub mod record;
pub mod configuration;
