//! How RIVET's documents become QuickBooks objects: documents × settings → posting plan → request bodies.
//!
//! Pure throughout. [`plan`] decides what a document means in the books and refuses to return anything whose ledger
//! effect differs from the document's own figures to the cent. [`steps`] compares that with what stands in QuickBooks.
//! [`render`] writes one step as a body.
#![warn(missing_docs)]

mod adopt;
mod books;
mod context;
mod difference;
mod digest;
mod effect;
mod ids;
mod list_bodies;
mod money;
mod naming;
mod pay_app;
mod payment;
mod plan;
mod posting;
#[cfg(test)]
mod properties;
mod release;
mod render;
#[cfg(test)]
mod samples;
pub mod settings;
mod slot;
mod stands;
mod steps;
#[cfg(test)]
mod stored_form;
#[cfg(test)]
mod story;
#[cfg(test)]
mod witness;

pub use books::{Books, ClassUse};
pub use difference::{Difference, Replaced};
pub use effect::Effect;
pub use ids::Ids;
pub use list_bodies::{class_body, customer_body, item_body};
pub use naming::{
    class_name, customer_name, document_number, free_number, item_name, item_name_for,
    journal_number, number_stem, release_number, suffixed_name,
};
pub use plan::{Plan, Planned, Refusal, plan};
pub use posting::{
    Journal, JournalLine, JournalRole, LineAccount, Posting, Receipt, Role, Sale, SaleLine, Share,
    Side,
};
pub use quickbooks::Write as Body;
pub use render::{Unresolved, render};
pub use settings::{
    Accounts, ClassMode, ClassTracking, Customers, InvoiceLines, RetainageMethod, Settings, Sync,
    SyncMode,
};
pub use slot::Slot;
pub use stands::{Late, Posted, Stands};
pub use steps::{Step, Target, late_reversals, steps, void_steps};
