//! Mutations of inputs for readers of JSON, XML and base64.

use fastrand::Rng;
use serde_json::Value;
use std::ops::Range;

/// The texts that a mutation inserts.
const WORDS: [&[u8]; 40] = [
    b"null",
    b"true",
    b"0",
    b"-0",
    b"-1",
    b"1e400",
    b"1e-400",
    b"0.1",
    b"79228162514264337593543950335",
    b"-79228162514264337593543950336",
    b"9223372036854775808",
    b"18446744073709551616",
    b"1e28",
    b"4294967296",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b",",
    b":",
    b"{}",
    b"[]",
    b"\"\"",
    b"\\u0000",
    b"\\ud800",
    b"\\u0031",
    b"\xef\xbf\xbd",
    b"\xff",
    b"\xc3",
    "\u{1F3D7}".as_bytes(),
    b"9999-12-31T23:59:60-23:59",
    b"-0001-01-01T00:00:00Z",
    b"2026-02-29",
    b"<Fault",
    b"<Error code=\"",
    b">",
    b"\n",
    b".",
];

/// Returns a seed with random changes. About half of the results are still JSON if the seed was.
pub fn mutated(random: &mut Rng, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut input = random.choice(seeds).cloned().unwrap_or_default();
    if random.bool() {
        return with_other_values(random, &input).unwrap_or(input);
    }
    for _ in 0..random.usize(1..9) {
        change(random, &mut input, seeds);
    }
    input
}

/// Replaces one to three values of the JSON in `input` and keeps the text before the JSON.
fn with_other_values(random: &mut Rng, input: &[u8]) -> Option<Vec<u8>> {
    let start = input.iter().position(|byte| b"{[".contains(byte))?;
    let mut json: Value = serde_json::from_slice(&input[start..]).ok()?;
    for _ in 0..random.usize(1..4) {
        let donor = nth(&mut json.clone(), &mut random.usize(..64)).map(|value| value.take());
        let word = random.choice(WORDS).unwrap_or_default();
        let other = match (serde_json::from_slice(word), donor) {
            (_, Some(donor)) if random.bool() => donor,
            (Ok(word), _) => word,
            _ => Value::from(String::from_utf8_lossy(word)),
        };
        if let Some(value) = nth(&mut json, &mut random.usize(1..64)) {
            *value = other;
        }
    }
    Some([&input[..start], json.to_string().as_bytes()].concat())
}

/// Returns the value after `left` others in depth-first order; `value` itself is the first.
fn nth<'a>(value: &'a mut Value, left: &mut usize) -> Option<&'a mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, left)),
        Value::Object(members) => members.values_mut().find_map(|member| nth(member, left)),
        _ => None,
    }
}

/// Applies one random change to the bytes.
fn change(random: &mut Rng, input: &mut Vec<u8>, seeds: &[Vec<u8>]) {
    let at = random.usize(..=input.len());
    let length = random.usize(..=(input.len() - at).min(32));
    match random.u32(..9) {
        0 => drop(input.drain(at..at + length)),
        1 => input.truncate(at),
        2 | 3 => {
            let word = random.choice(WORDS).unwrap_or_default();
            input.splice(at..at, word.iter().copied());
        }
        4 => {
            let word = random.choice(WORDS).unwrap_or_default();
            input.splice(at..at + length, word.iter().copied());
        }
        5 => {
            let copy = input[at..at + length].repeat(random.usize(1..4));
            input.splice(at..at, copy);
        }
        6 => {
            let other = random.choice(seeds).cloned().unwrap_or_default();
            let from = random.usize(..=other.len());
            let to = random.usize(from..=other.len());
            input.splice(at..at + length, other[from..to].iter().copied());
        }
        7 => replace_token(random, input, seeds),
        _ => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << random.u32(..8);
            }
        }
    }
}

/// Replaces a whole token by a word, so that the result is often still JSON.
fn replace_token(random: &mut Rng, input: &mut Vec<u8>, seeds: &[Vec<u8>]) {
    let Some(replaced) = random.choice(tokens(input)) else {
        return;
    };
    let other = random.choice(seeds).cloned().unwrap_or_default();
    let word = match random.choice(tokens(&other)) {
        Some(token) if random.bool() => &other[token],
        _ => random.choice(WORDS).unwrap_or_default(),
    };
    input.splice(replaced, word.iter().copied());
}

/// Returns the ranges of the tokens: runs of letters, digits and the signs of strings, numbers and dates.
fn tokens(text: &[u8]) -> Vec<Range<usize>> {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"\"-+.:_ /".contains(byte);
    let mut tokens = Vec::new();
    let mut from = 0;
    for (at, byte) in text.iter().enumerate() {
        if !is_plain(byte) {
            tokens.push(from..at);
            from = at + 1;
        }
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}
