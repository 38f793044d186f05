//! QuickBooks Online and Intuit's sign-in, as a value.
//!
//! [`Simulator::handle`] takes one HTTP request and gives what Intuit would answer. Behind it are companies with real
//! double-entry books, so that a test can ask whether the money is right and not only whether a call was made. Time
//! and chance are inputs ([`Config`]): the same seed, clock and requests always give the same answers.
//!
//! It is an independent witness: it knows the published behaviour of QuickBooks Online and shares no type with the
//! code under test. Everything is served by path on one origin: `/connect/oauth2`, `/oauth2/v1/tokens/bearer`,
//! `/v2/oauth2/tokens/revoke` and `/v3/company/{realm}/…`.
//!
//! What changes is told by webhooks once the app has a [`Subscription`]; how they travel is up to the [`Courier`] among
//! the [`Switches`]. People change things through [`Person`], at random if need be ([`Edit`]).
//!
//! ```
//! use simulator::{ClassTracking, Commit, Company, Config, Effect, Injection, RequestKind, Rotation, Simulator};
//! use simulator::{Answer, Subscription};
//!
//! let mut intuit = Simulator::new(Config {
//!     client_id: "app-id".to_owned(),
//!     client_secret: "app-secret".to_owned(),
//!     redirect_uris: vec!["http://127.0.0.1:3000/v1/quickbooks/callback".to_owned()],
//!     seed: 7,
//!     now: "2026-03-02T15:00:00Z".parse()?,
//!     rotation: Rotation::Strict,
//! });
//! let realm = intuit.add_company(Company::new("Harbor Electric LLC").class_tracking(ClassTracking::PerLine));
//! let revenue = intuit.find(&realm, "Account", "Contract Revenue").unwrap_or_default();
//! intuit.inject(Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Write));
//! // … the app under test talks to `intuit.handle(request)`, or to `serve` over HTTP …
//! assert!(intuit.ledger(&realm).balance(&revenue).is_zero());
//! assert!(intuit.person(&realm)?.void("Invoice", "130").is_err());
//!
//! intuit.grant(&realm)?; // only companies that gave their permission are told of
//! intuit.subscribe(Subscription::new("http://127.0.0.1:3000/v1/quickbooks/events", "verifier-token"));
//! intuit.person(&realm)?.close_books(Some("2026-02-28".parse()?));
//! while let Some(now) = intuit.next_delivery_at() {
//!     for delivery in intuit.deliveries(now) {
//!         assert!(delivery.headers.contains_key("intuit-signature"));
//!         intuit.delivered(delivery.id, Answer::Status(200), now);
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(
    test,
    expect(
        clippy::inconsistent_digit_grouping,
        reason = "amounts in cents are written with the cents apart"
    )
)]

mod api;
#[cfg(test)]
mod bench;
mod books;
mod call;
mod changes;
mod company;
mod config;
#[cfg(test)]
mod desk;
mod dispatch;
mod entity;
mod error;
mod fault;
mod gateway;
mod inject;
mod json;
mod kind;
mod ledger;
mod moment;
mod money;
mod oauth;
mod person;
mod query;
mod records;
mod reply;
mod route;
mod schema;
mod serve;
mod simulator;
#[cfg(test)]
mod story;
mod traffic;
mod webhooks;
mod write;
mod xml;

pub use changes::{Actor, Change, Operation};
pub use company::{Account, ClassTracking, Company, Edition};
pub use config::{Config, Rotation, Switches};
pub use error::Error;
pub use inject::{Commit, Effect, Injection, RequestKind};
pub use ledger::{Entry, Ledger, Line, Transaction};
pub use person::{Edit, Person};
pub use reply::Reply;
pub use serve::{Clock, serve};
pub use simulator::{Decision, Simulator};
pub use traffic::{CallClass, Seen};
pub use webhooks::{Answer, Courier, Delivery, Format, Ladder, MediaType, Subscription, notify};
