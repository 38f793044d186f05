//! Reads origin notes, by which RIVET marks its transactions.

use billing::{DocumentKind, DocumentRef};
use mapping::Slot;

/// The content of an origin note: `RIVET pay_app pa_1057_1 revision 2 retainage`.
///
/// A person who copies a transaction in QuickBooks copies the note too. A note alone therefore proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The document.
    pub document: DocumentRef,
    /// The revision that was posted.
    pub revision: u32,
    /// The transaction is the retainage entry of a pay application.
    pub is_retainage: bool,
    /// The number of the job that the transaction pays for, where a payment is divided by jobs.
    pub job: Option<u8>,
    /// The transaction takes another one back, or was set to zero.
    pub is_undo: bool,
}

impl Origin {
    /// Reads the end of a note. `None` if it is no origin note. QuickBooks puts a word in front of the note of a void transaction.
    pub fn read(note: &str) -> Option<Self> {
        let (_, origin) = note.split_once("RIVET ")?;
        let mut words = origin.split_whitespace();
        let document = DocumentRef {
            kind: words.next()?.parse().ok()?,
            id: words.next()?.parse().ok()?,
        };
        let revision = words.next().filter(|word| *word == "revision");
        let revision = revision.and_then(|_| words.next()?.parse().ok());
        let rest: Vec<&str> = words.collect();
        Some(Self {
            document,
            revision: revision?,
            is_retainage: rest.first() == Some(&"retainage"),
            job: match rest[..] {
                ["job", nth, ..] => nth.parse().ok(),
                _ => None,
            },
            is_undo: rest.contains(&"reversed") || rest.contains(&"voided"),
        })
    }

    /// Returns the slot of a transaction with this mark. It neither reverses nor applies another one.
    pub fn slot(&self) -> Slot {
        match (self.document.kind, self.job) {
            (DocumentKind::RetainageRelease, _) => Slot::Release,
            (DocumentKind::Payment, Some(nth)) => Slot::PaymentOfJob(nth),
            (DocumentKind::Payment, None) => Slot::Payment,
            (DocumentKind::PayApp | DocumentKind::Project, _) if self.is_retainage => {
                Slot::Retainage
            }
            (DocumentKind::PayApp | DocumentKind::Project, _) => Slot::Sale,
        }
    }

    /// Returns the note that RIVET writes for this document, revision and part.
    pub fn note(&self) -> String {
        let (document, revision) = (&self.document, self.revision);
        let part = match (self.is_retainage, self.job) {
            (true, _) => " retainage".to_owned(),
            (false, Some(nth)) => format!(" job {nth}"),
            (false, None) => String::new(),
        };
        format!(
            "RIVET {} {} revision {revision}{part}",
            document.kind, document.id
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn note_names_document_revision_and_part() {
        let read = |note| {
            let origin = Origin::read(note)?;
            let part = (origin.is_retainage, origin.is_undo);
            Some((origin.document.to_string(), origin.revision, part))
        };
        let of = |revision, part| Some(("pay_app/pa_1".to_owned(), revision, part));
        assert_eq!(read("RIVET pay_app pa_1 revision 2"), of(2, (false, false)));
        let void = "Voided - RIVET pay_app pa_1 revision 1 again 3";
        assert_eq!(read(void), of(1, (false, false)));
        let entry = "RIVET pay_app pa_1 revision 1 retainage reversed";
        assert_eq!(read(entry), of(1, (true, true)));
        let payment = Origin::read("RIVET payment pay_1 revision 1 job 2").unwrap();
        assert_eq!(payment.job, Some(2));
        assert_eq!(payment.note(), "RIVET payment pay_1 revision 1 job 2");
        for other in ["", "RIVET pay app 1, entered by hand", "RIVET pay_app pa_1"] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
