//! Generated bodies: events in unusual but valid JSON, and the same with one byte changed. A failure names the seed that
//! repeats it.

use super::signatures::sign;
use crate::entity::Kind;
use crate::webhook::{EntityKind, Operation, SignatureError, VerifierTokens, read, verify};
use fastrand::Rng;

const TOKEN: &str = "5f1d4b9a-40b7-4c1c-9b5e-1d1f0d6c8e11";
const BODIES: u64 = 10_000;

/// The content of one generated event. `operation` is an index into [`OPERATIONS`], and `second` is a Unix time.
#[derive(Debug, PartialEq)]
struct Event {
    realm_id: String,
    kind: &'static str,
    id: String,
    operation: usize,
    second: i64,
}

const KINDS: [&str; 6] = [
    "Invoice",
    "JournalEntry",
    "Payment",
    "Customer",
    "Vendor",
    "PurchaseOrder",
];
/// The operations as the classic format and as CloudEvents spell them.
const OPERATIONS: [(&str, &str); 6] = [
    ("Create", "created"),
    ("Update", "updated"),
    ("Delete", "deleted"),
    ("Void", "voided"),
    ("Emailed", "emailed"),
    ("Approve", "approved"),
];

fn event(random: &mut Rng, realm_id: &str) -> Event {
    Event {
        realm_id: realm_id.to_owned(),
        kind: random.choice(KINDS).unwrap(),
        id: random.u64(1..10_u64.pow(19)).to_string(),
        operation: random.usize(..OPERATIONS.len()),
        second: random.i64(0..4_000_000_000),
    }
}

fn digits(random: &mut Rng) -> String {
    let length = random.usize(1..20);
    std::iter::repeat_with(|| random.digit(10))
        .take(length)
        .collect()
}

/// Returns white space as JSON allows it.
fn gap(random: &mut Rng) -> String {
    let length = random.usize(..3) * random.usize(..2);
    let blanks = std::iter::repeat_with(|| [' ', '\t', '\n', '\r'][random.usize(..4)]);
    blanks.take(length).collect()
}

/// Returns a JSON text with some characters escaped, in each way that JSON allows.
fn text(random: &mut Rng, text: &str) -> String {
    let mut written = "\"".to_owned();
    for character in text.chars() {
        let code = u32::from(character);
        match random.u32(..8) {
            0 if code < 0x1_0000 => written += &format!("\\u{code:04x}"),
            1 if code < 0x1_0000 => written += &format!("\\u{code:04X}"),
            2 if character == '/' => written += "\\/",
            _ if matches!(character, '"' | '\\') => written += &format!("\\{character}"),
            _ if code < 0x20 => written += &format!("\\u{code:04x}"),
            _ => written.push(character),
        }
    }
    written + "\""
}

/// Returns a value for a member that no reader knows.
fn unknown(random: &mut Rng, depth: u32) -> String {
    match random.u32(..if depth == 0 { 7 } else { 10 }) {
        0 => "null".to_owned(),
        1 => random.bool().to_string(),
        2 => format!(
            "-{}.{}e+{}",
            1 + random.u64(..9),
            digits(random),
            random.u32(..999)
        ),
        3 => format!("1{}", digits(random).repeat(30)),
        4 => "-0".to_owned(),
        5 => text(random, "Größe \u{1F3D7} \"\\/\u{7}\u{2028} 図面"),
        6 => "\"\\ud83c\\udfd7\"".to_owned(),
        7 => format!(
            "[{},{}]",
            unknown(random, depth - 1),
            unknown(random, depth - 1)
        ),
        8 => "{}".to_owned(),
        _ => {
            let members = vec![
                ("x".to_owned(), unknown(random, depth - 1)),
                (String::new(), unknown(random, depth - 1)),
            ];
            object(random, members)
        }
    }
}

/// Returns an object with its members in any order, and some unknown ones among them.
fn object(random: &mut Rng, mut members: Vec<(String, String)>) -> String {
    for _ in 0..random.usize(..3) {
        let name = format!("later{}", digits(random));
        members.push((name, unknown(random, 0)));
    }
    random.shuffle(&mut members);
    let members: Vec<String> = members
        .iter()
        .map(|(name, value)| {
            let name = text(random, name);
            [
                gap(random),
                name,
                gap(random),
                ":".to_owned(),
                gap(random),
                value.clone(),
                gap(random),
            ]
            .concat()
        })
        .collect();
    format!("{{{}{}}}", gap(random), members.join(","))
}

fn array(random: &mut Rng, items: &[String]) -> String {
    let items: Vec<String> = items
        .iter()
        .map(|item| [&gap(random), item.as_str(), &gap(random)].concat())
        .collect();
    format!("[{}{}]", gap(random), items.join(","))
}

/// Returns members with text. A text of digits may become a number.
fn members(random: &mut Rng, texts: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut member = |(name, value): &(&str, &str)| {
        let digits = value.bytes().all(|byte| byte.is_ascii_digit());
        let value = match random.u32(..8) {
            0 if digits => (*value).to_owned(),
            _ => text(random, value),
        };
        ((*name).to_owned(), value)
    };
    texts.iter().map(&mut member).collect()
}

