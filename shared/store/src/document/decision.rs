//! A decision of a person about a document.

use crate::document::transaction_key::TransactionKey;
use crate::line::{Line, stored_as_line};
use billing::Id;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A decision of a person. The queue entry keeps it until a worker has applied it, and then the document record.
///
/// Stored as one line, `keep_rivet usr_17 2026-05-01T09:00:00Z 2026-04-29T18:00:00Z Invoice 130`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decision {
    /// The kind of the decision.
    pub kind: DecisionKind,
    /// The transactions that a person posted by hand. Set only for [`DecisionKind::Posted`].
    pub objects: Vec<TransactionKey>,
    /// The person who decided.
    pub decided_by: Id,
    /// The time of the decision.
    pub decided_at: Timestamp,
    /// The `seen_at` of the conflict that the decision is about.
    pub conflict_seen_at: Option<String>,
}

/// The kinds of decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionKind {
    /// RIVET's version replaces that of QuickBooks.
    KeepRivet,
    /// The version of QuickBooks is accepted as it is.
    KeepQuickbooks,
    /// A person posted the document by hand.
    Posted,
    /// RIVET posts the document although something like it is in QuickBooks.
    PostAnyway,
    /// RIVET posts the document although it takes more retainage than the project holds.
    ExceedRetainage,
    /// RIVET posts the document on the first open day, because its own day is in closed books.
    FirstOpenDay,
    /// RIVET ignores the document. RIVET changes nothing in QuickBooks, but takes back half of a pair.
    Ignore,
}

impl DecisionKind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::KeepRivet,
        Self::KeepQuickbooks,
        Self::Posted,
        Self::PostAnyway,
        Self::ExceedRetainage,
        Self::FirstOpenDay,
        Self::Ignore,
    ];

    /// Returns the stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::KeepRivet => "keep_rivet",
            Self::KeepQuickbooks => "keep_quickbooks",
            Self::Posted => "posted",
            Self::PostAnyway => "post_anyway",
            Self::ExceedRetainage => "exceed_retainage",
            Self::FirstOpenDay => "first_open_day",
            Self::Ignore => "ignore",
        }
    }
}

impl Decision {
    /// Returns whether both decisions choose the same, whoever made them.
    pub fn is_same_as(&self, other: &Self) -> bool {
        (self.kind, &self.objects) == (other.kind, &other.objects)
    }

    /// Returns whether the decision repeats one that was carried out. A person says *post anyway* in both cases.
    pub fn repeats(&self, done: &Self) -> bool {
        let exceeded = done.kind == DecisionKind::ExceedRetainage;
        self.is_same_as(done) || (exceeded && self.kind == DecisionKind::PostAnyway)
    }

    /// Returns the decision as a sentence for the history.
    pub fn description(&self) -> &'static str {
        match self.kind {
            DecisionKind::KeepRivet => "RIVET's version is to be kept.",
            DecisionKind::KeepQuickbooks => "QuickBooks' version is to be kept.",
            DecisionKind::Posted => "It was posted by hand.",
            DecisionKind::PostAnyway | DecisionKind::ExceedRetainage => {
                "It is to be posted anyway."
            }
            DecisionKind::FirstOpenDay => "It is to be posted on the first open day.",
            DecisionKind::Ignore => "It is to be left alone.",
        }
    }
}

impl Line for Decision {
    const EXPECTED: &'static str = "must be a decision";

    fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let name = words.next()?;
        let kind = DecisionKind::ALL
            .into_iter()
            .find(|kind| kind.name() == name)?;
        let decided_by = words.next()?.parse().ok()?;
        let decided_at = json::parse_instant(words.next()?)?;
        let seen_at = words.next().filter(|seen_at| *seen_at != "-");
        let mut objects = Vec::new();
        while let (Some(kind), Some(id)) = (words.next(), words.next()) {
            objects.push(TransactionKey::from_words(kind, id)?);
        }
        Some(Self {
            kind,
            objects,
            decided_by,
            decided_at,
            conflict_seen_at: seen_at.map(str::to_owned),
        })
    }

    fn write(&self) -> String {
        let (name, by, at) = (self.kind.name(), &self.decided_by, self.decided_at);
        let seen_at = self.conflict_seen_at.as_deref().unwrap_or("-");
        let mut line = format!("{name} {by} {at} {seen_at}");
        for key in &self.objects {
            line.push_str(&format!(" {key}"));
        }
        line
    }
}

