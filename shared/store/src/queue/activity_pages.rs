//! What was done at a desk, line by line.

use crate::activity::{ActivityLog, ActivityPage, PAGE};
use crate::queue::Queue;
use ports::records::Record;

impl Queue {
    /// Takes out what is known of the activity.
    pub fn take_activity_log(&mut self) -> ActivityLog {
        ActivityLog {
            recent: std::mem::take(&mut self.recent_activity),
            pages: self.activity_pages,
        }
    }

    /// Takes the oldest page out, if the record holds two of them.
    pub fn take_full_page(&mut self) -> Option<(u32, ActivityPage)> {
        if self.recent_activity.len() < 2 * PAGE {
            return None;
        }
        let page = ActivityPage(self.recent_activity.drain(..PAGE).collect());
        self.activity_pages += 1;
        Some((self.activity_pages - 1, page))
    }
}

impl Record for ActivityLog {
    const KIND: &'static str = Queue::KIND;
}

#[cfg(test)]
mod tests {
    use crate::activity::ActivityEntry;
    use crate::activity::PAGE;
    use crate::queue::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn full_activity_page_moves_out_oldest_first() {
        let mut desk = Queue::default();
        let line = |second| ActivityEntry {
            at: at(second),
            document: DocumentRef {
                kind: DocumentKind::PayApp,
                id: "a".parse().unwrap(),
            },
            state: "posted".into(),
            detail: String::new(),
            requested_by: None,
            notification: None,
        };
        desk.recent_activity = (0..2 * PAGE as i64 - 1).map(line).collect();
        assert!(desk.take_full_page().is_none());
        desk.recent_activity.push(line(1000));
        let (number, page) = desk.take_full_page().unwrap();
        assert_eq!((number, page.0.len(), page.0[0].at), (0, PAGE, at(0)));
        assert_eq!(
            (
                desk.activity_pages,
                desk.recent_activity.len(),
                desk.recent_activity[0].at
            ),
            (1, PAGE, at(PAGE as i64))
        );
    }
}
