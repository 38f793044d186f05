//! The activity of a queue: the newest entries in the queue record, older ones on pages.

use crate::activity::{ActivityLog, ActivityPage, PAGE};
use crate::queue::Queue;

/// A full activity page and its number.
pub struct FullPage {
    /// The number of the page, counted from the oldest.
    pub number: u32,
    /// The page.
    pub page: ActivityPage,
}

impl Queue {
    /// Takes out the activity log.
    pub fn take_activity_log(&mut self) -> ActivityLog {
        ActivityLog {
            recent: std::mem::take(&mut self.recent_activity),
            pages: self.activity_pages,
        }
    }

    /// Takes out the oldest page, if the record has two of them.
    pub fn take_full_page(&mut self) -> Option<FullPage> {
        if self.recent_activity.len() < 2 * PAGE {
            return None;
        }
        let page = ActivityPage(self.recent_activity.drain(..PAGE).collect());
        self.activity_pages += 1;
        let number = self.activity_pages - 1;
        Some(FullPage { number, page })
    }
}

#[cfg(test)]
mod tests {
    use crate::activity::{ActivityEntry, PAGE};
    use crate::queue::activity_pages::FullPage;
    use crate::queue::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn full_activity_page_moves_out_oldest_first() {
        let mut queue = Queue::default();
        let entry_at = |second| ActivityEntry {
            at: at(second),
            document: DocumentRef {
                kind: DocumentKind::PayApp,
                id: "a".parse().unwrap(),
            },
            summary: None,
            state: "posted".into(),
            detail: String::new(),
            requested_by: None,
            notification: None,
            transactions: Vec::new(),
        };
        queue.recent_activity = (0..2 * PAGE as i64 - 1).map(entry_at).collect();
        assert!(queue.take_full_page().is_none());
        queue.recent_activity.push(entry_at(1000));
        let FullPage { number, page } = queue.take_full_page().unwrap();
        assert_eq!((number, page.0.len(), page.0[0].at), (0, PAGE, at(0)));
        assert_eq!(
            (
                queue.activity_pages,
                queue.recent_activity.len(),
                queue.recent_activity[0].at
            ),
            (1, PAGE, at(PAGE as i64))
        );
    }
}
