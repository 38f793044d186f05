//! Bodies that say plain things in odd ways, and the same with one byte changed. A failure names the seed that repeats it.

use super::signatures::signed;
use crate::entity::Kind;
use crate::webhook::{Entity, Operation, SignatureError, VerifierTokens, read, verify};
use fastrand::Rng;

const TOKEN: &str = "5f1d4b9a-40b7-4c1c-9b5e-1d1f0d6c8e11";
const BODIES: u64 = 10_000;

/// What a generated body says of one event: company, kind, id, operation (as both formats spell it) and second.
#[derive(Debug, PartialEq)]
struct Said {
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
const OPERATIONS: [(&str, &str); 6] = [
    ("Create", "created"),
    ("Update", "updated"),
    ("Delete", "deleted"),
    ("Void", "voided"),
    ("Emailed", "emailed"),
    ("Approve", "approved"),
];

fn said(random: &mut Rng, realm_id: &str) -> Said {
    Said {
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

/// White space where JSON allows it.
fn gap(random: &mut Rng) -> String {
    let length = random.usize(..3) * random.usize(..2);
    let blanks = std::iter::repeat_with(|| [' ', '\t', '\n', '\r'][random.usize(..4)]);
    blanks.take(length).collect()
}

/// Text with some of its characters escaped, in either of JSON's ways.
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

/// A value that nobody here knows.
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

/// Members in any order, among them some that nobody knows.
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

/// Members with text; one that is only digits may as well be a number.
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

/// A point in time in one of the forms that were seen.
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

fn classic(random: &mut Rng, companies: &[Vec<Said>]) -> String {
    let mut notifications = Vec::new();
    for company in companies {
        let mut entities = Vec::new();
        for said in company {
            let (at, operation) = (time(random, said.second), OPERATIONS[said.operation].0);
            let known = [
                ("name", said.kind),
                ("id", &said.id),
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

fn cloud(random: &mut Rng, companies: &[Vec<Said>]) -> String {
    let mut events = Vec::new();
    for said in companies.iter().flatten() {
        let (at, operation) = (time(random, said.second), OPERATIONS[said.operation].1);
        let kind = format!("qbo.{}.{operation}.v1", said.kind.to_lowercase());
        let known = [
            ("specversion", "1.0"),
            ("type", &kind),
            ("time", &at),
            ("id", "e-\u{e9}"),
            ("intuitentityid", &said.id),
            ("intuitaccountid", &said.realm_id),
        ];
        let mut known = members(random, &known);
        known.push(("data".to_owned(), unknown(random, 3)));
        events.push(object(random, known));
    }
    array(random, &events)
}

fn generated(seed: u64) -> (Vec<Said>, String) {
    let random = &mut Rng::with_seed(seed);
    let mut companies = Vec::new();
    for _ in 0..random.usize(1..3) {
        let realm_id = format!("9{}", digits(random));
        companies.push(
            (0..random.usize(1..4))
                .map(|_| said(random, &realm_id))
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

fn heard(body: &[u8], seed: u64) -> Vec<Said> {
    let read = read(body).unwrap();
    assert_eq!(read.poison, [], "seed {seed}");
    let operations = [
        Operation::Created,
        Operation::Updated,
        Operation::Deleted,
        Operation::Voided,
        Operation::Emailed,
        Operation::Other,
    ];
    let known =
        |kind: &str| Kind::named(kind).map_or(Entity::Other(kind.to_lowercase()), Entity::Known);
    let said = read.notices.into_iter().map(|notice| Said {
        kind: KINDS
            .into_iter()
            .find(|kind| known(kind) == notice.entity)
            .unwrap(),
        operation: operations
            .iter()
            .position(|operation| *operation == notice.operation)
            .unwrap(),
        second: notice.at.as_second(),
        realm_id: notice.realm_id,
        id: notice.id,
    });
    said.collect()
}

#[test]
fn odd_json_is_believed_and_understood() {
    let tokens = VerifierTokens::parse(TOKEN).unwrap();
    for seed in 0..BODIES {
        let (said, body) = generated(seed);
        let signature = signed(TOKEN.as_bytes(), body.as_bytes());
        assert_eq!(
            verify(&tokens, &signature, body.as_bytes()),
            Ok(()),
            "seed {seed}"
        );
        assert_eq!(heard(body.as_bytes(), seed), said, "seed {seed}: {body}");
    }
}

#[test]
fn one_changed_byte_anywhere_is_refused() {
    let tokens = VerifierTokens::parse(TOKEN).unwrap();
    for seed in 0..BODIES {
        let (_, body) = generated(seed);
        let signature = signed(TOKEN.as_bytes(), body.as_bytes());
        let random = &mut Rng::with_seed(seed);
        let mut altered = body.into_bytes();
        let at = random.usize(..altered.len());
        altered[at] ^= random.u8(1..);
        assert_eq!(
            verify(&tokens, &signature, &altered),
            Err(SignatureError::Mismatch),
            "seed {seed}"
        );
        // Whoever skipped the signature would still not crash on it.
        let _ = read(&altered);
    }
}
