//! A connection as Intuit has just granted it, and the answer to it.

use crate::connection::grant::Grant;
use crate::connection::outbox::ConnectionEvent;
use crate::connection::{Company, Connection, ConnectionStatus};
use billing::Id;
use jiff::Timestamp;

/// A connection as Intuit has just granted it.
pub struct NewConnection {
    /// The company.
    pub company: Company,
    /// The tokens.
    pub grant: Grant,
    /// The person who signed in.
    pub user: Id,
    /// The company that the firm has before.
    pub before: CompanyBefore,
}

/// The company that a firm has before a new connection is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompanyBefore {
    /// No company. Its person confirmed the new one.
    None,
    /// The same company.
    Same,
}

/// The answer to a new connection.
#[derive(Clone, Debug, PartialEq)]
pub enum EstablishResult {
    /// The connection was saved for the firm.
    Established(Box<Connection>),
    /// The firm has another company by now, or none. Nothing changed.
    CompanyChanged,
}

impl NewConnection {
    /// Returns the connection after `current`. The new connection replaces any revocation of `current`, as Intuit ended that grant already.
    pub(super) fn after(&self, current: Connection, now: Timestamp) -> Connection {
        let last = current.grant.as_ref().map_or(0, |old| old.generation);
        let past_generation = last.max(current.past_generation);
        let first_connected_at = current.first_sign_in_at();
        let mut outbox = current.outbox;
        if outbox.in_trouble {
            outbox.add(ConnectionEvent::Restored, now);
        }
        Connection {
            status: ConnectionStatus::Connected,
            company: Some(self.company.clone()),
            past_generation,
            grant: Some(Grant {
                generation: past_generation + 1,
                ..self.grant.clone()
            }),
            connected_by: Some(self.user.clone()),
            connected_at: Some(now),
            first_connected_at,
            pending_sign_ins: current.pending_sign_ins,
            outbox,
            ..Connection::default()
        }
    }
}
