//! What one look gathers: what each object was seen as, which documents that is about, and what is to be noted of them.

use crate::scan::observation::{ObjectKey, Observation, pays};
use billing::DocumentRef;
use jiff::Timestamp;
use quickbooks::Kind;
use store::activity::ActivityEntry;
use store::document::{DocumentRecord, Saga};
use store::inbox::Inbox;
use store::inbox::change::{ChangeKind, PendingChange};
use store::object_index::ObjectIndex;
use store::object_index::entry::IndexEntry;
use store::queue::Queue;
use store::queue::detection::Detection;
use store::queue::entry::{EntryState, QueueEntry};

/// What one look gathers.
pub struct Scan<'a> {
    pub register: &'a ObjectIndex,
    desk: &'a Queue,
    /// What the register says of everything that was asked about.
    known: Vec<IndexEntry>,
    /// The lists in which something changed.
    pub lists: Vec<Kind>,
    /// What was seen, each object once.
    pub seen: Vec<Observation>,
    /// The documents that it is about.
    pub subjects: Vec<DocumentRecord>,
    pub noted: Vec<Detection>,
    /// It is not known of some posting whether it stands.
    is_in_doubt: bool,
    /// What a payment in doubt pays.
    doubted: Vec<ObjectKey>,
    /// What stays for a later look.
    put_off: Vec<PendingChange>,
}

impl<'a> Scan<'a> {
    pub fn new(desk: &'a Queue) -> Self {
        Self {
            register: &desk.object_index,
            desk,
            known: Vec::new(),
            lists: Vec::new(),
            seen: Vec::new(),
            subjects: Vec::new(),
            noted: Vec::new(),
            is_in_doubt: false,
            doubted: Vec::new(),
            put_off: Vec::new(),
        }
    }

    /// Notes what the register says.
    pub fn learn(&mut self, entries: Vec<IndexEntry>) {
        self.known.extend(entries);
    }

    /// What the register says of an object.
    pub fn entries(&self, kind: Kind, id: &str) -> impl Iterator<Item = &IndexEntry> {
        let known = self.known.iter();
        known.filter(move |entry| entry.kind == kind && entry.id == id)
    }

    /// The documents that an object is about.
    pub fn documents(&self, kind: Kind, id: &str) -> impl Iterator<Item = &DocumentRef> {
        self.entries(kind, id).filter_map(IndexEntry::document)
    }

    pub fn sighting(&self, kind: Kind, id: &str) -> Option<&Observation> {
        let mut seen = self.seen.iter();
        seen.find(|seen| seen.kind == kind && seen.id == id)
    }

    /// Notes what an object was seen as.
    pub fn see(&mut self, sighting: Observation) {
        if self.sighting(sighting.kind, &sighting.id).is_none() {
            self.seen.push(sighting);
        }
    }

