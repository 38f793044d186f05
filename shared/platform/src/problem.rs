//! Problems: all answers that are not the requested ones, as RFC 9457 describes them.
//!
//! Code, title, detail and members go to the caller, who may show the detail to a person. The cause goes into the log only.

// Top first: a module uses only modules below it.
mod constructors;
mod details;
mod code;

pub use code::ProblemCode;
pub use constructors::{
    body_too_large, conflict_changed, document_not_found, firm_erased, internal, invalid_field,
    invalid_intuit_signature, invalid_signature, method_not_allowed, misconfigured, not_connected,
    not_decidable, not_found, not_in_conflict, not_json, plan_not_eligible, precondition_required,
    quickbooks_throttled, quickbooks_unavailable, role_not_allowed, settings_changed, store_busy,
    store_unavailable, too_many_requests, unauthorized,
};
pub use details::Problem;
