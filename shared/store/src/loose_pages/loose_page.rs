//! A page that may exist although its owner does not name it.

use crate::line::{Line, stored_as_line};
use jiff::{SignedDuration, Timestamp};
use ports::time::after;
use serde::{Deserialize, Serialize};

/// The time after which no request or run that began earlier still writes. It is longer than each lease and claim.
pub(crate) const QUIET: SignedDuration = SignedDuration::from_secs(90);

/// The name of a page. Stored as one line, perhaps with the second since which nobody begins to write the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LoosePage {
    /// The name.
    pub name: String,
    /// The time since which nobody begins to write the page.
    pub retired_at: Option<Timestamp>,
}

impl LoosePage {
    /// Returns a page that may be written from now on.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            retired_at: None,
        }
    }

    /// Returns whether nobody writes the page any more.
    pub fn is_removable(&self, now: Timestamp) -> bool {
        self.retired_at.is_some_and(|at| after(at, QUIET) <= now)
    }
}

impl Line for LoosePage {
    const EXPECTED: &'static str = "expected the name of a page, and perhaps a second";

    fn read(line: &str) -> Option<Self> {
        let (name, second) = match line.split_once(' ') {
            Some((name, second)) => (name, Some(second.parse().ok()?)),
            None => (line, None),
        };
        let retired_at = second.map(Timestamp::from_second).transpose().ok()?;
        let name = name.to_owned();
        Some(Self { name, retired_at })
    }

    fn write(&self) -> String {
        match self.retired_at {
            Some(at) => format!("{} {}", self.name, at.as_second()),
            None => self.name.clone(),
        }
    }
}

stored_as_line!(LoosePage);
