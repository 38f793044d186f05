//! The figures of the documents of one project or customer. The record of the owner has the newest, and pages have older ones.

use crate::subledger::document_figures::DocumentFigures;
use billing::DocumentRef;
use ports::entropy::digest;
use ports::records::Record;
use serde::{Deserialize, Serialize};

/// The most bytes of figures in the owner's record.
const MAX_BYTES: usize = 24 * 1024;

/// The newest figures of documents, and the names of the pages with older ones.
///
/// Figures that are set again are added once more. The newest figures of a document count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureLog {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    recent: Vec<DocumentFigures>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pages: Vec<String>,
}

/// Figures of documents that their owner's record has no room for. A page of one name has one possible content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigurePage(pub Vec<DocumentFigures>);

impl FigureLog {
    /// Returns whether there are no figures.
    pub fn is_empty(&self) -> bool {
        self.recent.is_empty() && self.pages.is_empty()
    }

    /// Sets the figures of a document. Returns whether they changed.
    pub fn set(&mut self, figures: DocumentFigures) -> bool {
        let mut recent = self.recent.iter_mut();
        match recent.find(|known| known.document == figures.document) {
            Some(known) if *known == figures => return false,
            Some(known) => *known = figures,
            None => self.recent.push(figures),
        }
        true
    }

    /// Returns the newest figures of a document, unless they are on a page.
    pub fn find(&self, document: &DocumentRef) -> Option<&DocumentFigures> {
        self.recent.iter().find(|known| known.document == *document)
    }

    /// Returns the names of the pages, oldest first.
    pub fn pages(&self) -> &[String] {
        &self.pages
    }

    /// Names a page that is about to be written. A page that a crash kept from being written is no figure.
    pub(crate) fn name_page(&mut self, name: &str) {
        self.pages.push(name.to_owned());
    }

    /// Moves the older half of the figures to a page, if they are too long for a record. The page must be saved before the log, and after a record that names it.
    pub fn take_page(&mut self) -> Option<NewFigurePage> {
        let bytes: usize = self.recent.iter().map(DocumentFigures::size).sum();
        if bytes <= MAX_BYTES {
            return None;
        }
        let newer = self.recent.split_off(self.recent.len().div_ceil(2));
        let page = FigurePage(std::mem::replace(&mut self.recent, newer));
        let content = serde_json::to_string(&page).unwrap_or_default();
        let name = format!("{}-{}", self.pages.len(), &digest(&content)[..16]);
        self.pages.push(name.clone());
        Some(NewFigurePage { name, page })
    }

    /// Returns all figures, with those of the pages. The newest figures of each document count.
    pub fn with_pages(self, pages: Vec<FigurePage>) -> Vec<DocumentFigures> {
        let mut all: Vec<DocumentFigures> = self.recent;
        for FigurePage(figures) in pages.into_iter().rev() {
            for older in figures {
                if !all.iter().any(|newer| newer.document == older.document) {
                    all.push(older);
                }
            }
        }
        all
    }
}

/// A page that is to be saved.
pub struct NewFigurePage {
    /// The name of the page within its log.
    pub name: String,
    /// The page.
    pub page: FigurePage,
}

impl Record for FigurePage {
    const KIND: &'static str = "figures-page";
}

#[cfg(test)]
mod tests {
    use super::*;
    use billing::DocumentKind;
    use rust_decimal::Decimal;

    fn figures(id: usize, paid_by_others: i64) -> DocumentFigures {
        DocumentFigures {
            document: DocumentRef {
                kind: DocumentKind::PayApp,
                id: format!("pa_{id}").parse().unwrap(),
            },
            customer: "gc_1".parse().unwrap(),
            paid_by_others: Decimal::new(paid_by_others, 2),
            transactions: Vec::new(),
        }
    }

    #[test]
    fn same_figures_set_twice_change_nothing() {
        let mut log = FigureLog::default();
        assert!(log.set(figures(1, 0)) && !log.set(figures(1, 0)));
        assert!(log.set(figures(1, 5)));
        assert_eq!(log.with_pages(Vec::new()), [figures(1, 5)]);
    }

    #[test]
    fn newest_figures_count_across_pages() {
        let mut log = FigureLog::default();
        let mut pages = Vec::new();
        for id in 0..1000 {
            log.set(figures(id, 0));
            if let Some(NewFigurePage { name, page }) = log.take_page() {
                assert!(log.pages().contains(&name));
                pages.push(page);
            }
            assert!(serde_json::to_string(&log).unwrap().len() < 60 * 1024);
        }
        assert!(pages.len() > 1);
        log.set(figures(0, 7));
        let all = log.with_pages(pages);
        assert_eq!(all.len(), 1000);
        assert!(all.contains(&figures(0, 7)) && !all.contains(&figures(0, 0)));
    }
}