    pub fn waiting(&self, document: &DocumentRef) -> Option<&'a QueueEntry> {
        self.desk.entry_for(document)
    }

    /// Whether an object is to be looked at later: it is about a document that is to be worked on first, or decided about already, or it
    /// is [early](Self::is_early).
    pub fn must_wait(&self, kind: Kind, id: &str) -> bool {
        let mut documents = self.documents(kind, id);
        documents.any(|document| self.is_at_work(document)) || self.is_early(kind, id)
    }

    /// Whether a document is to be worked on first, or decided about already.
    pub fn is_at_work(&self, document: &DocumentRef) -> bool {
        self.waiting(document).is_some_and(|waiting| {
            waiting.decision.is_some() || matches!(waiting.state, EntryState::Pending { .. })
        })
    }

    /// What this posting was to do may stand, or not: that is not known yet.
    pub fn doubt(&mut self, saga: &Saga) {
        self.is_in_doubt = true;
        for (kind, id) in saga.ids.targets.values() {
            self.doubted
                .extend(kind.kind().map(|kind| (kind, id.clone())));
        }
    }

    /// Whether it cannot be told yet what became of an object. What is in doubt is not in the register: it would pass for somebody
    /// else's, and so would a payment of it, or its money where it is a payment.
    pub fn is_early(&self, kind: Kind, id: &str) -> bool {
        let may_be = || kind == Kind::Payment || self.entries(kind, id).next().is_none();
        self.is_in_doubt && (may_be() || self.is_doubted(kind, id))
    }

    /// Whether a payment in doubt pays it.
    pub fn is_doubted(&self, kind: Kind, id: &str) -> bool {
        let mut doubted = self.doubted.iter();
        doubted.any(|doubted| doubted.0 == kind && doubted.1 == id)
    }

    /// A notice of whatever was done to an object since its version became known.
    pub fn of_all_since(&self, kind: Kind, id: String) -> PendingChange {
        let known = self.entries(kind, &id).map(|entry| entry.at + 1).min();
        let at = known.and_then(|at| Timestamp::from_second(at).ok());
        PendingChange {
            kind,
            id,
            at: at.unwrap_or(Timestamp::UNIX_EPOCH),
            kind_of_change: ChangeKind::Changed,
        }
    }

    /// Whether something waits for an entry of this list.
    pub fn is_waited_for(&self, list: Kind) -> bool {
        let mut waiting = self.desk.entries.iter();
        waiting.any(
            |waiting| matches!(&waiting.state, EntryState::Held(hold) if hold.list() == Some(list)),
        )
    }

    /// Leaves something for a later look.
    pub fn put_off(&mut self, notice: PendingChange) {
        self.put_off.push(notice);
    }

    /// Whether the version that somebody came across is known.
    pub fn is_known(&self, kind: Kind, id: &str, version: &str) -> bool {
        let mut entries = self.entries(kind, id).peekable();
        entries.peek().is_some() && entries.all(|entry| entry.version == version)
    }

    /// The documents that something was seen of: what stands for them, or a payment of them.
    pub fn documents_seen(&self) -> Vec<DocumentRef> {
        let mut documents: Vec<DocumentRef> = Vec::new();
        for seen in &self.seen {
            let paid = pays(seen).flat_map(|(kind, id)| {
                let paid: Vec<DocumentRef> = self.documents(kind, &id).cloned().collect();
                paid
            });
            for document in self.documents(seen.kind, &seen.id).cloned().chain(paid) {
                if !documents.contains(&document) {
                    documents.push(document);
                }
            }
        }
        documents
    }

    /// Whether a payment was seen that pays something of a document, or did.
    pub fn is_paid_by_any(&self, record: &DocumentRecord) -> bool {
        self.seen.iter().any(|seen| self.pays_for(seen, record))
    }

    /// Whether something that was seen is a payment of somebody's for a document, or was.
    fn pays_for(&self, seen: &Observation, record: &DocumentRecord) -> bool {
        let did = || {
            self.documents(seen.kind, &seen.id)
                .any(|document| *document == record.reference)
        };
        let does = || pays(seen).any(|(kind, id)| stands_for(record, kind, &id));
        let is_own = || stands_for(record, seen.kind, &seen.id);
        seen.kind == Kind::Payment && !is_own() && (did() || does())
    }

    /// The versions of all that was seen of a document.
    pub fn entries_about(&self, record: &DocumentRecord, now: Timestamp) -> Vec<IndexEntry> {
        let concerns = |seen: &&Observation| {
            stands_for(record, seen.kind, &seen.id) || self.pays_for(seen, record)
        };
        let seen = self.seen.iter().filter(concerns);
        seen.map(|seen| seen.entry(&record.reference, now))
            .collect()
    }

    /// What was noted of a document and told to nobody yet, as the register does not know of it: the lines, and their versions.
    pub fn untold(&self, record: &DocumentRecord) -> (Vec<ActivityEntry>, Vec<IndexEntry>) {
        let Some(seen) = record
            .observed
            .as_ref()
            .filter(|seen| !seen.lines.is_empty())
        else {
            return Default::default();
        };
        let is_known = |entry: &IndexEntry| {
            let mut known = self.known.iter();
            known.any(|known| known.has_same_subject(entry) && known.supersedes(entry))
        };
        if seen.versions.iter().all(is_known) {
            return Default::default();
        }
        (seen.lines.clone(), seen.versions.clone())
    }

    /// Leaves all that was seen of a document for a later look, as if it was done now: another document that it is about may know it by
    /// then.
    pub fn put_off_document(&mut self, document: &DocumentRef, now: Timestamp) {
        let is_about = |seen: &&Observation| {
            let mut all = self.documents(seen.kind, &seen.id);
            let mut paid = pays(seen).flat_map(|(kind, id)| {
                let paid: Vec<&DocumentRef> = self.documents(kind, &id).collect();
                paid
            });
            all.any(|about| about == document) || paid.any(|about| about == document)
        };
        let notices: Vec<PendingChange> = self
            .seen
            .iter()
            .filter(is_about)
            .map(|seen| PendingChange {
                at: now,
                ..seen.notice(now)
            })
            .collect();
        self.put_off.extend(notices);
    }

    /// What of the inbox this look has dealt with.
    pub fn done(&self, inbox: &Inbox) -> Vec<PendingChange> {
        let settled =
            |notice: &&PendingChange| !self.put_off.iter().any(|later| later.is_about(notice));
        inbox.waiting.iter().filter(settled).cloned().collect()
    }

    /// What is to be looked at again although nobody told of it, or of so much.
    pub fn again(&self, inbox: &Inbox) -> Vec<PendingChange> {
        let is_told = |notice: &PendingChange| {
            let mut told = inbox.waiting.iter();
            told.any(|told| told.is_about(notice) && !told.is_superseded_by(notice))
        };
        let put_off = self.put_off.iter();
        put_off.filter(|notice| !is_told(notice)).cloned().collect()
    }
}