stored_as_line!(Decision);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::conflict::{Conflict, ConflictObject, FieldDiff};
    use quickbooks::entity::TxnType;

    #[test]
    fn decision_is_stored_as_one_line() {
        let decision = Decision {
            kind: DecisionKind::Posted,
            objects: vec![
                TransactionKey::new(TxnType::Invoice, "130"),
                TransactionKey::new(TxnType::JournalEntry, "131"),
            ],
            decided_by: "usr_17".parse().unwrap(),
            decided_at: "2026-05-01T09:00:00Z".parse().unwrap(),
            conflict_seen_at: None,
        };
        let stored = serde_json::to_value(&decision).unwrap();
        assert_eq!(
            stored,
            "posted usr_17 2026-05-01T09:00:00Z - Invoice 130 JournalEntry 131"
        );
        assert_eq!(json::read::<Decision>(&stored).unwrap(), decision);
        let kept = Decision {
            kind: DecisionKind::KeepRivet,
            objects: Vec::new(),
            conflict_seen_at: Some("2026-04-29T18:00:00Z".into()),
            ..decision
        };
        let stored = serde_json::to_value(&kept).unwrap();
        assert_eq!(json::read::<Decision>(&stored).unwrap(), kept);
        for wrong in [
            "",
            "keep usr_17 2026-05-01T09:00:00Z -",
            "ignore usr_17 soon -",
            "ignore",
        ] {
            assert!(json::read::<Decision>(&wrong.into()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn joined_conflict_changes_only_for_new_objects() {
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let conflict = |second, objects: &[(TxnType, &str)]| {
            let mut conflict = Conflict::new(at(second));
            for (kind, version) in objects {
                conflict.add(ConflictObject {
                    key: TransactionKey::new(*kind, "1"),
                    version: Some((*version).to_owned()),
                    fields: vec![FieldDiff {
                        name: "total".to_owned(),
                        rivet: None,
                        quickbooks: Some((*version).to_owned()),
                    }],
                });
            }
            conflict
        };
        let (invoice, entry) = ((TxnType::Invoice, "2"), (TxnType::JournalEntry, "3"));
        let mut known = conflict(10, &[invoice]);
        known.merge_objects(conflict(20, &[invoice]));
        assert_eq!(known, conflict(10, &[invoice]));
        known.merge_objects(conflict(20, &[(TxnType::Invoice, "9"), entry]));
        assert_eq!(known, conflict(20, &[invoice, entry]));
    }

    #[test]
    fn conflict_lists_objects_and_seen_versions() {
        let mut conflict = Conflict::new("2026-04-29T18:00:00Z".parse().unwrap());
        let field = FieldDiff {
            name: "total".to_owned(),
            rivet: Some("1.00".to_owned()),
            quickbooks: None,
        };
        let object = |kind, id: &str| ConflictObject {
            key: TransactionKey::new(kind, id),
            version: None,
            fields: Vec::new(),
        };
        conflict.add(ConflictObject {
            version: Some("2".into()),
            fields: vec![field.clone()],
            ..object(TxnType::Invoice, "130")
        });
        conflict.add(object(TxnType::JournalEntry, "131"));
        conflict.add(object(TxnType::CreditMemo, ""));
        let stored = serde_json::to_value(&conflict).unwrap();
        assert_eq!(json::read::<Conflict>(&stored).unwrap(), conflict);
        assert_eq!(
            stored["objects"][0],
            serde_json::json!({ "key": "Invoice 130", "version": "2", "fields": [["total", "1.00", null]] })
        );
        assert_eq!(conflict.seen_at, "2026-04-29T18:00:00Z");
        let keys: Vec<_> = conflict
            .objects
            .iter()
            .map(|object| object.key.to_string())
            .collect();
        assert_eq!(keys, ["Invoice 130", "JournalEntry 131", "CreditMemo "]);
        assert_eq!(conflict.objects[0].fields, [field]);
        let seen_version = |kind, id| {
            let object = conflict.object(kind, id);
            object.map(|object| object.version.as_deref())
        };
        assert_eq!(seen_version(TxnType::Invoice, "130"), Some(Some("2")));
        assert_eq!(seen_version(TxnType::JournalEntry, "131"), Some(None));
        assert_eq!(seen_version(TxnType::Payment, "9"), None);
    }
}
