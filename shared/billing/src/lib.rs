//! RIVET's own protocol as values: the events that its billing back end sends, the documents in them, the session
//! tokens of its users and the signatures on its webhooks.
//!
//! Nothing here performs I/O, reads a clock or knows QuickBooks. What parses is sound: ids, amounts, dates and texts
//! are checked field by field, and the sums of a pay application to the cent, so code behind [`parse`] need not ask again.
#![warn(missing_docs)]

mod amount;
pub mod calendar;
mod customer;
mod document;
mod event;
mod id;
mod pay_app;
mod payment;
mod release;
pub mod session;
mod text;
pub mod webhook;
pub mod wire;

pub use customer::{Address, Customer, Project, ProjectCreated};
pub use document::{Document, DocumentRef, Kind, UnknownKind};
pub use event::{Event, Fact, Incoming, Plan, parse};
pub use id::{FirmId, Id, InvalidId};
pub use pay_app::{PayApp, PayAppVoid, SovLine, Totals};
pub use payment::{Applied, Payment, PaymentVoid};
pub use release::Release;
pub use session::Role;
pub use wire::Invalid;
