//! Readers of requests that others send to us.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use billing::webhook::{Delivery, SigningSecrets};
use billing::{Fact, ParsedEvent, session};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use quickbooks::webhook::{self, VerifierTokens};
use sha2::Sha256;

/// The time of every request here, in seconds since 1970.
pub const NOW: i64 = 1_774_991_649;
/// The secret with which RIVET signs events.
pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// The verifier token with which Intuit signs deliveries.
pub const TOKEN: &str = "5f1d4b9a-40b7-4c1c-9b5e-1d1f0d6c8e11";
/// The key with which RIVET signs sessions.
pub const KEY: &[u8] = b"a key of thirty-two bytes or more";

/// Reads the body of an event of RIVET's.
///
/// Panics if the totals of a parsed pay app do not add up, or if a document changes when it is stored.
pub fn billing_event(input: &[u8]) {
    match billing::parse(input) {
        Ok(ParsedEvent::Known(event)) => {
            if let Fact::PayAppApproved(pay_app) | Fact::PayAppRevised(pay_app) = &event.fact {
                let totals = &pay_app.totals;
                assert_eq!(totals.net, totals.billed - totals.retainage);
            }
            let subject = event.fact.subject();
            if let Some(document) = event.fact.into_document() {
                assert_eq!(Some(document.reference()), subject);
                let _ = (document.date(), document.revision(), document.project());
                let kept = serde_json::to_vec(&document).expect("a document can be stored");
                let again = serde_json::from_slice(&kept).expect("a stored document can be loaded");
                assert_eq!(document, again);
            }
        }
        Ok(ParsedEvent::Unknown { event_type }) => {
            assert!(serde_json::to_string(&event_type).is_ok())
        }
        Err(refused) => assert!(!refused.to_string().is_empty()),
    }
}

/// Verifies a delivery of RIVET's: three headers, each on its own line, and the body.
///
/// Panics if any signature but the right one is accepted.
pub fn billing_delivery(input: &[u8]) {
    let mut lines = input.splitn(4, |byte| *byte == b'\n');
    let mut header = || lines.next().and_then(|line| str::from_utf8(line).ok());
    let (Some(id), Some(timestamp), Some(signature)) = (header(), header(), header()) else {
        return;
    };
    let delivery = Delivery {
        id,
        timestamp,
        signature,
        body: lines.next().unwrap_or_default(),
    };
    let secrets = SigningSecrets::parse(SECRET).expect("the secret is valid");
    if billing::webhook::verify(&secrets, &delivery, now()).is_ok() {
        let signed = STANDARD.decode(&SECRET[6..]).expect("the secret is valid");
        let text = [id.as_bytes(), timestamp.as_bytes(), delivery.body].join(&b'.');
        let ours = format!("v1,{}", STANDARD.encode(mac(&signed, &text)));
        assert!(
            signature
                .split_ascii_whitespace()
                .any(|theirs| theirs == ours)
        );
    }
    let _ = SigningSecrets::parse(signature);
}

/// Reads the body of a delivery of Intuit's.
///
/// Panics if an event is missing or counted twice, or if a change names no object.
pub fn intuit_webhook(input: &[u8]) {
    let Ok(read) = webhook::read(input) else {
        return;
    };
    let events = read.changes.len() + read.unreadable.len();
    let mut indexes: Vec<usize> = read.unreadable.iter().map(|event| event.index).collect();
    indexes.dedup();
    assert!(indexes.len() == read.unreadable.len() && indexes.is_sorted());
    assert!(indexes.last().is_none_or(|last| *last < events) && events <= input.len());
    for change in &read.changes {
        let names = [&change.realm_id, &change.id, &change.event_id];
        assert!(
            names
                .iter()
                .all(|name| !name.is_empty() && name.len() <= 700)
        );
    }
    assert_eq!(webhook::read(input).as_ref(), Ok(&read));
}

/// Verifies a delivery of Intuit's: the signature on its own line, and the body.
///
/// Panics if any signature but the right one is accepted.
pub fn intuit_signature(input: &[u8]) {
    let (signature, body) = match input.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&input[..end], &input[end + 1..]),
        None => (input, &[][..]),
    };
    let Ok(signature) = str::from_utf8(signature) else {
        return;
    };
    let tokens = VerifierTokens::parse(TOKEN).expect("the token is valid");
    let ours = STANDARD.encode(mac(TOKEN.as_bytes(), body));
    let is_accepted = webhook::verify(&tokens, signature, body).is_ok();
    assert_eq!(is_accepted, signature == ours);
    let _ = VerifierTokens::parse(signature);
}

/// Verifies a session token, and the same bytes as claims of a signed token.
///
/// Panics if an unsigned token is accepted, or if a session has no user or firm.
pub fn session_token(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else {
        return;
    };
    if session::verify(text, &[KEY], now()).is_ok() {
        let (signed, theirs) = text.rsplit_once('.').expect("three parts");
        let ours = URL_SAFE_NO_PAD.encode(mac(KEY, signed.as_bytes()));
        assert_eq!(theirs, ours);
    }
    if let Ok(session) = session::verify(&session_of(input), &[KEY], now()) {
        assert!(!session.user.as_ref().is_empty() && !session.firm.as_ref().is_empty());
    }
    let _ = quickbooks::oauth::read_callback(text);
}

/// Reads the settings that a person saves.
///
/// Panics if the settings change when they are written and read again.
pub fn settings_body(input: &[u8]) {
    if let Ok(settings) = mapping::settings::parse(input) {
        let written = serde_json::to_vec(&settings).expect("settings can be stored");
        assert_eq!(mapping::settings::parse(&written), Ok(settings));
    }
}

/// Returns a session token with these claims, signed as RIVET signs it.
pub fn session_of(claims: &[u8]) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims));
    let signature = URL_SAFE_NO_PAD.encode(mac(KEY, signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// Returns the HMAC-SHA256 of a text.
pub fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC accepts keys of any length");
    mac.chain_update(text).finalize().into_bytes().to_vec()
}

/// Returns [`NOW`] as a timestamp.
pub fn now() -> Timestamp {
    Timestamp::from_second(NOW).expect("the time is within the calendar")
}
