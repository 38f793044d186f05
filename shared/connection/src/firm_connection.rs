//! A firm with its connection.

use billing::FirmId;
use store::connection::Connection;

/// A firm and its connection as last read or written.
pub struct FirmConnection<'a> {
    /// The firm.
    pub firm: &'a FirmId,
    /// The firm's connection.
    pub connection: Connection,
}
