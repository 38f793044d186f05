//! Groups the entries of a queue by the cause that stops them. An entry that waits for another one joins that one's group as a consequence.

use std::collections::BTreeMap;

use billing::DocumentRef;
use ports::entropy::digest;
use store::queue::Queue;
use store::queue::entry::{EntryState, QueueEntry};
use store::reason::hold::HoldReason;

use crate::views::attention::group::{Group, state_name, status};

/// The longest chain of documents that wait for one another.
const LONGEST_CHAIN: usize = 8;

/// The characters of a group's name.
const KEY_LENGTH: usize = 22;

/// Returns the groups of a queue: those that need a person first, then by date.
pub(super) fn grouped(queue: &Queue) -> Vec<Group<'_>> {
    let entries = queue.entries.iter().map(|entry| (&entry.document, entry));
    let entries: BTreeMap<&DocumentRef, &QueueEntry> = entries.collect();
    let mut groups: BTreeMap<String, Group<'_>> = BTreeMap::new();
    let mut waiting = Vec::new();
    for entry in entries.values() {
        match cause(entry, &entries) {
            Some(cause) => waiting.push((key(cause), *entry)),
            None => group(&mut groups, key(entry)).entries.push(entry),
        }
    }
    for (key, entry) in waiting {
        group(&mut groups, key).held_up.push(entry);
    }
    in_order(groups.into_values().collect())
}

/// Returns the groups and their entries in order.
fn in_order(mut groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    for group in &mut groups {
        group.entries.sort_by_key(|entry| entry.date);
    }
    groups.sort_by_key(|group| {
        let date = group.entries.first().map(|entry| entry.date);
        (group.rank(), date, group.key.clone())
    });
    groups
}

fn group<'g, 'a>(groups: &'g mut BTreeMap<String, Group<'a>>, key: String) -> &'g mut Group<'a> {
    groups.entry(key.clone()).or_insert_with(|| Group {
        key,
        entries: Vec::new(),
        held_up: Vec::new(),
    })
}

/// Returns the unfinished document at the end of the chain that an entry waits for. `None` if the entry waits for no unfinished document.
fn cause<'a>(
    entry: &'a QueueEntry,
    entries: &BTreeMap<&DocumentRef, &'a QueueEntry>,
) -> Option<&'a QueueEntry> {
    let mut found = entry;
    for _ in 0..LONGEST_CHAIN {
        let EntryState::Held(HoldReason::WaitingFor(awaited)) = &found.state else {
            break;
        };
        let Some(next) = entries.get(awaited) else {
            break;
        };
        found = *next;
    }
    let waits_on = matches!(&found.state, EntryState::Held(HoldReason::WaitingFor(_)));
    (found.document != entry.document && !waits_on).then_some(found)
}

/// Returns the name of an entry's group. Each conflict is a decision of its own. All others with one state and one reason are one group.
fn key(entry: &QueueEntry) -> String {
    let status = status(entry);
    let reason = status.reason();
    let (code, message) =
        reason.map_or_else(Default::default, |reason| (reason.code, reason.message));
    let state = state_name(&entry.state);
    let document = match entry.state {
        EntryState::Conflict => entry.document.to_string(),
        _ => String::new(),
    };
    let name = digest(&[state, &document, &code, &message].join("\n"));
    name.chars().take(KEY_LENGTH).collect()
}
