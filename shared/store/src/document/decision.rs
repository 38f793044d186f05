//! What a person decides about a document, and the two versions that they choose between.

use crate::document::kind_name::kind_name;
use billing::Id;
use jiff::Timestamp;
use quickbooks::entity::TxnType;
use serde::{Deserialize, Serialize};

/// What somebody decided. It lies on the desk until it is carried out, then in the document's record.
///
/// Kept as one line, `keep_rivet usr_17 2026-05-01T09:00:00Z 2026-04-29T18:00:00Z Invoice 130`: a derived reader of it is larger than
/// all that carries it out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decision {
    /// What is to become of the document.
    pub kind: DecisionKind,
    /// What it stands as, by type and id in QuickBooks; only for [`DecisionKind::Posted`].
    pub objects: Vec<(TxnType, String)>,
    /// Who decided.
    pub decided_by: Id,
    /// When.
    pub decided_at: Timestamp,
    /// The conflict that it is about: its [`Conflict::seen_at`].
    pub conflict_seen_at: Option<String>,
}

/// What is to become of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionKind {
    /// RIVET's version is written over what stands in QuickBooks.
    KeepRivet,
    /// What stands in QuickBooks is taken as it is.
    KeepQuickbooks,
    /// Somebody posted it by hand.
    Posted,
    /// RIVET stops trying. Nothing in QuickBooks is touched, but for half a pair, which is taken back.
    Ignore,
}

impl DecisionKind {
    const ALL: [Self; 4] = [
        Self::KeepRivet,
        Self::KeepQuickbooks,
        Self::Posted,
        Self::Ignore,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::KeepRivet => "keep_rivet",
            Self::KeepQuickbooks => "keep_quickbooks",
            Self::Posted => "posted",
            Self::Ignore => "ignore",
        }
    }
}

impl Decision {
    /// Whether the same was decided, by whomever.
    pub fn is_same_as(&self, other: &Self) -> bool {
        (self.kind, &self.objects) == (other.kind, &other.objects)
    }

    /// What was decided, in a sentence for the history.
    pub fn description(&self) -> &'static str {
        match self.kind {
            DecisionKind::KeepRivet => "RIVET's version is to be kept.",
            DecisionKind::KeepQuickbooks => "QuickBooks' version is to be kept.",
            DecisionKind::Posted => "It was posted by hand.",
            DecisionKind::Ignore => "It is to be left alone.",
        }
    }

    fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let name = words.next()?;
        let act = DecisionKind::ALL
            .into_iter()
            .find(|act| act.name() == name)?;
        let by = words.next()?.parse().ok()?;
        let at = json::parse_instant(words.next()?)?;
        let seen = words.next().filter(|seen| *seen != "-").map(str::to_owned);
        let mut objects = Vec::new();
        while let (Some(kind), Some(id)) = (words.next(), words.next()) {
            let kind = KINDS.into_iter().find(|known| kind_name(*known) == kind)?;
            objects.push((kind, id.to_owned()));
        }
        Some(Self {
            kind: act,
            objects,
            decided_by: by,
            decided_at: at,
            conflict_seen_at: seen,
        })
    }
}

/// What a document may stand as.
const KINDS: [TxnType; 4] = [
    TxnType::Invoice,
    TxnType::CreditMemo,
    TxnType::JournalEntry,
    TxnType::Payment,
];

impl From<Decision> for String {
    fn from(decision: Decision) -> Self {
        let Decision {
            kind: act,
            decided_by: by,
            decided_at: at,
            ..
        } = decision;
        let seen = decision.conflict_seen_at.as_deref().unwrap_or("-");
        let mut line = format!("{} {by} {at} {seen}", act.name());
        for (kind, id) in decision.objects {
            line.push_str(&format!(" {} {id}", kind_name(kind)));
        }
        line
    }
}

impl TryFrom<String> for Decision {
    type Error = &'static str;

    fn try_from(line: String) -> Result<Self, Self::Error> {
        Self::read(&line).ok_or("must be a decision")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::conflict::Conflict;

    #[test]
    fn decision_is_stored_as_one_line() {
        let decision = Decision {
            kind: DecisionKind::Posted,
            objects: vec![
                (TxnType::Invoice, "130".into()),
                (TxnType::JournalEntry, "131".into()),
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
                let field = ("total".to_owned(), None, Some((*version).to_owned()));
                conflict.add((*kind, "1"), Some((*version).to_owned()), vec![field]);
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
        let field = ("total".to_owned(), Some("1.00".to_owned()), None);
        conflict.add(
            (TxnType::Invoice, "130"),
            Some("2".into()),
            vec![field.clone()],
        );
        conflict.add((TxnType::JournalEntry, "131"), None, Vec::new());
        conflict.add((TxnType::CreditMemo, ""), None, Vec::new());
        let stored = serde_json::to_value(&conflict).unwrap();
        assert_eq!(json::read::<Conflict>(&stored).unwrap(), conflict);
        assert_eq!(conflict.seen_at(), "2026-04-29T18:00:00Z");
        let objects = [
            ("Invoice", "130", vec![&field]),
            ("JournalEntry", "131", vec![]),
            ("CreditMemo", "", vec![]),
        ];
        assert_eq!(conflict.objects(), objects);
        assert_eq!(
            conflict.seen_version(TxnType::Invoice, "130"),
            Some(Some("2"))
        );
        assert_eq!(
            conflict.seen_version(TxnType::JournalEntry, "131"),
            Some(None)
        );
        assert_eq!(conflict.seen_version(TxnType::Payment, "9"), None);
    }
}
