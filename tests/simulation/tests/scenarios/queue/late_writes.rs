//! A request stalls before it writes a page, and crashes after it. Meanwhile others replaced and removed that page. An erasure still finds
//! it, and a later writer removes it.

use crate::queue::given::{activity_entry, at, document, firm, paused_entry};
use futures::FutureExt as _;
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};
use platform::store::{KeyValue, KeyValueError, Keyring, SealedRecords, SwapResult};
use ports::entropy::Entropy;
use ports::records::StoreError;
use quickbooks::Kind;
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use simulation::memory_store::{BackEnd, MemoryStore};
use simulation::requests::claimant;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::future::{pending, poll_fn};
use std::ops::Range;
use std::rc::Rc;
use std::task::Poll;
use store::Store;
use store::books_copy::{KeptTransaction, LoadedCopy};
use store::object_index::{IndexEntry, Subject};
use store::queue::detection::Detection;
use store::reason::hold::HoldReason;
use store::subledger::facts::ListedPostings;
use store::subledger::{DocumentFigures, Party};

thread_local! {
    static SECOND: Cell<i64> = const { Cell::new(0) };
}

/// The time after which no request still writes.
const QUIET: i64 = 90;

/// The progress of the stalled request.
#[derive(Clone, Copy, PartialEq)]
enum Stall {
    None,
    Waiting,
    Written,
}

/// A store that stalls before its first write of a kind of page, until it is resumed. It never answers that write.
struct StallingStore {
    memory: MemoryStore,
    stalls_at: Option<&'static str>,
    is_resumed: Rc<Cell<bool>>,
    stall: Rc<Cell<Stall>>,
}

impl KeyValue for StallingStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KeyValueError> {
        self.memory.get(key).await
    }

    async fn set(&self, key: &str, value: &[u8]) -> Result<(), KeyValueError> {
        let mut kind = self.stalls_at.iter();
        if kind.any(|kind| key.starts_with(&format!("rivet-books:{kind}:"))) {
            self.stall.set(Stall::Waiting);
            poll_fn(|context| {
                context.waker().wake_by_ref();
                match self.is_resumed.get() {
                    true => Poll::Ready(()),
                    false => Poll::Pending,
                }
            })
            .await;
            self.memory.set(key, value).await?;
            self.stall.set(Stall::Written);
            pending::<()>().await;
        }
        self.memory.set(key, value).await
    }

    async fn delete(&self, key: &str) -> Result<(), KeyValueError> {
        self.memory.delete(key).await
    }

    async fn increment(&self, key: &str, by: i64) -> Result<i64, KeyValueError> {
        self.memory.increment(key, by).await
    }

    async fn swap(
        &self,
        key: &str,
        replace: impl FnOnce(Option<Vec<u8>>) -> Option<Vec<u8>>,
    ) -> Result<SwapResult, KeyValueError> {
        self.memory.swap(key, replace).await
    }

    async fn pause(&self, span: SignedDuration) {
        self.memory.pause(span).await;
    }
}

type StallStore = Store<SealedRecords<StallingStore>>;

/// The requests of one firm: one stalls, others do not.
struct Requests {
    memory: MemoryStore,
    is_resumed: Rc<Cell<bool>>,
    stall: Rc<Cell<Stall>>,
}

impl Requests {
    fn new(back_end: BackEnd) -> Self {
        SECOND.set(0);
        Self {
            memory: MemoryStore::new(back_end),
            is_resumed: Rc::default(),
            stall: Rc::new(Cell::new(Stall::None)),
        }
    }

    /// Returns the store of a request that does not stall.
    fn store(&self) -> StallStore {
        self.store_stalling_at(None)
    }

    fn store_stalling_at(&self, stalls_at: Option<&'static str>) -> StallStore {
        let stalling = StallingStore {
            memory: self.memory.clone(),
            stalls_at,
            is_resumed: Rc::clone(&self.is_resumed),
            stall: Rc::clone(&self.stall),
        };
        let keyring = Keyring::new(vec![("k1".into(), [5; 32])]);
        let entropy = Entropy::new([u8::from(stalls_at.is_some()); 32]);
        let records = SealedRecords::new(stalling, keyring, entropy, now);
        Store::new(records).with_page_capacity(2)
    }