/// Returns an instant in one of the forms that Intuit was seen to send.
fn time(random: &mut Rng, second: i64) -> String {
    let at = jiff::Timestamp::from_second(second).unwrap();
    let west = at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(-7)));
    match random.u32(..4) {
        0 => at.to_string(),
        1 => west.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        2 => west.strftime("%Y-%m-%dT%H:%M:%S%z").to_string(),
        _ => at.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string(),
    }
}

fn classic(random: &mut Rng, companies: &[Vec<Event>]) -> String {
    let mut notifications = Vec::new();
    for company in companies {
        let mut entities = Vec::new();
        for event in company {
            let (at, operation) = (time(random, event.second), OPERATIONS[event.operation].0);
            let known = [
                ("name", event.kind),
                ("id", &event.id),
                ("operation", operation),
                ("lastUpdated", &at),
            ];
            let known = members(random, &known);
            entities.push(object(random, known));
        }
        let entities = array(random, &entities);
        let change = object(random, vec![("entities".to_owned(), entities)]);
        let mut notification = members(random, &[("realmId", &company[0].realm_id)]);
        notification.push(("dataChangeEvent".to_owned(), change));
        notifications.push(object(random, notification));
    }
    let notifications = array(random, &notifications);
    object(
        random,
        vec![("eventNotifications".to_owned(), notifications)],
    )
}

fn cloud(random: &mut Rng, companies: &[Vec<Event>]) -> String {
    let mut events = Vec::new();
    for event in companies.iter().flatten() {
        let (at, operation) = (time(random, event.second), OPERATIONS[event.operation].1);
        let kind = format!("qbo.{}.{operation}.v1", event.kind.to_lowercase());
        let known = [
            ("specversion", "1.0"),
            ("type", &kind),
            ("time", &at),
            ("id", "e-\u{e9}"),
            ("intuitentityid", &event.id),
            ("intuitaccountid", &event.realm_id),
        ];
        let mut known = members(random, &known);
        known.push(("data".to_owned(), unknown(random, 3)));
        events.push(object(random, known));
    }
    array(random, &events)
}

fn generate(seed: u64) -> (Vec<Event>, String) {
    let random = &mut Rng::with_seed(seed);
    let mut companies = Vec::new();
    for _ in 0..random.usize(1..3) {
        let realm_id = format!("9{}", digits(random));
        companies.push(
            (0..random.usize(1..4))
                .map(|_| event(random, &realm_id))
                .collect(),
        );
    }
    let body = if random.bool() {
        classic(random, &companies)
    } else {
        cloud(random, &companies)
    };
    let body = [gap(random), body, gap(random)].concat();
    (companies.into_iter().flatten().collect(), body)
}

fn read_events(body: &[u8], seed: u64) -> Vec<Event> {
    let read = read(body).unwrap();
    assert_eq!(read.unreadable, [], "seed {seed}");
    let operations = [
        Operation::Created,
        Operation::Updated,
        Operation::Deleted,
        Operation::Voided,
        Operation::Emailed,
        Operation::Other,
    ];
    let known = |kind: &str| {
        Kind::from_name(kind).map_or(EntityKind::Other(kind.to_lowercase()), EntityKind::Known)
    };
    let events = read.changes.into_iter().map(|notice| Event {
        kind: KINDS
            .into_iter()
            .find(|kind| known(kind) == notice.entity)
            .unwrap(),
        operation: operations
            .iter()
            .position(|operation| *operation == notice.operation)
            .unwrap(),
        second: notice.changed_at.as_second(),
        realm_id: notice.realm_id,
        id: notice.id,
    });
    events.collect()
}

#[test]
fn generated_delivery_is_verified_and_read() {
    let tokens = VerifierTokens::parse(TOKEN).unwrap();
    for seed in 0..BODIES {
        let (events, body) = generate(seed);
        let signature = sign(TOKEN.as_bytes(), body.as_bytes());
        assert_eq!(
            verify(&tokens, &signature, body.as_bytes()),
            Ok(()),
            "seed {seed}"
        );
        assert_eq!(
            read_events(body.as_bytes(), seed),
            events,
            "seed {seed}: {body}"
        );
    }
}

#[test]
fn changed_byte_fails_verification() {
    let tokens = VerifierTokens::parse(TOKEN).unwrap();
    for seed in 0..BODIES {
        let (_, body) = generate(seed);
        let signature = sign(TOKEN.as_bytes(), body.as_bytes());
        let random = &mut Rng::with_seed(seed);
        let mut altered = body.into_bytes();
        let at = random.usize(..altered.len());
        altered[at] ^= random.u8(1..);
        assert_eq!(
            verify(&tokens, &signature, &altered),
            Err(SignatureError::Mismatch),
            "seed {seed}"
        );
        // The reader must not panic on a body whose signature was not checked.
        let _ = read(&altered);
    }
}