fn stands_for(record: &DocumentRecord, kind: Kind, id: &str) -> bool {
    record
        .posted
        .iter()
        .any(|posted| posted.is_object(kind, id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use quickbooks::entity::{Link, ObjectSnapshot};
    use store::object_index::entry::Subject;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn release(number: usize) -> DocumentRef {
        DocumentRef {
            kind: billing::DocumentKind::RetainageRelease,
            id: format!("rel_{number}").parse().unwrap(),
        }
    }

    fn entry(kind: Kind, id: &str, document: DocumentRef) -> IndexEntry {
        IndexEntry {
            kind,
            id: id.to_owned(),
            subject: Subject::Document(document),
            version: "0".to_owned(),
            at: 100,
        }
    }

    /// Somebody's payment of two released entries.
    fn payment() -> Observation {
        let link = |id: &str| Link {
            kind: Kind::JournalEntry,
            id: id.to_owned(),
            amount: Some(10.into()),
        };
        Observation::of(ObjectSnapshot {
            kind: Kind::Payment,
            id: "181".to_owned(),
            sync_token: "0".to_owned(),
            doc_number: None,
            private_note: None,
            date: None,
            customer: None,
            total: Some(20.into()),
            balance: None,
            customer_memo: String::new(),
            due_date: String::new(),
            lines: Vec::new(),
            payment_reference: None,
            updated_at: Some(at(200)),
            links: vec![link("31"), link("32")],
            unapplied_amount: None,
        })
    }

    #[test]
    fn change_deferred_for_one_document_is_rescanned() {
        let desk = Queue::default();
        let mut round = Scan::new(&desk);
        round.learn(vec![
            entry(Kind::JournalEntry, "31", release(1)),
            entry(Kind::JournalEntry, "32", release(2)),
        ]);
        round.see(payment());
        let known = round.seen[0].entry(&release(1), at(300));
        round.put_off_document(&release(2), at(300));
        let mut told = Inbox::default();
        told.add_again(&[payment().notice(at(200))]);
        for inbox in [Inbox::default(), told] {
            let again = round.again(&inbox);
            assert_eq!(again.len(), 1);
            assert!(again[0].at.as_second() > known.at);
        }
    }
}
