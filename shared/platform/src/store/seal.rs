//! Sealing what must not be readable at rest: XChaCha20-Poly1305, bound to its place.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bridge::ports::Secrets;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use std::fmt;

/// The keys by id: the first seals, all open.
#[derive(Clone)]
pub struct Keyring {
    keys: Vec<(String, [u8; 32])>,
}

/// Where a sealed value stands. It opens nowhere else.
#[derive(Clone, Copy)]
struct Place<'a> {
    record: &'a str,
    company: &'a str,
    field: &'a str,
}

/// A sealed value does not open: unknown key, altered, or moved from another place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed field does not open with the keys at hand")]
pub struct NotOurs;

impl Keyring {
    /// The keys, the sealing one first. Without any nothing is sealed and nothing opens, which is
    /// right for a component that touches no sealed record.
    pub fn new(keys: Vec<(String, [u8; 32])>) -> Self {
        Self { keys }
    }

    /// Seals the fields while the company's id is still readable, then the id itself.
    pub(super) fn seal_all(
        &self,
        record: &str,
        secrets: Secrets<'_>,
        nonce: impl Fn() -> [u8; 24],
    ) -> Result<(), NotOurs> {
        let company = secrets.company.as_deref().cloned().unwrap_or_default();
        for (field, value) in secrets.fields {
            let place = Place {
                record,
                company: &company,
                field,
            };
            *value = self.seal(value, place, nonce())?;
        }
        if let Some(id) = secrets.company {
            *id = self.seal(id, Place::of_company(record), nonce())?;
        }
        Ok(())
    }

    /// Undoes [`Self::seal_all`]. Whether the key that seals now sealed all of it.
    pub(super) fn open_all(&self, record: &str, secrets: Secrets<'_>) -> Result<bool, NotOurs> {
        let (mut company, mut current) = (String::new(), true);
        if let Some(id) = secrets.company {
            current &= self.is_current(id);
            *id = self.open(id, Place::of_company(record))?;
            company.clone_from(id);
        }
        for (field, value) in secrets.fields {
            let place = Place {
                record,
                company: &company,
                field,
            };
            current &= self.is_current(value);
            *value = self.open(value, place)?;
        }
        Ok(current)
    }

    /// Whether a value was sealed with the key that seals now.
    fn is_current(&self, sealed: &str) -> bool {
        let id = sealed.rsplit_once('.').map(|(id, _)| id);
        self.keys.first().map(|(current, _)| current.as_str()) == id
    }

    /// `key id . nonce and ciphertext`, which JSON holds as it is.
    fn seal(&self, text: &str, place: Place<'_>, nonce: [u8; 24]) -> Result<String, NotOurs> {
        let (id, key) = self.keys.first().ok_or(NotOurs)?;
        let nonce = XNonce::from(nonce);
        let (message, bound) = (text.as_bytes(), place.bytes());
        let payload = Payload {
            msg: message,
            aad: &bound,
        };
        let sealed = XChaCha20Poly1305::new(key.into()).encrypt(&nonce, payload);
        let whole = [nonce.as_slice(), &sealed.map_err(|_| NotOurs)?].concat();
        Ok(format!("{id}.{}", STANDARD_NO_PAD.encode(whole)))
    }

    fn open(&self, sealed: &str, place: Place<'_>) -> Result<String, NotOurs> {
        let (id, rest) = sealed.rsplit_once('.').ok_or(NotOurs)?;
        let (_, key) = self
            .keys
            .iter()
            .find(|(known, _)| known == id)
            .ok_or(NotOurs)?;
        let whole = STANDARD_NO_PAD.decode(rest).map_err(|_| NotOurs)?;
        let (nonce, sealed) = whole.split_at_checked(24).ok_or(NotOurs)?;
        let bound = place.bytes();
        let payload = Payload {
            msg: sealed,
            aad: &bound,
        };
        let opened = XChaCha20Poly1305::new(key.into()).decrypt(XNonce::from_slice(nonce), payload);
        String::from_utf8(opened.map_err(|_| NotOurs)?).map_err(|_| NotOurs)
    }
}

impl<'a> Place<'a> {
    fn of_company(record: &'a str) -> Self {
        Self {
            record,
            company: "",
            field: "company",
        }
    }

    /// Lengths in front, so that no two places share their bytes; of the same size on every machine, so that what a component
    /// seals opens elsewhere.
    fn bytes(self) -> Vec<u8> {
        let parts = [self.record, self.company, self.field];
        parts
            .iter()
            .flat_map(|part| [&(part.len() as u32).to_be_bytes()[..], part.as_bytes()].concat())
            .collect()
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.keys.iter().map(|(id, _)| id))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'_> = Place {
        record: "connection/a",
        company: "1",
        field: "refresh_token",
    };

    fn keyring(ids: &[(&str, u8)]) -> Keyring {
        Keyring::new(
            ids.iter()
                .map(|(id, byte)| ((*id).to_owned(), [*byte; 32]))
                .collect(),
        )
    }

    #[test]
    fn a_place_has_the_same_bytes_on_every_machine() {
        let place = Place {
            record: "ab",
            company: "",
            field: "c",
        };
        assert_eq!(place.bytes(), *b"\0\0\0\x02ab\0\0\0\0\0\0\0\x01c");
    }

    #[test]
    fn what_is_sealed_opens_again_and_shows_nothing() {
        let keys = keyring(&[("k1", 1)]);
        let sealed = keys.seal("RT1-secret", HERE, [9; 24]).unwrap();
        assert!(sealed.starts_with("k1.") && !sealed.contains("secret"));
        assert_eq!(keys.open(&sealed, HERE).as_deref(), Ok("RT1-secret"));
    }

    #[test]
    fn a_sealed_value_opens_in_no_other_record_company_or_field() {
        let keys = keyring(&[("k1", 1)]);
        let sealed = keys.seal("x", HERE, [9; 24]).unwrap();
        for place in [
            Place {
                record: "connection/b",
                ..HERE
            },
            Place {
                company: "2",
                ..HERE
            },
            Place {
                field: "access_token",
                ..HERE
            },
            Place {
                record: "connection/a1",
                company: "",
                ..HERE
            },
        ] {
            assert_eq!(keys.open(&sealed, place), Err(NotOurs));
        }
    }

    #[test]
    fn after_a_rotation_old_values_open_and_new_ones_carry_the_new_key() {
        let sealed = keyring(&[("old", 1)]).seal("x", HERE, [9; 24]).unwrap();
        let rotated = keyring(&[("new", 2), ("old", 1)]);
        assert_eq!(rotated.open(&sealed, HERE).as_deref(), Ok("x"));
        assert!(
            rotated
                .seal("x", HERE, [8; 24])
                .unwrap()
                .starts_with("new.")
        );
        assert_eq!(keyring(&[("new", 2)]).open(&sealed, HERE), Err(NotOurs));
    }

    #[test]
    fn an_altered_value_does_not_open() {
        let keys = keyring(&[("k1", 1)]);
        let sealed = keys.seal("x", HERE, [9; 24]).unwrap();
        for at in 3..sealed.len() {
            let mut altered = sealed.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(keys.open(&altered, HERE), Err(NotOurs), "character {at}");
        }
        for odd in ["", ".", "k1.", "k1.AAAA", "no dot"] {
            assert_eq!(keys.open(odd, HERE), Err(NotOurs), "{odd:?}");
        }
    }

    #[test]
    fn debug_shows_key_ids_only() {
        assert_eq!(format!("{:?}", keyring(&[("k1", 7)])), r#"["k1"]"#);
    }
}
