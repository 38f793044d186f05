//! The register of a desk: what is added in one swap with what was done is found by object, whoever else is there and whoever dies.

use crate::given::{Records, at, document, finished, firm, paused, store};
use crate::races::{Remotely, stage};
use bridge::Store;
use bridge::desk::{Mark, SHELF, Waiting};
use bridge::register::{About, CHUNK, Entry};
use bridge::store::{Finished, Seat};
use fastrand::Rng;
use futures::executor::block_on;
use futures::future::join;
use jiff::SignedDuration;
use quickbooks::Kind;
use simulation::deployment::Deployment;
use simulation::memory::{BackEnd, Memory};
use simulation::world::Place;
use std::cell::RefCell;
use std::rc::Rc;

const DESK: &str = "rivet-books/desk/firm_harbor";
const PAGES: &str = "rivet-books/register/firm_harbor/";

/// What is known of one of the two objects of a document, as its latest version.
fn entry(kind: Kind, number: usize, version: u32) -> Entry {
    let id = match kind {
        Kind::Invoice => 1000 + 2 * number,
        _ => 1001 + 2 * number,
    };
    Entry {
        kind,
        id: id.to_string(),
        about: About::Document(document(number)),
        version: version.to_string(),
        at: 1_780_000_000 + i64::from(version),
    }
}

fn both(number: usize, version: u32) -> Vec<Entry> {
    [Kind::Invoice, Kind::JournalEntry]
        .map(|kind| entry(kind, number, version))
        .to_vec()
}

/// A document is posted, whether it waits there or not.
fn posted(number: usize, objects: Vec<Entry>) -> Finished {
    let waiting = crate::given::waiting(number, 1, Mark::PENDING);
    Finished {
        objects,
        ..finished(&waiting, None, at(1))
    }
}

fn leave(store: &Store<Records>, done: &[Finished]) {
    block_on(store.leave(&firm(), done, ("w", None, at(1)))).unwrap();
}

fn object(entry: &Entry) -> (Kind, String) {
    (entry.kind, entry.id.clone())
}

/// All that the register says of these documents' objects.
fn known(store: &Store<Records>, numbers: impl Iterator<Item = usize>) -> Vec<Entry> {
    let asked: Vec<_> = numbers
        .flat_map(|n| both(n, 0))
        .map(|e| object(&e))
        .collect();
    let desk = block_on(store.desk(&firm())).unwrap();
    let mut found = block_on(store.entries_of(&firm(), &desk.register, &asked)).unwrap();
    found.sort_by_key(|entry| entry.id.parse::<u64>().unwrap());
    found
}

/// All of it, part by part, as a sweep sees it.
fn swept(store: &Store<Records>) -> Vec<Entry> {
    let desk = block_on(store.desk(&firm())).unwrap();
    let part = |page| block_on(store.entries_on_page(&firm(), &desk.register, page)).unwrap();
    assert_eq!(part(desk.register.parts()), []);
    (0..desk.register.parts()).flat_map(part).collect()
}

/// The pages that are stored, and those that the desk's record names.
fn pages(memory: &Memory) -> (Vec<String>, Vec<String>) {
    let content = memory.content();
    let stored = content.keys().filter_map(|key| key.strip_prefix(PAGES));
    let desk: serde_json::Value = serde_json::from_slice(&content[DESK]).unwrap();
    let named = desk["r"]["register"]["pages"].as_array().cloned();
    let named = named.unwrap_or_default().into_iter().enumerate();
    let named = named.map(|(number, page)| {
        let entries = page.as_str().unwrap().split(' ').next().unwrap();
        format!("{number}-{entries}")
    });
    (stored.map(str::to_owned).collect(), named.collect())
}

fn largest(memory: &Memory) -> usize {
    memory.content().values().map(Vec::len).max().unwrap()
}