    /// Lets `slow` stall before its first page, then `others` run. Afterwards `slow` writes the page and crashes.
    fn write_late(&self, slow: impl Future, others: impl FnOnce()) {
        let mut slow = Box::pin(slow);
        self.poll_until(&mut slow, Stall::Waiting);
        others();
        self.is_resumed.set(true);
        self.poll_until(&mut slow, Stall::Written);
        assert_eq!(self.unfound(), Vec::<String>::new());
    }

    fn poll_until(&self, slow: &mut (impl Future + Unpin), wanted: Stall) {
        for _ in 0..100 {
            assert!(slow.now_or_never().is_none(), "the request stalls");
            if self.stall.get() == wanted {
                return;
            }
        }
        panic!("no page is written");
    }

    fn pages(&self) -> BTreeSet<String> {
        let content = self.memory.content().into_keys();
        content.filter(|key| key.contains("-page:")).collect()
    }

    /// Returns the keys of the firm that an erasure does not find.
    fn unfound(&self) -> Vec<String> {
        let names = block_on(self.store().firm_record_names(&firm())).unwrap();
        let keys = names.into_iter();
        let keys = keys.map(|record| format!("rivet-books:{}:{}", record.kind, record.name));
        let known: BTreeSet<String> = keys.collect();
        let mut found: Vec<String> = self.memory.content().into_keys().collect();
        found.retain(|key| key.contains("firm_harbor") && !known.contains(key));
        found
    }
}

fn now() -> Timestamp {
    at(SECOND.get())
}

async fn release(store: &StallStore) -> Result<(), StoreError> {
    let is_paused = |hold: &HoldReason| *hold == HoldReason::Paused;
    store.release_holds(&firm(), is_paused).await.map(drop)
}

async fn request_all(store: &StallStore, by: &str) -> Result<(), StoreError> {
    let (firm, by) = (firm(), by.parse().unwrap());
    let requested = store.request_documents(&firm, None, &by, now());
    requested.await.map(drop)
}

fn queue_pages(store: &StallStore) -> usize {
    let queue = block_on(store.queue_record(&firm())).unwrap();
    queue.overflow.page_names().count()
}

#[test]
fn late_page_of_queue_is_found_and_removed() {
    for back_end in BackEnd::ALL {
        let requests = Requests::new(back_end);
        let slow = requests.store_stalling_at(Some("queue-page"));
        let store = requests.store();
        for number in 0..7 {
            let entry = paused_entry(number);
            block_on(store.enqueue(&firm(), &entry, claimant("rivet", now()))).unwrap();
        }
        requests.write_late(release(&slow), || {
            block_on(release(&store)).unwrap();
            for by in ["usr_1", "usr_2"] {
                SECOND.set(SECOND.get() + 40);
                block_on(request_all(&store, by)).unwrap();
            }
        });
        assert_eq!(requests.pages().len(), queue_pages(&store) + 1);
        SECOND.set(SECOND.get() + QUIET);
        block_on(request_all(&store, "usr_3")).unwrap();
        SECOND.set(SECOND.get() + QUIET);
        block_on(request_all(&store, "usr_4")).unwrap();
        assert_eq!(requests.pages().len(), queue_pages(&store));
        assert_eq!(block_on(store.queue(&firm())).unwrap().entries.len(), 7);
    }
}

/// Returns a copy with one transaction of this version.
fn copy(version: &str) -> LoadedCopy {
    let mut loaded = LoadedCopy::default();
    loaded.copy.read_at = Some(now());
    loaded.add(KeptTransaction {
        kind: TxnType::Invoice,
        id: "1".into(),
        version: version.into(),
        date: None,
        customer: "24".into(),
        total: Decimal::ONE,
        rate: None,
        lines: Vec::new(),
        links: Vec::new(),
        number: "1042-1".into(),
    });
    loaded
}

