//! What is sent to us.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use billing::webhook::{Delivery, Secrets};
use billing::{Fact, Incoming, session};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use quickbooks::webhook::{self, VerifierTokens};
use sha2::Sha256;

/// When everything here happens.
pub const NOW: i64 = 1_774_991_649;
/// What RIVET signs events with.
pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// What Intuit signs deliveries with.
pub const TOKEN: &str = "5f1d4b9a-40b7-4c1c-9b5e-1d1f0d6c8e11";
/// What RIVET signs sessions with.
pub const KEY: &[u8] = b"a key of thirty-two bytes or more";

/// The body of an event of RIVET's: what is understood adds up.
pub fn billing_event(input: &[u8]) {
    match billing::parse(input) {
        Ok(Incoming::Known(event)) => {
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
        Ok(Incoming::Unknown { kind }) => assert!(serde_json::to_string(&kind).is_ok()),
        Err(refused) => assert!(!refused.to_string().is_empty()),
    }
}

/// A whole delivery of RIVET's, three headers on lines of their own and the body: only our own signature is believed.
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
    let secrets = Secrets::parse(SECRET).expect("a sound secret");
    if billing::webhook::verify(&secrets, &delivery, now()).is_ok() {
        let signed = STANDARD.decode(&SECRET[6..]).expect("a sound secret");
        let text = [id.as_bytes(), timestamp.as_bytes(), delivery.body].join(&b'.');
        let ours = format!("v1,{}", STANDARD.encode(mac(&signed, &text)));
        assert!(
            signature
                .split_ascii_whitespace()
                .any(|theirs| theirs == ours)
        );
    }
    let _ = Secrets::parse(signature);
}

/// The body of a delivery of Intuit's: every event is told of once, and a notice names what it is about.
pub fn intuit_webhook(input: &[u8]) {
    let Ok(read) = webhook::read(input) else {
        return;
    };
    let events = read.notices.len() + read.poison.len();
    let mut indexes: Vec<usize> = read.poison.iter().map(|poison| poison.index).collect();
    indexes.dedup();
    assert!(indexes.len() == read.poison.len() && indexes.is_sorted());
    assert!(indexes.last().is_none_or(|last| *last < events) && events <= input.len());
    for notice in &read.notices {
        let names = [&notice.realm_id, &notice.id, &notice.event_id];
        assert!(
            names
                .iter()
                .all(|name| !name.is_empty() && name.len() <= 700)
        );
    }
    assert_eq!(webhook::read(input).as_ref(), Ok(&read));
}

/// A delivery of Intuit's, its signature on a line of its own and the body: only our own signature is believed.
pub fn intuit_signature(input: &[u8]) {
    let (signature, body) = match input.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&input[..end], &input[end + 1..]),
        None => (input, &[][..]),
    };
    let Ok(signature) = str::from_utf8(signature) else {
        return;
    };
    let tokens = VerifierTokens::parse(TOKEN).expect("a sound token");
    let ours = STANDARD.encode(mac(TOKEN.as_bytes(), body));
    let believed = webhook::verify(&tokens, signature, body).is_ok();
    assert_eq!(believed, signature == ours);
    let _ = VerifierTokens::parse(signature);
}

/// A session token: as it is, it opens nothing that we did not sign; its claims, signed, open a session or none.
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
    let _ = quickbooks::oauth::callback(text);
}

/// The settings that a person saves: what is read is written so that it reads the same.
pub fn settings_body(input: &[u8]) {
    if let Ok(settings) = mapping::settings::parse(input) {
        let written = serde_json::to_vec(&settings).expect("settings can be stored");
        assert_eq!(mapping::settings::parse(&written), Ok(settings));
    }
}

/// A token with these claims that is signed as RIVET signs it.
pub fn session_of(claims: &[u8]) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims));
    let signature = URL_SAFE_NO_PAD.encode(mac(KEY, signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// HMAC-SHA256.
pub fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do");
    mac.chain_update(text).finalize().into_bytes().to_vec()
}

/// [`NOW`] as a point in time.
pub fn now() -> Timestamp {
    Timestamp::from_second(NOW).expect("a second of the calendar")
}
