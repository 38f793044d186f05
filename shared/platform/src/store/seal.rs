//! Sealing of the secret fields of a record, so that a reader of the store cannot read them.

use super::keyring::{Keyring, UnsealError};
use super::place::Place;
use ports::records::Secrets;

/// The age of the oldest key that sealed a field of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyAge {
    /// The key that seals now sealed all fields.
    Current,
    /// An older key sealed a field. The record should be sealed again.
    Older,
}

impl Keyring {
    /// Seals the fields while the company's id is still readable, and then the id.
    pub(super) fn seal_fields(
        &self,
        record: &str,
        secrets: Secrets<'_>,
        draw_nonce: impl Fn() -> [u8; 24],
    ) -> Result<(), UnsealError> {
        let company = secrets.company.as_deref().cloned().unwrap_or_default();
        for (field, value) in secrets.fields {
            let place = Place {
                record,
                company: &company,
                field,
            };
            *value = self.seal(value, place, draw_nonce())?;
        }
        if let Some(id) = secrets.company {
            *id = self.seal(id, Place::of_company(record), draw_nonce())?;
        }
        Ok(())
    }

    /// Opens the company's id and then the fields. Returns the age of the keys that sealed them.
    pub(super) fn open_fields(
        &self,
        record: &str,
        secrets: Secrets<'_>,
    ) -> Result<KeyAge, UnsealError> {
        let (mut company, mut is_current) = (String::new(), true);
        if let Some(id) = secrets.company {
            is_current &= self.is_sealed_with_current_key(id);
            *id = self.open(id, Place::of_company(record))?;
            company.clone_from(id);
        }
        for (field, value) in secrets.fields {
            let place = Place {
                record,
                company: &company,
                field,
            };
            is_current &= self.is_sealed_with_current_key(value);
            *value = self.open(value, place)?;
        }
        Ok(if is_current {
            KeyAge::Current
        } else {
            KeyAge::Older
        })
    }
}
