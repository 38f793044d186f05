//! Lookups in the object index, and the size of its records.

use super::*;
use simulation::seeds::stride;

#[test]
fn longest_ids_keep_all_records_small() {
    let memory = MemoryStore::new(BackEnd::DynamoDb);
    let store = store(&memory, PAGE_CAPACITY, 1);
    let entries = full_queue(&store, 300).into_iter().enumerate();
    let objects = |number: usize| {
        (0..6).map(move |object| IndexEntry {
            id: format!("{:064}", 6 * number + object),
            subject: Subject::Project(format!("{number:064}").parse().unwrap()),
            ..entry(Kind::JournalEntry, number, 0)
        })
    };
    let done: Vec<_> = entries
        .map(|(number, entry)| WorkResult {
            objects: objects(number).collect(),
            ..result_for(&entry, None, at(1))
        })
        .collect();
    complete(&store, &done);
    assert!(largest(&memory) < 60 * 1024, "{}", largest(&memory));
    let queue = memory.read(QUEUE).unwrap().len();
    assert!(queue < 32 * 1024, "{queue}");
    assert_eq!(swept(&store).len(), 6 * 300);
}

#[test]
fn index_lookup_reads_only_possible_pages() {
    let memory = MemoryStore::new(BackEnd::DynamoDb);
    let store = store(&memory, PAGE_CAPACITY, 1);
    for number in (0..1000).step_by(16) {
        let some = (number..number + 16).map(|number| posted(number, both(number, 0)));
        complete(&store, &some.collect::<Vec<_>>());
    }
    let queue = block_on(store.queue(&firm())).unwrap();
    let ask = |objects: &[(Kind, String)]| {
        let reads = memory.reads();
        let found = block_on(store.entries_of(&firm(), &queue.object_index, objects)).unwrap();
        (found.len(), memory.reads() - reads)
    };
    let of = |number: usize| object(&entry(Kind::Invoice, number, 0));
    assert_eq!(ask(&[]), (0, 0));
    assert_eq!(
        ask(&[(Kind::Invoice, "7".into()), (Kind::Payment, "99999".into())]),
        (0, 0)
    );
    assert_eq!(ask(&[(Kind::Customer, "1500".into())]), (0, 0));
    assert_eq!(ask(&[of(1)]), (1, 1));
    assert_eq!(
        ask(&[of(1), of(2), of(3), (Kind::Payment, "1100".into())]),
        (3, 1)
    );
    assert_eq!(
        ask(&[of(1), of(999)]),
        (2, 1),
        "the newest entries are in the queue record"
    );
    let all: Vec<_> = (0..1000).map(of).collect();
    assert_eq!(ask(&all), (1000, queue.object_index.parts() - 1));
}

/// Entries are added in random order. The newest entry of each object is found.
#[test]
fn newest_index_entry_wins_across_pages() {
    for seed in (0..20).step_by(stride()) {
        let mut chance = Rng::with_seed(seed);
        let memory = MemoryStore::new(BackEnd::ALL[chance.usize(..4)]);
        let store = store(&memory, PAGE_CAPACITY, 1);
        let mut newest = vec![None; 400];
        for _ in 0..40 {
            let some: Vec<_> = (0..chance.usize(1..40))
                .map(|_| {
                    let (number, version) = (chance.usize(..400), chance.u32(..50));
                    newest[number] = newest[number].max(Some(version));
                    posted(number, both(number, version))
                })
                .collect();
            complete(&store, &some);
        }
        let expected: Vec<_> = newest
            .iter()
            .enumerate()
            .filter_map(|(number, version)| Some(both(number, (*version)?)))
            .flatten()
            .collect();
        assert_eq!(known(&store, 0..400), expected, "seed {seed}");
        let swept = swept(&store);
        assert!(
            expected.iter().all(|entry| swept.contains(entry)),
            "seed {seed}"
        );
        assert_all_named(&memory, &format!("seed {seed}"));
    }
}

#[test]
fn one_object_is_indexed_per_subject() {
    let memory = MemoryStore::new(BackEnd::Sqlite);
    let store = store(&memory, PAGE_CAPACITY, 1);
    let customer = |id: &str| IndexEntry {
        kind: Kind::Customer,
        id: "58".into(),
        subject: Subject::Customer(id.parse().unwrap()),
        ..entry(Kind::Customer, 0, 0)
    };
    let objects = vec![customer("cus_1"), customer("cus_2"), customer("cus_1")];
    complete(&store, &[posted(0, objects)]);
    let queue = block_on(store.queue(&firm())).unwrap();
    assert!(!queue.object_index.payable_entries);
    let asked = [(Kind::Customer, "58".to_owned())];
    let found = block_on(store.entries_of(&firm(), &queue.object_index, &asked)).unwrap();
    assert_eq!(found, [customer("cus_1"), customer("cus_2")]);
}

#[test]
fn payable_entry_sets_object_index_flag() {
    let memory = MemoryStore::new(BackEnd::Sqlite);
    let store = store(&memory, PAGE_CAPACITY, 1);
    let mut release = document(0);
    release.kind = billing::DocumentKind::RetainageRelease;
    let payable = IndexEntry {
        subject: Subject::Document(release),
        ..entry(Kind::JournalEntry, 0, 0)
    };
    complete(&store, &[posted(0, both(0, 0))]);
    assert!(
        !block_on(store.queue(&firm()))
            .unwrap()
            .object_index
            .payable_entries
    );
    complete(&store, &[posted(0, vec![payable])]);
    assert!(
        block_on(store.queue(&firm()))
            .unwrap()
            .object_index
            .payable_entries
    );
}
