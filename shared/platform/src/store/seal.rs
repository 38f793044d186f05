//! Sealing of the secret fields of a record, so that a reader of the store cannot read them.

use super::keyring::{Keyring, UnsealError};
use super::place::Place;
use ports::records::{CompanyView, Secrets};
use std::collections::BTreeSet;

/// The age of the oldest key that sealed a field of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyAge {
    /// The key that seals now sealed all fields.
    Current,
    /// An older key sealed a field. The record should be sealed again.
    Older,
}

impl Keyring {
    /// Seals the fields while the company's id is still readable, then the copy of the id for views, and then the id.
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
        if let Some(CompanyView::Kept(view)) = secrets.view
            && secrets.company.is_some()
            && !self.is_view_of(view.as_deref(), &company, Place::of_view(record))
            && let Some(sealed) = self.seal_view(&company, Place::of_view(record), draw_nonce())?
        {
            *view = Some(sealed);
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
        match secrets.view {
            Some(CompanyView::Kept(view)) if secrets.company.is_some() => {
                is_current &= self.is_current_view(view.as_deref());
            }
            Some(CompanyView::Shown(view)) => {
                *view = self.open_view(view.as_deref(), Place::of_view(record))?;
            }
            _ => {}
        }
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

/// Returns the ids of the keys that sealed the company's id and these fields.
pub(super) fn key_ids(secrets: Secrets<'_>) -> BTreeSet<String> {
    let fields = secrets.fields.into_iter().map(|(_, value)| value);
    let sealed = secrets.company.into_iter().chain(fields);
    let ids = sealed.filter_map(|value| value.rsplit_once('.').map(|(id, _)| id.to_owned()));
    ids.collect()
}