/// So many documents that wait, and a worker that has the desk.
fn full_desk(store: &Store<Records>, documents: usize) -> Vec<Waiting> {
    for number in 0..documents {
        block_on(store.arrive(&firm(), &paused(number), ("rivet", at(0)))).unwrap();
    }
    match block_on(store.sit_down(&firm(), "w", at(0))).unwrap() {
        Seat::Ours(desk) => desk.waiting,
        Seat::Taken(_) => panic!("the seat is free"),
    }
}

#[test]
fn a_thousand_documents_left_at_once_cost_a_write_more_for_twenty_and_keep_all_records_small() {
    const DOCUMENTS: usize = 1000;
    let cost = |objects: fn(usize) -> Vec<Entry>| {
        let memory = Memory::new(BackEnd::DynamoDb);
        let store = store(&memory, SHELF, 1);
        let waiting = full_desk(&store, DOCUMENTS).into_iter().enumerate();
        let done: Vec<_> = waiting
            .map(|(number, waiting)| Finished {
                objects: objects(number),
                ..finished(&waiting, None, at(1))
            })
            .collect();
        let (reads, writes) = (memory.reads(), memory.writes());
        leave(&store, &done);
        let cost = (memory.reads() - reads, memory.writes() - writes);
        (cost, memory, store)
    };
    let ((reads_without, without), ..) = cost(|_| Vec::new());
    let ((reads, writes), memory, store) = cost(|number| both(number, 0));
    let (more, largest) = (writes - without, largest(&memory));
    println!(
        "{writes} writes instead of {without}, {reads} reads instead of {reads_without}; {largest} bytes at most"
    );
    assert!(more <= DOCUMENTS / 20, "{more}");
    assert!(largest < 32 * 1024, "{largest}");
    assert_eq!(known(&store, 0..DOCUMENTS).len(), 2 * DOCUMENTS);
    assert_eq!(swept(&store).len(), 2 * DOCUMENTS);
    let (stored, named) = pages(&memory);
    assert_eq!(stored, named);
}

/// One that posts alone, again and again.
#[test]
fn documents_that_come_one_by_one_cost_a_write_more_for_twenty() {
    const DOCUMENTS: usize = 960;
    let memory = Memory::new(BackEnd::DynamoDb);
    let store = store(&memory, SHELF, 1);
    leave(&store, &[]);
    let writes = memory.writes();
    for number in 0..DOCUMENTS {
        leave(&store, &[posted(number, both(number, 0))]);
        let (stored, named) = pages(&memory);
        assert_eq!(stored, named);
    }
    // Of each, the desk, and a page of activity for 32.
    let more = memory.writes() - writes - DOCUMENTS - DOCUMENTS / 32;
    assert!(more <= DOCUMENTS / 20, "{more}");
    assert!(largest(&memory) < 32 * 1024, "{}", largest(&memory));
    assert_eq!(swept(&store).len(), 2 * DOCUMENTS);
}

#[test]
fn with_the_longest_ids_and_many_objects_of_each_document_all_records_stay_small() {
    let memory = Memory::new(BackEnd::DynamoDb);
    let store = store(&memory, SHELF, 1);
    let waiting = full_desk(&store, 300).into_iter().enumerate();
    let objects = |number: usize| {
        (0..6).map(move |object| Entry {
            id: format!("{:064}", 6 * number + object),
            about: About::Project(format!("{number:064}").parse().unwrap()),
            ..entry(Kind::JournalEntry, number, 0)
        })
    };
    let done: Vec<_> = waiting
        .map(|(number, waiting)| Finished {
            objects: objects(number).collect(),
            ..finished(&waiting, None, at(1))
        })
        .collect();
    leave(&store, &done);
    assert!(largest(&memory) < 60 * 1024, "{}", largest(&memory));
    let desk = memory.read(DESK).unwrap().len();
    assert!(desk < 32 * 1024, "{desk}");
    assert_eq!(swept(&store).len(), 6 * 300);
}

