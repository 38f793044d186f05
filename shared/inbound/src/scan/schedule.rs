//! Schedules the scans of a company: as soon as a change is announced, and each night at a time of the firm's own.

use billing::FirmId;
use jiff::{SignedDuration, Timestamp};
use ports::time::after;
use sha2::{Digest, Sha256};
use store::connection::Connection;
use store::inbox::Inbox;
use store::schedule::read_quota::ReadSupply;

/// The second of the day, in UTC, at which the nightly scans begin. The companies have night at this hour.
const NIGHT: i64 = 7 * 3600;

/// The seconds over which the firms' nightly scans are spread.
const SPREAD: i64 = 4 * 3600;

const DAY: i64 = 24 * 3600;

/// The seconds between two scans for all changes while reads are scarce.
const SCARCE_INTERVAL: i64 = 7 * DAY;

/// Announced changes wait this long for more of them while reads are scarce.
const SCARCE_DELAY: SignedDuration = SignedDuration::from_hours(1);

/// The next scan asks for changes from this long before the cursor. A change that comes twice costs nothing.
const OVERLAP: SignedDuration = SignedDuration::from_secs(-120);

/// The time and the reasons of a company's next scan.
pub(crate) struct Schedule {
    /// The time of the next scan.
    pub(crate) at: Timestamp,
    /// The time at which the company is asked for all changes.
    changes_at: Timestamp,
    /// The time since which changes are asked for.
    since: Timestamp,
}

impl Schedule {
    /// Returns the schedule of a firm.
    pub(crate) fn of(
        firm: &FirmId,
        connection: &Connection,
        inbox: &Inbox,
        supply: ReadSupply,
    ) -> Self {
        let connected_at = connection.connected_at.unwrap_or(Timestamp::UNIX_EPOCH);
        // Before the first night, all changes since the first sign-in are still to be processed.
        let first = connection.first_sign_in_at().unwrap_or(connected_at);
        let cursor = inbox.cursor.unwrap_or(first);
        // A disconnected company announces no change.
        let was_away = cursor < connected_at;
        let changes_at = if was_away || inbox.catch_up.is_some() {
            Timestamp::UNIX_EPOCH
        } else {
            nightly(firm, cursor, supply)
        };
        let requested_since = inbox.catch_up.map(|catch_up| catch_up.since);
        let since = requested_since.map_or(cursor, |since| since.min(cursor));
        Self {
            at: announced_at(inbox, supply).map_or(changes_at, |at| at.min(changes_at)),
            changes_at,
            since: after(since, OVERLAP),
        }
    }

    /// Returns the time since which the company is asked for all changes, if that is due.
    pub(crate) fn changes_since(&self, now: Timestamp) -> Option<Timestamp> {
        (self.changes_at <= now).then_some(self.since)
    }
}

/// Returns the time at which the announced changes or the rest of a sweep are due. `None` if there are none.
fn announced_at(inbox: &Inbox, supply: ReadSupply) -> Option<Timestamp> {
    if inbox.sweep.is_some() {
        return Some(Timestamp::UNIX_EPOCH);
    }
    let first = inbox.pending.iter().map(|change| change.at).min()?;
    Some(match supply {
        ReadSupply::Scarce => after(first, SCARCE_DELAY),
        ReadSupply::Ample => Timestamp::UNIX_EPOCH,
    })
}

/// Returns the firm's first nightly scan after the cursor.
fn nightly(firm: &FirmId, cursor: Timestamp, supply: ReadSupply) -> Timestamp {
    let hash = Sha256::digest(firm.as_ref().as_bytes());
    let offset = i64::from(u16::from_be_bytes([hash[1], hash[2]])) * SPREAD / 65536;
    let delay = match supply {
        ReadSupply::Scarce => SCARCE_INTERVAL - DAY,
        ReadSupply::Ample => 0,
    };
    let from = cursor.as_second() + delay;
    let today = from - from.rem_euclid(DAY) + NIGHT + offset;
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

    fn inbox_with(cursor: Timestamp) -> Inbox {
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
            let first = nightly(&firm, cursor, ReadSupply::Ample);
            assert!(first >= at("2026-03-03T07:00:00Z") && first < at("2026-03-03T11:00:00Z"));
            let second = nightly(&firm, first, ReadSupply::Ample);
            assert_eq!(second.duration_since(first), SignedDuration::from_hours(24));
            times.insert(first);
        }
        assert!(times.len() > 190);
    }

    #[test]
    fn scarce_read_quota_delays_scans() {
        let cursor = at("2026-03-02T15:00:00Z");
        let scarce = nightly(&firm("firm_a"), cursor, ReadSupply::Scarce);
        assert!(scarce >= at("2026-03-09T07:00:00Z") && scarce < at("2026-03-09T11:00:00Z"));
        let mut inbox = inbox_with(cursor);
        let change = quickbooks::webhook::EntityChange {
            realm_id: "1".into(),
            entity: quickbooks::webhook::EntityKind::Known(quickbooks::Kind::Invoice),
            id: "7".into(),
            event_id: "e".into(),
            operation: quickbooks::webhook::Operation::Updated,
            changed_at: at("2026-03-02T16:00:00Z"),
        };
        let event = ChangeEvent::of(&change).unwrap();
        let part = DeliveryPart {
            events: vec![event],
            unreadable: Vec::new(),
        };
        inbox.add_changes(&part, cursor);
        let (firm, connection) = (firm("firm_a"), connected("2026-03-01T00:00:00Z"));
        let of = |supply| Schedule::of(&firm, &connection, &inbox, supply).at;
        assert_eq!(of(ReadSupply::Ample), Timestamp::UNIX_EPOCH);
        assert_eq!(of(ReadSupply::Scarce), at("2026-03-02T17:00:00Z"));
    }

    #[test]
    fn reconnect_scans_immediately_from_cursor() {
        let inbox = inbox_with(at("2026-03-02T08:00:00Z"));
        let (firm, connection) = (firm("firm_a"), connected("2026-03-02T09:00:00Z"));
        let schedule = Schedule::of(&firm, &connection, &inbox, ReadSupply::Ample);
        let since = schedule.changes_since(at("2026-03-02T09:00:01Z"));
        assert_eq!(since, Some(at("2026-03-02T07:58:00Z")));
    }

    #[test]
    fn reconnect_before_first_night_scans_immediately() {
        let firm = firm("firm_a");
        let first = connected("2026-03-02T08:00:00Z");
        let later = at("2026-03-02T09:00:01Z");
        let scheduled = |connection: &Connection| {
            let schedule = Schedule::of(&firm, connection, &Inbox::default(), ReadSupply::Ample);
            schedule.changes_since(later)
        };
        assert_eq!(scheduled(&first), None);
        let again = Connection {
            first_connected_at: first.connected_at,
            ..connected("2026-03-02T09:00:00Z")
        };
        assert_eq!(scheduled(&again), Some(at("2026-03-02T07:58:00Z")));
    }
}
