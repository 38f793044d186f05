//! The company's own currency.

use store::connection::Connection;

/// The company's own currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HomeCurrency {
    /// ISO 4217 code.
    pub(crate) code: String,
    /// True if customers may be billed in other currencies.
    pub(crate) has_others: bool,
}

impl HomeCurrency {
    /// Returns the currency of a connected company. Without a company it is the US dollar.
    pub(crate) fn of(connection: &Connection) -> Self {
        let company = connection.company.as_ref();
        let preferences = company.map(|company| &company.preferences);
        let code = preferences.and_then(|preferences| preferences.home_currency.clone());
        Self {
            code: code.unwrap_or_else(|| "USD".to_owned()),
            has_others: preferences.is_some_and(|preferences| preferences.is_multicurrency),
        }
    }
}
