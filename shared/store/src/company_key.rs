//! The key of one company of one firm.

use billing::FirmId;

/// A firm and a company to which the firm is connected.
#[derive(Clone, Copy, Debug)]
pub struct CompanyKey<'a> {
    /// The firm.
    pub firm: &'a FirmId,
    /// The id of the company at Intuit.
    pub realm_id: &'a str,
}
