//! The table of paths that a crate must not write.

/// Paths that crates must not name.
pub struct Absence {
    /// Names of crates; `functions` stands for all crates in that folder.
    pub crates: &'static [&'static str],
    /// The absent thing, in a word.
    pub what: &'static str,
    /// Paths, with what is imported written out. A path that begins so is a breach. `*::Name` is any path with that
    /// name, `ours::()` any function at the top of our crate `ours`.
    pub paths: &'static [&'static str],
}

/// The crates that compute only.
pub(super) const PURE: &[&str] = &["json", "billing", "quickbooks", "mapping"];

/// The absences. `ports` has no line: its manifest names none of our crates.
pub const ABSENCES: &[Absence] = &[
    Absence {
        crates: PURE,
        what: "clock",
        paths: &[
            "jiff::Timestamp::now",
            "jiff::Zoned::now",
            "std::time::SystemTime",
            "std::time::Instant",
        ],
    },
    Absence {
        crates: PURE,
        what: "randomness",
        paths: &["rand", "rand_core", "getrandom", "fastrand"],
    },
    Absence {
        crates: PURE,
        what: "input and output",
        paths: &[
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "std::thread",
        ],
    },
    Absence {
        crates: &["store"],
        what: "network",
        paths: &["*::Http"],
    },
    Absence {
        crates: &["connection"],
        what: "billing document",
        paths: &[
            "billing::Document",
            "billing::DocumentRef",
            "billing::PayApp",
            "billing::PayAppVoid",
            "billing::SovLine",
            "billing::Totals",
            "billing::AppliedAmount",
            "billing::Payment",
            "billing::PaymentVoid",
            "billing::RetainageRelease",
        ],
    },
    Absence {
        crates: &["posting", "inbound"],
        what: "user session",
        paths: &["billing::session", "billing::Role"],
    },
    Absence {
        crates: &["posting", "inbound"],
        what: "HTTP status that we answer with",
        paths: &["http::StatusCode"],
    },
    Absence {
        crates: &[
            "json",
            "billing",
            "quickbooks",
            "mapping",
            "ports",
            "store",
            "connection",
            "posting",
            "inbound",
            "bridge",
            "reconciliation",
        ],
        what: "Spin",
        paths: &["spin_sdk"],
    },
    // The functions of `mapping` plan what a document means in the books. Its types and its settings are passed on.
    Absence {
        crates: &["platform", "functions"],
        what: "business decision",
        paths: &["mapping::()"],
    },
];
