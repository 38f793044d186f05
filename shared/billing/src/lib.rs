//! RIVET's protocol as values: events of its billing back end, the documents in them, session tokens of its users and
//! signatures of its webhooks.
//!
//! The crate performs no I/O, reads no clock and does not know QuickBooks. [`parse`] checks ids, amounts, dates and texts field
//! by field, and the sums of a pay application to the cent. Code that gets a parsed event need not check again.
#![warn(missing_docs)]

// Top first: a module uses only modules below it.
pub mod session;
pub mod webhook;
mod event;
mod subscription_plan;
mod document;
mod pay_app;
mod payment;
mod release;
mod customer;
mod document_ref;
mod document_kind;
mod id;
pub mod amount;
pub mod calendar;
mod text;
pub mod wire;

pub use customer::{Address, Customer, Project, ProjectCreated};
pub use document::Document;
pub use document_kind::{DocumentKind, UnknownDocumentKind};
pub use document_ref::DocumentRef;
pub use event::{Event, Fact, ParsedEvent, parse};
pub use id::{FirmId, Id, InvalidId};
pub use pay_app::{PayApp, PayAppVoid, SovLine, Totals};
pub use payment::{AppliedAmount, Payment, PaymentVoid};
pub use release::{ReleaseVoid, RetainageRelease};
pub use session::Role;
pub use subscription_plan::SubscriptionPlan;
pub use wire::InputError;