#[test]
fn late_page_of_books_is_found_and_removed() {
    for back_end in BackEnd::ALL {
        let requests = Requests::new(back_end);
        let slow = requests.store_stalling_at(Some("books-page"));
        let store = requests.store();
        let save = |version: &str| {
            let loaded = copy(version);
            block_on(store.save_books_copy(&firm(), &loaded)).unwrap();
        };
        save("0");
        let (firm, late) = (firm(), copy("1"));
        requests.write_late(slow.save_books_copy(&firm, &late), || {
            save("2");
            SECOND.set(SECOND.get() + 40);
            save("3");
        });
        assert_eq!(requests.pages().len(), 2);
        for version in ["4", "5"] {
            SECOND.set(SECOND.get() + QUIET);
            save(version);
        }
        assert_eq!(requests.pages().len(), 1);
        let kept = block_on(store.books_copy(&firm, None)).unwrap().unwrap();
        assert_eq!(kept.transactions().next().unwrap().version, "5");
    }
}

/// Returns a detection of objects, with as many activity entries as there is room for.
fn detection(numbers: Range<usize>) -> Detection {
    let index = |number: usize| IndexEntry {
        kind: Kind::Invoice,
        id: number.to_string(),
        subject: Subject::Document(document(number)),
        version: "0".into(),
        at: 7,
    };
    let activity = numbers.clone().take(30);
    Detection {
        activity: activity
            .map(|number| activity_entry(&document(number), "posted", now()))
            .collect(),
        entries: numbers.map(index).collect(),
        ..Detection::default()
    }
}

#[test]
fn late_page_of_activity_or_index_is_found() {
    for kind in ["activity", "object-index"] {
        let requests = Requests::new(BackEnd::DynamoDb);
        let slow = requests.store_stalling_at(Some(kind));
        let (firm, store) = (firm(), requests.store());
        let detect = |from: usize| {
            let detections = [detection(from..from + 90)];
            block_on(store.save_detections(&firm, &detections)).unwrap();
        };
        (0..4).for_each(|part| detect(part * 90));
        let late: Vec<_> = (4..8)
            .map(|part| detection(part * 90..part * 90 + 90))
            .collect();
        requests.write_late(slow.save_detections(&firm, &late), || {
            (8..16).for_each(|part| detect(part * 90));
        });
    }
}

#[test]
fn late_page_of_parties_is_found() {
    let requests = Requests::new(BackEnd::DynamoDb);
    let slow = requests.store_stalling_at(Some("subledger-page"));
    let (firm, store) = (firm(), requests.store());
    let party = |number: usize| Party::Project(format!("prj_{number}").parse().unwrap());
    let postings = ListedPostings::default();
    let list = |number: usize| {
        block_on(store.list_party(&firm, &party(number), &postings)).unwrap();
    };
    (0..400).for_each(list);
    let late = party(400);
    requests.write_late(slow.list_party(&firm, &late, &postings), || {
        (401..1000).for_each(list);
    });
}

/// Returns the figures of a document.
fn figures(number: usize) -> DocumentFigures {
    DocumentFigures {
        document: document(number),
        customer: "gc_1".parse().unwrap(),
        paid_by_others: Decimal::ZERO,
        transactions: Vec::new(),
    }
}

#[test]
fn late_page_of_figures_is_found() {
    let requests = Requests::new(BackEnd::DynamoDb);
    let slow = requests.store_stalling_at(Some("figures-page"));
    let (firm, store) = (firm(), requests.store());
    let project: billing::Id = "prj_1".parse().unwrap();
    let postings = ListedPostings::default();
    let party = Party::Project(project.clone());
    block_on(store.list_party(&firm, &party, &postings)).unwrap();
    let save = async |store: &StallStore, numbers: Range<usize>| {
        let mut record = store.project(&firm, &project).await?;
        for number in numbers {
            record.figures.set(figures(number));
        }
        store.save_project(&firm, &project, &mut record).await
    };
    requests.write_late(save(&slow, 0..600), || {
        block_on(save(&store, 1000..1600)).unwrap();
        block_on(save(&store, 2000..2600)).unwrap();
    });
}
