//! Unreadable deliveries of Intuit that name no company.
//!
//! The intake accepts such a delivery, because Intuit would otherwise send it again and delay later ones. The record keeps each body byte
//! for byte until a later version can read it: each scheduled run tries. The oldest deliveries are dropped first.

use crate::inbox::change::ChangeFingerprint;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ports::records::Record;
use serde::{Deserialize, Serialize};

/// The most deliveries that are kept.
pub const LETTERS_KEPT: usize = 16;

/// The most characters that their bodies take together, in base64.
const BODY_CHARACTERS: usize = 48 * 1024;

/// The only record of dead letters. Webhook intake writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetters {
    /// The deliveries, oldest first.
    pub deliveries: Vec<DeadLetter>,
}

/// A delivery that was accepted and not understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// The fingerprint by which the delivery is recognised.
    pub mark: String,
    /// The time of arrival.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
    /// The fault, without any content of the delivery.
    pub why: String,
    /// The length of the body in bytes.
    pub length: usize,
    /// The body in base64. `None` if the body is longer than 36 KB.
    pub body: Option<String>,
}

impl DeadLetter {
    /// Creates a dead letter with this body.
    pub fn new(body: &[u8], why: &str, at: Timestamp) -> Self {
        let encoded = STANDARD.encode(body);
        Self {
            mark: Self::fingerprint(body).as_str().to_owned(),
            at,
            why: why.to_owned(),
            length: body.len(),
            body: Some(encoded).filter(|encoded| encoded.len() <= BODY_CHARACTERS),
        }
    }

    /// Returns the fingerprint of a delivery with this body.
    pub fn fingerprint(body: &[u8]) -> ChangeFingerprint {
        ChangeFingerprint::of_bytes(body)
    }

    /// Returns the body as received, if it was kept.
    pub fn open(&self) -> Option<Vec<u8>> {
        STANDARD.decode(self.body.as_ref()?).ok()
    }

    fn weight(&self) -> usize {
        self.body.as_ref().map_or(0, String::len)
    }
}

impl DeadLetters {
    /// Adds a delivery and drops the oldest ones if there is no room. Returns whether the delivery was new.
    pub fn add(&mut self, letter: DeadLetter) -> bool {
        let is_same = |known: &DeadLetter| known.mark == letter.mark;
        if self.deliveries.iter().any(is_same) {
            return false;
        }
        self.deliveries.push(letter);
        while self.deliveries.len() > LETTERS_KEPT || self.weight() > BODY_CHARACTERS {
            self.deliveries.remove(0);
        }
        true
    }

    fn weight(&self) -> usize {
        self.deliveries.iter().map(DeadLetter::weight).sum()
    }
}

impl Record for DeadLetters {
    const KIND: &'static str = "dead-letters";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(number: usize, length: usize) -> DeadLetter {
        let mut body = number.to_string().into_bytes();
        body.resize(length, 0xff);
        DeadLetter::new(&body, "it is not one JSON text", Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn dead_letter_returns_exact_bytes() {
        let body = [0, 0xff, b'"', b'\n'];
        let letter = DeadLetter::new(&body, "odd", Timestamp::UNIX_EPOCH);
        assert_eq!(letter.open().unwrap(), body);
    }

    #[test]
    fn duplicate_dead_letter_is_stored_once() {
        let mut letters = DeadLetters::default();
        assert!(letters.add(letter(1, 20)));
        assert!(!letters.add(letter(1, 20)));
        assert_eq!(letters.deliveries.len(), 1);
    }

    #[test]
    fn dead_letters_drop_oldest_below_64_kilobytes() {
        let mut letters = DeadLetters::default();
        for number in 0..100 {
            letters.add(letter(number, 20));
        }
        assert_eq!(letters.deliveries.len(), LETTERS_KEPT);
        assert_eq!(letters.deliveries[LETTERS_KEPT - 1], letter(99, 20));
        for number in 0..100 {
            letters.add(letter(number, 1000 * number + 20));
            assert!(serde_json::to_vec(&letters).unwrap().len() < 60 * 1024);
        }
    }

    #[test]
    fn oversized_dead_letter_keeps_only_metadata() {
        let mut letters = DeadLetters::default();
        letters.add(letter(1, 20));
        letters.add(letter(2, 1024 * 1024));
        let last = letters.deliveries.last().unwrap();
        assert_eq!((last.length, last.open()), (1024 * 1024, None));
        assert_eq!(letters.deliveries.len(), 2);
    }
}
