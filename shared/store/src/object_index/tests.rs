use super::*;
use crate::object_index::page::PAGE_ENTRIES;
use billing::{DocumentRef, Id};

fn document(kind: billing::DocumentKind, id: &str) -> Subject {
    let id = id.parse().unwrap();
    Subject::Document(DocumentRef { kind, id })
}

fn entry((kind, id): (Kind, &str), subject: Subject, (version, at): (&str, i64)) -> IndexEntry {
    IndexEntry {
        kind,
        id: id.into(),
        subject,
        version: version.into(),
        at,
    }
}

fn invoice(number: usize, version: (&str, i64)) -> IndexEntry {
    let about = document(billing::DocumentKind::PayApp, &format!("pa_{number}"));
    entry((Kind::Invoice, &number.to_string()), about, version)
}

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

/// Moves all full chunks. Returns them and the tail.
fn take_all(index: &mut ObjectIndex) -> (Vec<MovedEntries>, Vec<IndexEntry>) {
    let moved = index.take_full_chunks(index.full_chunk_entries());
    (moved, index.tail.clone())
}

#[test]
fn index_entry_is_stored_as_one_line() {
    let entries = [
        (
            entry(
                (Kind::Invoice, "145"),
                document(billing::DocumentKind::PayApp, "pa_1057_1"),
                ("3", 1_772_000_000),
            ),
            "invoice 1772000000 pay_app/pa_1057_1 3 145",
        ),
        (
            entry(
                (Kind::Customer, "58"),
                Subject::Customer(id("cus_1")),
                ("-", -1),
            ),
            "customer -1 customer:cus_1 - 58",
        ),
        (
            entry(
                (Kind::Class, "5000000000000123456"),
                Subject::Project(id("project")),
                ("0", 0),
            ),
            "class 0 project:project 0 5000000000000123456",
        ),
        (
            entry(
                (Kind::JournalEntry, " an id: 100% /opaque  "),
                document(billing::DocumentKind::Project, "customer"),
                ("a b%20c", 7),
            ),
            "journalentry 7 project/customer a%20b%2520c  an id: 100% /opaque  ",
        ),
        (
            entry(
                (Kind::Payment, ""),
                document(billing::DocumentKind::Payment, "p"),
                ("", 7),
            ),
            "payment 7 payment/p  ",
        ),
    ];
    for (entry, line) in entries {
        let stored = serde_json::to_value(&entry).unwrap();
        assert_eq!(stored, line);
        assert_eq!(json::read::<IndexEntry>(&stored).unwrap(), entry);
        assert!(line.len() + 3 <= entry.weight(), "{line}");
    }
    for wrong in [
        "",
        "invoice 1772000000 pay_app/pa_1057_1 3",
        "receipt 1772000000 pay_app/pa_1057_1 3 145",
        "invoice soon pay_app/pa_1057_1 3 145",
        "invoice 1772000000 pa_1057_1 3 145",
        "invoice 1772000000 vendor:pa_1057_1 3 145",
    ] {
        assert!(json::read::<IndexEntry>(&wrong.into()).is_err(), "{wrong}");
    }
}

#[test]
fn index_entry_size_never_exceeds_weight() {
    let long = "x".repeat(64);
    let longest = entry(
        (Kind::JournalEntry, &long),
        document(billing::DocumentKind::RetainageRelease, &long),
        ("1234567", 17_720_000_000),
    );
    let line = serde_json::to_string(&longest).unwrap();
    assert!(line.len() < longest.weight(), "{line}");
}

#[test]
fn newer_index_entry_replaces_same_subject() {
    let mut index = ObjectIndex::default();
    index.add(invoice(1, ("0", 10)));
    index.add(invoice(2, ("0", 10)));
    let other = entry((Kind::Invoice, "1"), Subject::Customer(id("c")), ("0", 10));
    index.add(other.clone());
    index.add(invoice(1, ("1", 20)));
    let expected = [invoice(1, ("1", 20)), invoice(2, ("0", 10)), other];
    assert_eq!(index.tail(), expected);
    index.add(invoice(1, ("0", 10)));
    assert_eq!(index.tail(), expected, "it was known to be older");
}

