//! Deliveries of Intuit's that could not be read and name no company.
//!
//! They are accepted all the same, since Intuit would only send them again and hold later ones back. What came is kept, byte for
//! byte, until a version that understands it reads it: each scheduled run tries. One record holds them; old ones roll off.

use crate::inbox::change::ChangeFingerprint;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ports::records::Record;
use serde::{Deserialize, Serialize};

/// The most deliveries that are kept.
pub const MOST: usize = 16;

/// The most characters that their bodies take together, in base64.
const ROOM: usize = 48 * 1024;

/// The record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetters {
    /// The deliveries, oldest first.
    pub deliveries: Vec<DeadLetter>,
}

/// A delivery that was accepted and not understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// By which it is known again.
    pub mark: String,
    /// When it arrived.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
    /// What is wrong with it. Says nothing of its content.
    pub why: String,
    /// Its length in bytes.
    pub length: usize,
    /// The body in base64; none if it is too long to be kept, as nothing longer than 36 KB is.
    pub body: Option<String>,
}

impl DeadLetter {
    /// A delivery with this body.
    pub fn new(body: &[u8], why: &str, at: Timestamp) -> Self {
        let encoded = STANDARD.encode(body);
        Self {
            mark: Self::fingerprint(body).as_str().to_owned(),
            at,
            why: why.to_owned(),
            length: body.len(),
            body: Some(encoded).filter(|encoded| encoded.len() <= ROOM),
        }
    }

    /// By which a delivery with this body is known again.
    pub fn fingerprint(body: &[u8]) -> ChangeFingerprint {
        ChangeFingerprint::of_bytes(body)
    }

    /// The body as it came, if it was kept.
    pub fn open(&self) -> Option<Vec<u8>> {
        STANDARD.decode(self.body.as_ref()?).ok()
    }

    fn weight(&self) -> usize {
        self.body.as_ref().map_or(0, String::len)
    }
}

impl DeadLetters {
    /// Parks a delivery, in place of the oldest ones if need be. Whether it was not here yet.
    pub fn add(&mut self, delivery: DeadLetter) -> bool {
        let known = |parked: &DeadLetter| parked.mark == delivery.mark;
        if self.deliveries.iter().any(known) {
            return false;
        }
        self.deliveries.push(delivery);
        while self.deliveries.len() > MOST || self.weight() > ROOM {
            self.deliveries.remove(0);
        }
        true
    }

    fn weight(&self) -> usize {
        self.deliveries.iter().map(DeadLetter::weight).sum()
    }
}

impl Record for DeadLetters {
    const KIND: &'static str = "parked";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(number: usize, length: usize) -> DeadLetter {
        let mut body = number.to_string().into_bytes();
        body.resize(length, 0xff);
        DeadLetter::new(&body, "it is not one JSON text", Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn dead_letter_returns_exact_bytes() {
        let body = [0, 0xff, b'"', b'\n'];
        let delivery = DeadLetter::new(&body, "odd", Timestamp::UNIX_EPOCH);
        assert_eq!(delivery.open().unwrap(), body);
    }

    #[test]
    fn duplicate_dead_letter_is_stored_once() {
        let mut parked = DeadLetters::default();
        assert!(parked.add(delivery(1, 20)));
        assert!(!parked.add(delivery(1, 20)));
        assert_eq!(parked.deliveries.len(), 1);
    }

    #[test]
    fn dead_letters_drop_oldest_below_64_kilobytes() {
        let mut parked = DeadLetters::default();
        for number in 0..100 {
            parked.add(delivery(number, 20));
        }
        assert_eq!(parked.deliveries.len(), MOST);
        assert_eq!(parked.deliveries[MOST - 1], delivery(99, 20));
        for number in 0..100 {
            parked.add(delivery(number, 1000 * number + 20));
            assert!(serde_json::to_vec(&parked).unwrap().len() < 60 * 1024);
        }
    }

    #[test]
    fn oversized_dead_letter_keeps_only_metadata() {
        let mut parked = DeadLetters::default();
        parked.add(delivery(1, 20));
        parked.add(delivery(2, 1024 * 1024));
        let last = parked.deliveries.last().unwrap();
        assert_eq!((last.length, last.open()), (1024 * 1024, None));
        assert_eq!(parked.deliveries.len(), 2);
    }
}
