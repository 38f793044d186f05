//! QuickBooks Online and Intuit's sign-in, as a value.
//!
//! [`Simulator::handle`] takes one HTTP request and returns the answer that Intuit would give. Each company has a real
//! double-entry [`Ledger`], so a test can check the money and not only the calls. Time and randomness are inputs
//! ([`Config`]): the same seed, clock and requests always give the same answers.
//!
//! The simulator is independent: it follows the published behaviour of QuickBooks Online and shares no type with the
//! code under test. All services have one origin and differ by path: `/connect/oauth2`, `/oauth2/v1/tokens/bearer`,
//! `/v2/oauth2/tokens/revoke` and `/v3/company/{realm}/…`.
//!
//! Webhooks announce changes once the app has a [`Subscription`]. The [`DeliveryBehaviour`] in the [`Switches`] sets how they are
//! delivered. A [`Person`] changes a company through the web pages, also at random ([`Edit`]).
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
//! intuit.connect(&realm)?; // webhooks cover connected companies only
//! intuit.subscribe(Subscription::new("http://127.0.0.1:3000/v1/quickbooks/events", "verifier-token"));
//! intuit.person(&realm)?.close_books(Some("2026-02-28".parse()?));
//! while let Some(now) = intuit.next_delivery_at() {
//!     for delivery in intuit.start_due_deliveries(now) {
//!         assert!(delivery.headers.contains_key("intuit-signature"));
//!         intuit.report_delivery(delivery.id, Answer::Status(200), now);
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

#[cfg(test)]
mod retainage;
#[cfg(test)]
mod test_client;
mod serve;
mod webhooks;
mod person;
mod dispatch;
mod simulator;
mod api;
mod inject;
mod oauth;
mod query;
#[cfg(test)]
mod test_company;
mod write;
mod entity;
mod company_state;
mod company;
mod config;
mod schema;
mod records;
mod money;
mod fault;
mod xml;
mod gateway;
mod spelling;
mod time_format;
mod ledger;
mod error;
mod reply;
mod json;
mod changes;
mod call;
mod route;
mod traffic;
mod kind;

pub use changes::{Actor, Change, Operation};
pub use company::{Account, ClassTracking, Company, Edition, ReportBasis};
pub use config::{
    Alteration, AlteredField, BatchReplay, Config, Rotation, Switches, TokenLifetimes,
};
pub use error::Error;
pub use inject::{Commit, Effect, Injection, Outage, RequestKind};
pub use ledger::{Entry, Ledger, Line, Transaction};
pub use person::{Edit, EntryAccounts, History, Person, Typed};
pub use reply::Reply;
pub use serve::{Clock, serve};
pub use simulator::{ConsentDecision, Simulator, TokenPair};
pub use spelling::{AnswerSpelling, BalanceSpelling};
pub use traffic::{CallClass, RecordedRequest};
pub use webhooks::{
    Answer, Delivery, DeliveryBehaviour, Format, MediaType, RetrySchedule, Subscription,
    deliver_over_http,
};
