//! The keys that seal texts with XChaCha20-Poly1305.

use super::place::Place;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// The deployment's sealing keys by id. The first key seals, and all keys open.
#[derive(Clone)]
pub struct Keyring {
    keys: Vec<(String, [u8; 32])>,
    /// The keys of views, which open nothing else.
    view_keys: Vec<(String, [u8; 32])>,
}

/// A value does not seal, since there is no key, or does not open: its key is unknown, or it was altered or moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed field does not open with the keys of this deployment")]
pub struct UnsealError;

impl Keyring {
    /// Makes a keyring of ids and keys; the first key seals.
    ///
    /// A keyring without keys seals and opens nothing. Components that use no sealed record have such a keyring.
    pub fn new(keys: Vec<(String, [u8; 32])>) -> Self {
        Self {
            keys,
            view_keys: Vec::new(),
        }
    }

    /// Adds the keys of views, each derived from one of these secrets. The first seals.
    ///
    /// Readers that may show a company have the secrets for another reason: they check sessions. So they need no key of tokens.
    #[must_use]
    pub fn with_view_keys(self, secrets: &[Vec<u8>]) -> Self {
        Self {
            view_keys: secrets.iter().map(|secret| view_key(secret)).collect(),
            ..self
        }
    }

    /// Seals a company's id for views. `None` if there is no key of views.
    pub(super) fn seal_view(
        &self,
        company: &str,
        place: Place<'_>,
        nonce: [u8; 24],
    ) -> Result<Option<String>, UnsealError> {
        match self.view_keys.is_empty() {
            true => Ok(None),
            false => self.of_views().seal(company, place, nonce).map(Some),
        }
    }

    /// Opens a company's id for views. `None` if there is none, or its key is gone.
    pub(super) fn open_view(
        &self,
        sealed: Option<&str>,
        place: Place<'_>,
    ) -> Result<Option<String>, UnsealError> {
        let is_known = |sealed: &&str| {
            let id = sealed.rsplit_once('.').map(|(id, _)| id);
            let mut keys = self.view_keys.iter();
            keys.any(|(known, _)| Some(known.as_str()) == id)
        };
        let sealed = sealed.filter(is_known);
        sealed
            .map(|sealed| self.of_views().open(sealed, place))
            .transpose()
    }

    /// Returns whether the copy is of this company, and sealed with the newest key of views.
    pub(super) fn is_view_of(&self, sealed: Option<&str>, company: &str, place: Place<'_>) -> bool {
        let opened = self.open_view(sealed, place).ok().flatten();
        self.is_current_view(sealed) && opened.is_some_and(|opened| opened == company)
    }

    /// Returns whether the newest key of views sealed the copy, or this component has none.
    pub(super) fn is_current_view(&self, sealed: Option<&str>) -> bool {
        let views = self.of_views();
        self.view_keys.is_empty()
            || sealed.is_some_and(|sealed| views.is_sealed_with_current_key(sealed))
    }

    fn of_views(&self) -> Self {
        Self::new(self.view_keys.clone())
    }

    /// Returns the ids of the keys. The first seals.
    pub fn ids(&self) -> Vec<String> {
        self.keys.iter().map(|(id, _)| id.clone()).collect()
    }

    /// Returns whether the key that seals now sealed the value.
    pub(super) fn is_sealed_with_current_key(&self, sealed: &str) -> bool {
        let id = sealed.rsplit_once('.').map(|(id, _)| id);
        self.keys.first().map(|(current, _)| current.as_str()) == id
    }

    /// Seals a text as `{key id}.{base64 of nonce and ciphertext}`, which JSON holds without escaping.
    pub(super) fn seal(
        &self,
        text: &str,
        place: Place<'_>,
        nonce: [u8; 24],
    ) -> Result<String, UnsealError> {
        let (id, key) = self.keys.first().ok_or(UnsealError)?;
        let nonce = XNonce::from(nonce);
        let payload = Payload {
            msg: text.as_bytes(),
            aad: &place.associated_data(),
        };
        let sealed = XChaCha20Poly1305::new(key.into()).encrypt(&nonce, payload);
        let whole = [nonce.as_slice(), &sealed.map_err(|_| UnsealError)?].concat();
        Ok(format!("{id}.{}", STANDARD_NO_PAD.encode(whole)))
    }

    /// Opens a sealed text in its place.
    pub(super) fn open(&self, sealed: &str, place: Place<'_>) -> Result<String, UnsealError> {
        let (id, rest) = sealed.rsplit_once('.').ok_or(UnsealError)?;
        let (_, key) = self
            .keys
            .iter()
            .find(|(known, _)| known == id)
            .ok_or(UnsealError)?;
        let whole = STANDARD_NO_PAD.decode(rest).map_err(|_| UnsealError)?;
        let (nonce, ciphertext) = whole.split_at_checked(24).ok_or(UnsealError)?;
        let payload = Payload {
            msg: ciphertext,
            aad: &place.associated_data(),
        };
        let opened = XChaCha20Poly1305::new(key.into()).decrypt(XNonce::from_slice(nonce), payload);
        String::from_utf8(opened.map_err(|_| UnsealError)?).map_err(|_| UnsealError)
    }
}

/// Derives a key of views and its id. Neither says anything about the secret.
fn view_key(secret: &[u8]) -> (String, [u8; 32]) {
    let derive = |purpose: &[u8]| -> [u8; 32] {
        let digest = Sha256::new().chain_update(purpose).chain_update(secret);
        digest.finalize().into()
    };
    let id = derive(b"rivet-books: id of the key of views\0");
    let id = format!("v-{}", &URL_SAFE_NO_PAD.encode(id)[..8]);
    (id, derive(b"rivet-books: key of views\0"))
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
    fn sealed_value_opens_and_shows_nothing() {
        let keys = keyring(&[("k1", 1)]);
        let sealed = keys.seal("RT1-secret", HERE, [9; 24]).unwrap();
        assert!(sealed.starts_with("k1.") && !sealed.contains("secret"));
        assert_eq!(keys.open(&sealed, HERE).as_deref(), Ok("RT1-secret"));
    }

    #[test]
    fn sealed_value_opens_in_no_other_place() {
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
            assert_eq!(keys.open(&sealed, place), Err(UnsealError));
        }
    }

    #[test]
    fn rotated_keyring_opens_old_values_and_seals_anew() {
        let sealed = keyring(&[("old", 1)]).seal("x", HERE, [9; 24]).unwrap();
        let rotated = keyring(&[("new", 2), ("old", 1)]);
        assert_eq!(rotated.open(&sealed, HERE).as_deref(), Ok("x"));
        assert!(
            rotated
                .seal("x", HERE, [8; 24])
                .unwrap()
                .starts_with("new.")
        );
        assert_eq!(keyring(&[("new", 2)]).open(&sealed, HERE), Err(UnsealError));
    }

    #[test]
    fn altered_value_does_not_open() {
        let keys = keyring(&[("k1", 1)]);
        let sealed = keys.seal("x", HERE, [9; 24]).unwrap();
        for at in 3..sealed.len() {
            let mut altered = sealed.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(
                keys.open(&altered, HERE),
                Err(UnsealError),
                "character {at}"
            );
        }
        for odd in ["", ".", "k1.", "k1.AAAA", "no dot"] {
            assert_eq!(keys.open(odd, HERE), Err(UnsealError), "{odd:?}");
        }
    }

    #[test]
    fn debug_output_shows_only_key_ids() {
        assert_eq!(format!("{:?}", keyring(&[("k1", 7)])), r#"["k1"]"#);
    }
}
