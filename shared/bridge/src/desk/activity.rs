//! What was done at a desk, line by line.

use super::{Desk, Tell};
use crate::ports::Record;
use billing::{DocumentRef, Id};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Lines on a page of activity. Once the desk's record has two of them, the older moves to a record of its own.
pub const PAGE: usize = 32;

/// One line of the activity list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// When.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
    /// Which document.
    pub document: DocumentRef,
    /// The state that it reached.
    pub state: String,
    /// What was posted, or why not.
    pub detail: String,
    /// Whose request or decision it was; none if it came by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Id>,
    /// What RIVET is told of it, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tell: Option<Tell>,
}

/// A full page of older activity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ActivityPage(
    /// Oldest first.
    pub Vec<Activity>,
);

/// What a desk's record says of its activity, for those who only read that.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Log {
    /// [`Desk::recent`].
    pub recent: Vec<Activity>,
    /// [`Desk::pages`].
    pub pages: u32,
}

impl Log {
    /// How many lines there are, those on pages included.
    pub fn len(&self) -> usize {
        self.moved() + self.recent.len()
    }

    /// Whether nothing was ever done.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a line of that time tells RIVET of the document. What is older than the newest lines is taken to have been told.
    pub(crate) fn tells(&self, document: &DocumentRef, at: Timestamp) -> bool {
        let is_it = |line: &Activity| line.at == at && line.document == *document;
        let mut lines = self.recent.iter().filter(|line| line.tell.is_some());
        let is_older = |line: &Activity| self.pages > 0 && at < line.at;
        lines.any(is_it) || self.recent.first().is_some_and(is_older)
    }

    /// How many lines are on pages.
    pub(crate) fn moved(&self) -> usize {
        self.pages as usize * PAGE
    }
}

impl Desk {
    /// Takes out what is known of the activity.
    pub(crate) fn take_log(&mut self) -> Log {
        Log {
            recent: std::mem::take(&mut self.recent),
            pages: self.pages,
        }
    }

    /// Takes the oldest page out, if the record holds two of them.
    pub fn overflow(&mut self) -> Option<(u32, ActivityPage)> {
        if self.recent.len() < 2 * PAGE {
            return None;
        }
        let page = ActivityPage(self.recent.drain(..PAGE).collect());
        self.pages += 1;
        Some((self.pages - 1, page))
    }
}

impl Record for Log {
    const KIND: &'static str = Desk::KIND;
}

impl Record for ActivityPage {
    const KIND: &'static str = "activity";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_full_page_leaves_the_record_oldest_first() {
        let mut desk = Desk::default();
        let line = |second| Activity {
            at: at(second),
            document: DocumentRef {
                kind: billing::Kind::PayApp,
                id: "a".parse().unwrap(),
            },
            state: "posted".into(),
            detail: String::new(),
            by: None,
            tell: None,
        };
        desk.recent = (0..2 * PAGE as i64 - 1).map(line).collect();
        assert!(desk.overflow().is_none());
        desk.recent.push(line(1000));
        let (number, page) = desk.overflow().unwrap();
        assert_eq!((number, page.0.len(), page.0[0].at), (0, PAGE, at(0)));
        assert_eq!(
            (desk.pages, desk.recent.len(), desk.recent[0].at),
            (1, PAGE, at(PAGE as i64))
        );
    }
}
