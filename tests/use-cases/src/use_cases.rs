//! The use cases in process, against the simulator.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where it breaks"
)]

mod batching;
mod catch_up;
mod change_detection;
mod checkup;
mod closed_books;
mod comparison;
mod conflicts;
mod company_waits;
mod confirming;
mod connecting;
mod currencies;
mod customer_details;
mod disconnecting;
mod duplicate_numbers;
mod entered_first;
mod failures;
mod field_cases;
mod interrupted_sign_in;
mod jobs;
mod lists;
mod lookups;
mod manual_mode;
mod matching;
mod notifications;
mod operations;
mod outages;
mod posted_differently;
mod posting;
mod reconciliation;
mod refused_lookups;
mod request_ids;
mod scale;
mod setting_lists;
mod support;
mod webhook_intake;
mod year;
