//! Fuzz targets: every reader of foreign input, as a function of bytes.
//!
//! No target may panic on any input, and each asserts properties of its result. Two drivers call the targets: `cargo fuzz`,
//! guided by coverage, and the test in `tests/seeded.rs`, which mutates the seeds at random.

mod answers;
pub mod mutate;
pub mod requests;
pub mod seeds;

pub use answers::{api_answer, token_answer};
pub use requests::{
    billing_delivery, billing_event, intuit_signature, intuit_webhook, session_token, settings_body,
};

/// A reader and inputs that it accepts.
pub struct Target {
    /// The name of the target, also for `cargo fuzz`.
    pub name: &'static str,
    /// Reads any bytes and panics if an assertion fails.
    pub run: fn(&[u8]),
    /// Returns the inputs from which all others are mutated.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All fuzz targets.
pub const TARGETS: [Target; 8] = [
    Target {
        name: "billing_event",
        run: billing_event,
        seeds: seeds::billing_event,
    },
    Target {
        name: "billing_delivery",
        run: billing_delivery,
        seeds: seeds::billing_delivery,
    },
    Target {
        name: "intuit_webhook",
        run: intuit_webhook,
        seeds: seeds::intuit_webhook,
    },
    Target {
        name: "intuit_signature",
        run: intuit_signature,
        seeds: seeds::intuit_signature,
    },
    Target {
        name: "token_answer",
        run: token_answer,
        seeds: seeds::token_answer,
    },
    Target {
        name: "api_answer",
        run: api_answer,
        seeds: seeds::api_answer,
    },
    Target {
        name: "session_token",
        run: session_token,
        seeds: seeds::session_token,
    },
    Target {
        name: "settings_body",
        run: settings_body,
        seeds: seeds::settings_body,
    },
];
