//! Everything that reads what others send, as functions of bytes. None may panic, whatever they are given, and each holds what it
//! reads against a promise. Two drivers call them: `cargo fuzz`, guided by coverage, and the test in `tests/seeded.rs`, which
//! mutates the seeds at random.

mod answers;
pub mod mutate;
pub mod requests;
pub mod seeds;

pub use answers::{api_answer, token_answer};
pub use requests::{
    billing_delivery, billing_event, intuit_signature, intuit_webhook, session_token, settings_body,
};

/// A reader and bodies that it understands.
pub struct Target {
    /// What it is called, by `cargo fuzz` too.
    pub name: &'static str,
    /// Reads any bytes, and panics if a promise is broken.
    pub run: fn(&[u8]),
    /// What the others are made of.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
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