#[test]
fn a_look_up_reads_only_the_pages_that_may_say_something() {
    let memory = Memory::new(BackEnd::DynamoDb);
    let store = store(&memory, SHELF, 1);
    for number in (0..1000).step_by(16) {
        let some = (number..number + 16).map(|number| posted(number, both(number, 0)));
        leave(&store, &some.collect::<Vec<_>>());
    }
    let desk = block_on(store.desk(&firm())).unwrap();
    let ask = |objects: &[(Kind, String)]| {
        let reads = memory.reads();
        let found = block_on(store.entries_of(&firm(), &desk.register, objects)).unwrap();
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
        "the newest lie in the record"
    );
    let all: Vec<_> = (0..1000).map(of).collect();
    assert_eq!(ask(&all), (1000, desk.register.parts() - 1));
}

/// Whatever is added in whatever order, the newest about each is found.
#[test]
fn of_several_entries_about_the_same_the_newest_counts_wherever_they_lie() {
    for seed in 0..20 {
        let mut chance = Rng::with_seed(seed);
        let memory = Memory::new(BackEnd::ALL[chance.usize(..4)]);
        let store = store(&memory, SHELF, 1);
        let mut newest = vec![None; 400];
        for _ in 0..40 {
            let some: Vec<_> = (0..chance.usize(1..40))
                .map(|_| {
                    let (number, version) = (chance.usize(..400), chance.u32(..50));
                    newest[number] = newest[number].max(Some(version));
                    posted(number, both(number, version))
                })
                .collect();
            leave(&store, &some);
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
        let (stored, named) = pages(&memory);
        assert_eq!(stored, named, "seed {seed}");
    }
}

#[test]
fn the_same_object_concerns_each_thing_for_itself() {
    let memory = Memory::new(BackEnd::Sqlite);
    let store = store(&memory, SHELF, 1);
    let customer = |id: &str| Entry {
        kind: Kind::Customer,
        id: "58".into(),
        about: About::Customer(id.parse().unwrap()),
        ..entry(Kind::Customer, 0, 0)
    };
    let objects = vec![customer("cus_1"), customer("cus_2"), customer("cus_1")];
    leave(&store, &[posted(0, objects)]);
    let desk = block_on(store.desk(&firm())).unwrap();
    assert!(!desk.register.payable_entries);
    let asked = [(Kind::Customer, "58".to_owned())];
    let found = block_on(store.entries_of(&firm(), &desk.register, &asked)).unwrap();
    assert_eq!(found, [customer("cus_1"), customer("cus_2")]);
}

#[test]
fn that_an_entry_can_be_paid_is_noted_with_it() {
    let memory = Memory::new(BackEnd::Sqlite);
    let store = store(&memory, SHELF, 1);
    let mut release = document(0);
    release.kind = billing::Kind::RetainageRelease;
    let payable = Entry {
        about: About::Document(release),
        ..entry(Kind::JournalEntry, 0, 0)
    };
    leave(&store, &[posted(0, both(0, 0))]);
    assert!(
        !block_on(store.desk(&firm()))
            .unwrap()
            .register
            .payable_entries
    );
    leave(&store, &[posted(0, vec![payable])]);
    assert!(
        block_on(store.desk(&firm()))
            .unwrap()
            .register
            .payable_entries
    );
}

/// A desk with so many chunks in its record that the next change moves.
fn about_to_move(memory: &Memory, chunks: usize) -> Store<Records> {
    let store = store(memory, SHELF, 1);
    leave(&store, &[]);
    for number in 0..chunks * CHUNK / 2 {
        leave(&store, &[posted(number, both(number, 0))]);
    }
    store
}

/// The worker dies with the page written and the desk as it was.
#[test]
fn a_crash_between_the_page_and_the_swap_changes_nothing_and_the_next_one_writes_the_same() {
    for chunks in 1..=7 {
        let memory = Memory::new(BackEnd::DynamoDb);
        let store = about_to_move(&memory, chunks);
        let before = memory.content();
        let numbers = chunks * CHUNK / 2;
        leave(&store, &[posted(numbers, both(numbers, 0))]);
        let after = memory.content();
        // Only what was written before the swap came about.
        let mut crashed = before.clone();
        let new = after.iter().filter(|(key, _)| key.starts_with(PAGES));
        let new: Vec<_> = new.filter(|(key, _)| !before.contains_key(*key)).collect();
        assert_eq!(new.len(), 1);
        let (page, written) = (new[0].0.clone(), new[0].1.clone());
        crashed.insert(page.clone(), written.clone());
        let memory = Memory::holding(BackEnd::DynamoDb, crashed);
        let store = crate::given::store(&memory, SHELF, 2);
        assert_eq!(known(&store, 0..numbers).len(), 2 * numbers);
        assert_eq!(swept(&store).len(), 2 * numbers);
        // Another verb comes first, and moves.
        block_on(store.arrive(&firm(), &paused(5000), ("rivet", at(0)))).unwrap();
        let entries =
            |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap()["r"].clone();
        let again = memory.read(&page).unwrap();
        assert_eq!(entries(&again), entries(&written), "{chunks} chunks");
        assert_eq!(swept(&store).len(), 2 * numbers);
        let (stored, named) = pages(&memory);
        assert_eq!(stored, named);
    }
}

/// What a stalled worker writes when all others have long moved on takes nothing from them.
#[test]
fn a_page_that_is_written_much_too_late_takes_nothing_away() {
    let memory = Memory::new(BackEnd::DynamoDb);
    let store = about_to_move(&memory, 1);
    let mut late = Vec::new();
    let numbers = 8 * CHUNK / 2;
    for number in CHUNK / 2..numbers {
        leave(&store, &[posted(number, both(number, 0))]);
        let content = memory.content();
        late.extend(
            content
                .into_iter()
                .filter(|(key, _)| key.starts_with(PAGES)),
        );
    }
    for (key, value) in late {
        memory.put(&key, value);
        assert_eq!(swept(&store).len(), 2 * numbers, "{key}");
    }
    leave(&store, &[posted(numbers, both(numbers, 0))]);
    assert_eq!(known(&store, 0..=numbers).len(), 2 * numbers + 2);
}

/// Documents arrive while a worker leaves, both of whom move what is full: nothing is lost, and no page is left that nobody names.
#[test]
fn an_arrival_that_changes_the_desk_while_a_worker_leaves_loses_nothing() {
    for back_end in BackEnd::ALL {
        for chunks in 1..=6 {
            let memory = Memory::new(back_end);
            let one = about_to_move(&memory, chunks);
            let two = store(&memory, SHELF, 2);
            let (firm, numbers) = (firm(), chunks * CHUNK / 2);
            let done: Vec<_> = (numbers..numbers + 150)
                .map(|number| posted(number, both(number, 0)))
                .collect();
            let arrivals = async {
                for number in 5000..5020 {
                    two.arrive(&firm, &paused(number), ("rivet", at(0)))
                        .await
                        .unwrap();
                }
            };
            let leaving = one.leave(&firm, &done, ("w", None, at(1)));
            let (left, ()) = block_on(join(leaving, arrivals));
            left.unwrap();
            let numbers = numbers + 150;
            assert_eq!(known(&two, 0..numbers).len(), 2 * numbers, "{back_end:?}");
            assert_eq!(swept(&two).len(), 2 * numbers, "{back_end:?}");
            let desk = block_on(one.desk(&firm)).unwrap();
            assert_eq!(desk.counts().held, 20);
            let (stored, named) = pages(&memory);
            assert_eq!(stored, named, "{back_end:?}, {chunks} chunks");
        }
    }
}

/// Two workers that both believe to have the desk.
#[test]
fn two_that_leave_at_the_same_time_both_have_their_entries_there() {
    for back_end in BackEnd::ALL {
        let memory = Memory::new(back_end);
        let one = about_to_move(&memory, 1);
        let two = store(&memory, SHELF, 2);
        let firm = firm();
        let from = |first: usize| -> Vec<_> {
            let numbers = first..first + 300;
            numbers
                .map(|number| posted(number, both(number, 0)))
                .collect()
        };
        let (ones, twos) = (from(1000), from(2000));
        let both = join(
            one.leave(&firm, &ones, ("a", None, at(1))),
            two.leave(&firm, &twos, ("b", None, at(1))),
        );
        let (first, second) = block_on(both);
        assert!(first.is_ok() && second.is_ok());
        let numbers = (0..CHUNK / 2).chain(1000..1300).chain(2000..2300);
        assert_eq!(known(&one, numbers).len(), CHUNK + 1200, "{back_end:?}");
        assert_eq!(swept(&one).len(), CHUNK + 1200, "{back_end:?}");
        let (stored, named) = pages(&memory);
        assert_eq!(stored, named, "{back_end:?}");
    }
}

/// Whoever holds a register of a while ago gets what is known now, and what they have added themselves.
#[test]
fn a_register_of_a_while_ago_leads_to_what_is_known_now() {
    let memory = Memory::new(BackEnd::DynamoDb);
    let store = about_to_move(&memory, 2);
    let mut old = block_on(store.desk(&firm())).unwrap().register;
    let own = entry(Kind::Invoice, 9000, 0);
    old.add(own.clone());
    for number in 0..3 * CHUNK {
        leave(&store, &[posted(number, both(number, 1))]);
    }
    let asked = [entry(Kind::Invoice, 3, 0), own.clone()].map(|entry| object(&entry));
    let found = block_on(store.entries_of(&firm(), &old, &asked)).unwrap();
    assert_eq!(found, [entry(Kind::Invoice, 3, 1), own]);
    for part in 0..old.parts() {
        let found = block_on(store.entries_on_page(&firm(), &old, part)).unwrap();
        assert!(!found.is_empty());
    }
}

/// The documents that each worker of a story finishes.
const EACH: usize = 30;

/// A worker leaves with what it learnt of its documents, in this version, until it is told that it has left.
async fn learn(at: Deployment, worker: usize, version: u32) {
    for try_ in 0.. {
        let told = Rc::new(RefCell::new(false));
        let (tell, stage) = (Rc::clone(&told), at.clone());
        let place = Place::Instance((worker + try_ % 2) as u8);
        let task = at.world.spawn(place, "worker", async move {
            let store: Remotely = stage.books().store;
            let numbers = worker * EACH..(worker + 1) * EACH;
            let done: Vec<_> = numbers
                .map(|number| posted(number, both(number, version)))
                .collect();
            let leaving = ("w", None, stage.world.now());
            *tell.borrow_mut() = store.leave(&firm(), &done, leaving).await.is_ok();
        });
        at.world.join(task).await;
        if *told.borrow() {
            return;
        }
        at.world.sleep(SignedDuration::from_secs(1)).await;
    }
}

async fn story(stage: Deployment) {
    const WORKERS: usize = 3;
    let world = stage.world.clone();
    let workers: Vec<_> = (0..WORKERS)
        .map(|worker| {
            let stage = stage.clone();
            world.spawn(Place::Outside, "firm", async move {
                for version in 0..8 {
                    learn(stage.clone(), worker, version).await;
                }
            })
        })
        .collect();
    for worker in workers {
        world.join(worker).await;
    }
    world.calm();
    world.idle().await;
    let store = stage.records();
    let register = store.desk(&firm()).await.unwrap().register;
    let expected: Vec<_> = (0..WORKERS * EACH).flat_map(|n| both(n, 7)).collect();
    let asked: Vec<_> = expected.iter().map(object).collect();
    let mut found = store.entries_of(&firm(), &register, &asked).await.unwrap();
    found.sort_by_key(|entry| entry.id.parse::<u64>().unwrap());
    assert_eq!(found, expected);
    let (stored, named) = pages(&stage.memory);
    assert!(!named.is_empty());
    assert!(named.iter().all(|name| stored.contains(name)), "{named:?}");
}

#[test]
fn whoever_adds_to_the_register_and_dies_over_it_loses_nothing_that_was_confirmed() {
    for seed in 0..200 {
        let stage = stage(seed);
        let world = stage.world.clone();
        if let Err(broken) = world.run(story(stage)) {
            panic!("seed {seed}: {}", broken.what);
        }
    }
}
