//! The accounting rules by which RIVET's documents become QuickBooks objects: document × settings → posting plan → steps → request
//! bodies.
//!
//! The crate is pure: it has no clock, randomness or I/O. [`plan()`] decides which transactions a document becomes, and refuses every plan
//! whose effect on the ledger differs from the document's own figures by a cent. [`steps()`] compares the plan with the objects that
//! RIVET posted before. [`render()`] writes one step as a request body. [`PostedObject::differences`] compares an object in QuickBooks with what
//! RIVET wrote.
#![warn(missing_docs)]

// Top first: a module uses only modules below it.
#[cfg(test)]
mod harbor_point;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod stored_form;
#[cfg(test)]
mod samples;
mod render;
mod steps;
mod application;
mod returned_payment;
mod undo;
mod posted_object;
mod step;
mod target;
mod planner;
mod pay_app;
mod release;
mod payment;
mod plan_inputs;
mod parties;
mod payment_facts;
mod refusal;
mod plan;
mod ids;
mod list_bodies;
mod naming;
mod posting;
mod effect;
mod slot;
mod company_preferences;
mod closing_date;
mod account_purpose;
pub mod settings;
mod held;
mod due_date;
mod digest;
mod money;

pub use account_purpose::AccountPurpose;
pub use application::{UnappliedReversal, unapplied_reversals};
pub use closing_date::ClosingDate;
pub use company_preferences::{ClassUse, CompanyPreferences};
pub use effect::Effect;
pub use held::{Held, Holder, RetainageShare, UNKNOWN_DAY};
pub use ids::{Ids, ReturnedEntry};
pub use list_bodies::{class_body, customer_body, item_body, job_body};
pub use money::money_text;
pub use naming::{
    class_name, customer_name, document_number, free_number, is_moved_note, item_name,
    item_name_for, job_name, journal_number, number_stem, release_number, returned_payment_number,
    reversal_numbers, suffixed_name,
};
pub use parties::{BilledSide, Parties};
pub use payment_facts::{NO_PAYMENT, PaymentFacts, ReturnedPart};
pub use plan::{PlannedPosting, PostingPlan};
pub use plan_inputs::{PlanInputs, ReleaseForm};
pub use planner::{plan, plan_of_zero};
pub use posted_object::PostedObject;
pub use posted_object::apply::{LateChange, StepResult, record_late_reversal};
pub use posted_object::as_posted::AsPosted;
pub use posted_object::difference::{Difference, ReplacedReference, is_cosmetic_field};
pub use posting::{
    Journal, JournalLine, JournalRole, LineAccount, Posting, Receipt, Role, Sale, SaleLine, Share,
    Side,
};
pub use refusal::Refusal;
pub use render::{MissingId, kept_number, render};
pub use returned_payment::{ReturnedPayment, returned_entry, returned_payment_steps};
pub use settings::{
    Accounts, ClassMode, ClassTracking, ClosedBooks, Customers, InvoiceLines, JobMode,
    RetainageMethod, Settings, SyncMode, SyncSettings,
};
pub use slot::Slot;
pub use step::Step;
pub use steps::{late_reversals, steps, steps_after_close, void_steps};
pub use target::Target;
pub use undo::UndoDays;