#[test]
fn equal_times_order_by_version_deletion_last() {
    for (older, newer) in [("9", "10"), ("9", "-"), ("a", "b")] {
        let (older, newer) = (invoice(1, (older, 5)), invoice(1, (newer, 5)));
        assert!(newer.supersedes(&older));
    }
    assert!(!invoice(1, ("9", 5)).supersedes(&invoice(1, ("10", 5))));
    assert!(!invoice(1, ("-", 5)).supersedes(&invoice(1, ("0", 6))));
}

#[test]
fn retainage_release_journal_entry_is_payable() {
    let release = document(billing::DocumentKind::RetainageRelease, "r");
    let of = |kind, about| entry((kind, "1"), about, ("0", 1)).is_payable();
    assert!(of(Kind::JournalEntry, release.clone()));
    assert!(!of(Kind::Invoice, release));
    assert!(!of(
        Kind::JournalEntry,
        document(billing::DocumentKind::PayApp, "r")
    ));
}

#[test]
fn untouched_object_index_is_new() {
    let mut index = ObjectIndex::default();
    assert!(index.is_new());
    assert_eq!(serde_json::to_string(&index).unwrap(), "{}");
    index.set_payable();
    assert!(!index.is_new());
}

#[test]
fn index_chunks_fill_pages_in_order() {
    let mut index = ObjectIndex::default();
    let mut names = Vec::new();
    for number in 0..PAGE_ENTRIES + CHUNK {
        index.add(invoice(number, ("0", 1)));
        let (moved, _) = take_all(&mut index);
        names.extend(moved.into_iter().map(|moved| (moved.name, moved.base)));
    }
    let steps = ["0-96", "0-192", "0-288", "0-384", "0-480"];
    let bases = [None].into_iter().chain(steps.map(Some));
    let expected = steps.into_iter().zip(bases).chain([("1-96", None)]);
    let expected = expected.map(|(name, base)| (name.to_owned(), base.map(str::to_owned)));
    assert!(names.into_iter().eq(expected));
    assert_eq!(index.parts(), 3);
    let stored = serde_json::to_value(&index).unwrap();
    assert_eq!(stored["pages"][1], "96 5568 invoice:480-575");
    assert_eq!(json::read::<ObjectIndex>(&stored).unwrap(), index);
}

/// A page of one name has one content, whether its chunks moved at once or one by one.
#[test]
fn index_page_name_determines_its_content() {
    let mut pieces = ObjectIndex::default();
    let mut whole = ObjectIndex::default();
    let mut grown: Vec<IndexEntry> = Vec::new();
    for number in 0..3 * CHUNK + 7 {
        // Some entries have the subject of an earlier entry, moved or not.
        let number = if number % 5 == 4 { number / 2 } else { number };
        let new = invoice(number, ("0", i64::try_from(grown.len()).unwrap()));
        pieces.add(new.clone());
        whole.add(new);
        for moved in take_all(&mut pieces).0 {
            assert_eq!(moved.base.is_none(), grown.is_empty());
            grown.extend(moved.entries);
        }
    }
    let (moved, rest) = take_all(&mut whole);
    let [moved] = &moved[..] else {
        panic!("{} pages", moved.len());
    };
    assert_eq!((&moved.base, moved.entries.len()), (&None, grown.len()));
    assert_eq!(whole.pages, pieces.pages);
    // A newer version of an entry in a full chunk is added after it, moved or not.
    assert_eq!(moved.entries, grown);
    assert_eq!(rest, pieces.tail);
}

