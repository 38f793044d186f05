//! When a company is looked at: as soon as it told of something, and daily at a quiet time of the firm's own.

use billing::FirmId;
use jiff::{SignedDuration, Timestamp};
use ports::time::after;
use sha2::{Digest, Sha256};
use store::connection::Connection;
use store::inbox::Inbox;

/// The daily question is asked from this second of the day on, UTC: night where the companies are.
const NIGHT: i64 = 7 * 3600;

/// The seconds over which the firms are spread.
const SPREAD: i64 = 4 * 3600;

const DAY: i64 = 24 * 3600;

/// Between two daily questions while reads are scarce.
const SCARCE: i64 = 7 * DAY;

/// How long notices gather while reads are scarce.
const GATHER: SignedDuration = SignedDuration::from_hours(1);

/// Asked again from a little before the cursor on: what comes twice costs nothing.
const OVERLAP: SignedDuration = SignedDuration::from_secs(-120);

/// What is to be done for a firm, and when.
pub struct Schedule {
    /// The next look.
    pub at: Timestamp,
    /// When the company is asked for its changes.
    changes_at: Timestamp,
    /// Since when.
    since: Timestamp,
}

impl Schedule {
    /// From what is known. `is_scarce`: so much was read in this month that less should be.
    pub fn of((firm, connection): (&FirmId, &Connection), inbox: &Inbox, is_scarce: bool) -> Self {
        let connected = connection.connected_at.unwrap_or(Timestamp::UNIX_EPOCH);
        let cursor = inbox.cursor.unwrap_or(connected);
        // While the company was not connected it told of nothing.
        let was_away = inbox.cursor.is_some_and(|cursor| cursor < connected);
        let changes_at = if was_away || inbox.catch_up.is_some() {
            Timestamp::UNIX_EPOCH
        } else {
            nightly(firm, cursor, is_scarce)
        };
        let asked = inbox.catch_up.map(|asked| asked.since);
        Self {
            at: told_at(inbox, is_scarce).map_or(changes_at, |at| at.min(changes_at)),
            changes_at,
            since: after(asked.map_or(cursor, |asked| asked.min(cursor)), OVERLAP),
        }
    }

    /// Since when the company is to be asked for its changes, if that is due.
    pub fn changes_since(&self, now: Timestamp) -> Option<Timestamp> {
        (self.changes_at <= now).then_some(self.since)
    }
}

/// When what was told of is to be looked at.
fn told_at(inbox: &Inbox, is_scarce: bool) -> Option<Timestamp> {
    if inbox.sweep.is_some() {
        return Some(Timestamp::UNIX_EPOCH);
    }
    let first = inbox.waiting.iter().map(|notice| notice.at).min()?;
    Some(if is_scarce {
        after(first, GATHER)
    } else {
        Timestamp::UNIX_EPOCH
    })
}

/// The firm's time of the night, the first after the cursor.
fn nightly(firm: &FirmId, cursor: Timestamp, is_scarce: bool) -> Timestamp {
    let hash = Sha256::digest(firm.as_ref().as_bytes());
    let share = i64::from(u16::from_be_bytes([hash[1], hash[2]])) * SPREAD / 65536;
    let from = cursor.as_second() + if is_scarce { SCARCE - DAY } else { 0 };
    let today = from - from.rem_euclid(DAY) + NIGHT + share;
    let at = if today > from { today } else { today + DAY };
    Timestamp::from_second(at).unwrap_or(cursor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::inbox::DeliveryPart;
    use store::inbox::change::ChangeEvent;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn firm(name: &str) -> FirmId {
        name.parse().unwrap()
    }

    fn looked_at(cursor: Timestamp) -> Inbox {
        let mut inbox = Inbox::default();
        inbox.cursor = Some(cursor);
        inbox
    }

    fn connected(on: &str) -> Connection {
        Connection {
            connected_at: Some(at(on)),
            ..Connection::default()
        }
    }

    #[test]
    fn nightly_scan_has_fixed_time_per_firm() {
        let cursor = at("2026-03-02T15:00:00Z");
        let mut times = std::collections::BTreeSet::new();
        for number in 0..200 {
            let firm = firm(&format!("firm_{number}"));
            let first = nightly(&firm, cursor, false);
            assert!(first >= at("2026-03-03T07:00:00Z") && first < at("2026-03-03T11:00:00Z"));
            let second = nightly(&firm, first, false);
            assert_eq!(second.duration_since(first), SignedDuration::from_hours(24));
            times.insert(first);
        }
        assert!(times.len() > 190);
    }

    #[test]
    fn scarce_read_quota_delays_scans() {
        let cursor = at("2026-03-02T15:00:00Z");
        let scarce = nightly(&firm("firm_a"), cursor, true);
        assert!(scarce >= at("2026-03-09T07:00:00Z") && scarce < at("2026-03-09T11:00:00Z"));
        let mut inbox = looked_at(cursor);
        let notice = quickbooks::webhook::EntityChange {
            realm_id: "1".into(),
            entity: quickbooks::webhook::EntityKind::Known(quickbooks::Kind::Invoice),
            id: "7".into(),
            event_id: "e".into(),
            operation: quickbooks::webhook::Operation::Updated,
            changed_at: at("2026-03-02T16:00:00Z"),
        };
        let news = ChangeEvent::of(&notice).unwrap();
        let batch = DeliveryPart {
            events: vec![news],
            unreadable: Vec::new(),
        };
        inbox.add_changes(&batch, cursor);
        let (firm, connection) = (firm("firm_a"), connected("2026-03-01T00:00:00Z"));
        let of = |scarce| Schedule::of((&firm, &connection), &inbox, scarce).at;
        assert_eq!(of(false), Timestamp::UNIX_EPOCH);
        assert_eq!(of(true), at("2026-03-02T17:00:00Z"));
    }

    #[test]
    fn reconnect_scans_immediately_from_cursor() {
        let inbox = looked_at(at("2026-03-02T08:00:00Z"));
        let (firm, connection) = (firm("firm_a"), connected("2026-03-02T09:00:00Z"));
        let schedule = Schedule::of((&firm, &connection), &inbox, false);
        let since = schedule.changes_since(at("2026-03-02T09:00:01Z"));
        assert_eq!(since, Some(at("2026-03-02T07:58:00Z")));
    }
}