#[test]
fn full_index_chunk_is_immutable() {
    let mut index = ObjectIndex::default();
    for number in 0..CHUNK - 1 {
        index.add(invoice(number, ("0", 1)));
    }
    index.add(invoice(3, ("1", 2)));
    assert_eq!(
        (index.tail.len(), index.full_chunk_entries()),
        (CHUNK - 1, 0)
    );
    index.add(invoice(CHUNK, ("0", 1)));
    assert_eq!(index.full_chunk_entries(), CHUNK);
    let before = index.tail.clone();
    index.add(invoice(3, ("2", 3)));
    index.add(invoice(3, ("2", 3)));
    assert_eq!(index.tail[..CHUNK], before);
    assert_eq!(index.tail[CHUNK..], [invoice(3, ("2", 3))]);
    index.add(invoice(3, ("3", 4)));
    assert_eq!(index.tail[CHUNK..], [invoice(3, ("3", 4))]);
}

#[test]
fn long_ids_shorten_chunks_and_pages() {
    let mut index = ObjectIndex::default();
    let mut pages = Vec::<IndexPage>::new();
    for number in 0..2000 {
        let long = format!("{number:064}");
        let about = document(billing::DocumentKind::RetainageRelease, &long);
        index.add(entry(
            (Kind::JournalEntry, &long),
            about,
            ("1000", 1_772_000_000),
        ));
        let tail = serde_json::to_vec(&index.tail).unwrap().len();
        assert!(tail <= CHUNK_BYTES + 200, "{tail}");
        for moved in take_all(&mut index).0 {
            if moved.base.is_none() {
                pages.push(IndexPage::default());
            }
            pages.last_mut().unwrap().0.extend(moved.entries);
        }
    }
    assert_eq!(pages.len(), index.pages.len());
    let lengths = pages
        .iter()
        .map(|page| serde_json::to_vec(page).unwrap().len());
    let longest = lengths.max().unwrap();
    assert!((40 * 1024..=56 * 1024).contains(&longest), "{longest}");
}

#[test]
fn index_lookup_names_only_possible_pages() {
    let mut index = ObjectIndex::default();
    let mut fill = |kind, ids: std::ops::Range<u64>| {
        for number in ids {
            let about = document(billing::DocumentKind::PayApp, &format!("pa_{number}"));
            index.add(entry((kind, &number.to_string()), about, ("0", 1)));
        }
    };
    fill(Kind::Invoice, 1000..1480);
    fill(Kind::JournalEntry, 1480..1900);
    fill(Kind::Customer, 5..65);
    fill(Kind::Payment, 1900..2380);
    assert_eq!(take_all(&mut index).1, []);
    let about = |kind, id: &str| index.pages_about(&[(kind, id.to_owned())]);
    assert_eq!(about(Kind::Invoice, "1000"), ["0-480"]);
    assert_eq!(about(Kind::CreditMemo, "1700"), ["1-480"]);
    assert_eq!(about(Kind::Customer, "7"), ["1-480"]);
    assert_eq!(about(Kind::Payment, "2379"), ["2-480"]);
    for (kind, id) in [
        (Kind::Invoice, "7"),
        (Kind::Customer, "1700"),
        (Kind::Class, "7"),
        (Kind::Payment, "2380"),
        (Kind::Payment, "x"),
    ] {
        assert_eq!(about(kind, id), Vec::<String>::new(), "{kind:?} {id}");
    }
    assert_eq!(index.pages_about(&[]), Vec::<String>::new());
}

#[test]
fn page_with_nonnumeric_id_matches_every_lookup() {
    let mut index = ObjectIndex::default();
    for number in 0..CHUNK {
        let about = document(billing::DocumentKind::PayApp, &format!("pa_{number}"));
        let id = if number == 5 { "x-5" } else { "17" };
        index.add(entry((Kind::Invoice, id), about, ("0", 1)));
    }
    take_all(&mut index);
    for id in ["x-5", "17", "4", "y"] {
        let named = index.pages_about(&[(Kind::Payment, id.to_owned())]);
        assert_eq!(named, ["0-96"], "{id}");
    }
    let stored = serde_json::to_value(&index).unwrap();
    assert_eq!(json::read::<ObjectIndex>(&stored).unwrap(), index);
}
