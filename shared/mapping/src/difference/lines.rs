//! What is compared line by line.

use quickbooks::entity::Standing;
use rust_decimal::Decimal;

use super::field::{Difference, add, listed, posts};
use crate::posted_object::Posted;
use crate::posting::{Journal, JournalRole, Posting, Sale, Side};

/// A line as we wrote it: where it posts and how much, debits positive; what it says; whether it is of the project's class.
pub(super) struct Line<'a> {
    place: &'a str,
    amount: Decimal,
    says: &'a str,
    is_classed: bool,
}

impl Line<'_> {
    /// The item or account that it names.
    pub(super) fn place(&self) -> &str {
        self.place
    }

    /// Whether it is of the project's class.
    pub(super) fn is_classed(&self) -> bool {
        self.is_classed
    }
}

impl Posted {
    pub(super) fn lines(&self) -> Vec<Line<'_>> {
        match &self.posting {
            Posting::Invoice(sale) | Posting::CreditMemo(sale) => self.form_lines(sale),
            Posting::JournalEntry(journal) => entry_lines(journal),
            Posting::Payment(_) => Vec::new(),
        }
    }

    fn form_lines<'a>(&'a self, sale: &'a Sale) -> Vec<Line<'a>> {
        let mut lines = Vec::new();
        for line in &sale.lines {
            let item = self.ids.items.get(&line.account.id);
            lines.push(Line {
                place: item.map_or("", String::as_str),
                amount: line.amount,
                says: &line.description,
                is_classed: sale.classed,
            });
        }
        lines
    }

    pub(super) fn compare_lines(
        &self,
        ours: &[Line<'_>],
        found: &Standing,
        all: &mut Vec<Difference>,
    ) {
        let is_same = |(line, (place, amount)): (&Line<'_>, &(String, Decimal))| {
            line.place == place && line.amount == *amount
        };
        let is_as_long = ours.len() == found.lines.len();
        if !is_as_long || !ours.iter().zip(&found.lines).all(is_same) {
            let (mut we, mut they) = (Vec::new(), Vec::new());
            ours.iter()
                .for_each(|line| we.push(posts(line.place, line.amount)));
            let lines = found.lines.iter();
            lines.for_each(|(place, amount)| they.push(posts(place, *amount)));
            let (ours, theirs) = (listed(&we), listed(&they));
            we.sort();
            they.sort();
            all.push(Difference {
                field: "lines",
                ours,
                theirs,
                // The same lines in another order post the same.
                is_harmless: we == they,
            });
        }
        self.compare_classes(ours, found, all);
        let words = || found.words.iter().skip(1);
        let is_said = |(line, words): (&Line<'_>, &[String; 3])| {
            line.says.is_empty() || line.says.trim() == words[0].trim()
        };
        if !is_as_long || !ours.iter().zip(words()).all(is_said) {
            let (mut we, mut they) = (Vec::new(), Vec::new());
            ours.iter().for_each(|line| we.push(line.says.to_owned()));
            words().for_each(|words| they.push(words[0].clone()));
            add("description", listed(&we), listed(&they), all);
        }
    }

    /// Our class may be anywhere; another one, or none where we put ours, is a difference.
    fn compare_classes(&self, ours: &[Line<'_>], found: &Standing, all: &mut Vec<Difference>) {
        let is_classed = ours.iter().any(|line| line.is_classed);
        let class = self.ids.class.as_deref().filter(|_| is_classed);
        let (mut is_same, mut theirs) = (true, Vec::new());
        for (at, [_, named, _]) in found.words.iter().skip(1).enumerate() {
            let place = found.lines.get(at).map(|(place, _)| place.as_str());
            let same = ours.iter().find(|line| Some(line.place) == place);
            let needs = same.or(ours.get(at)).is_some_and(|line| line.is_classed);
            let needs = needs && class.is_some();
            is_same &= class == Some(named) || (named.is_empty() && !needs);
            let told = if named.is_empty() { "none" } else { named };
            if (needs || !named.is_empty()) && theirs.iter().all(|known| known != told) {
                theirs.push(told.to_owned());
            }
        }
        if !is_same {
            let theirs = listed(&theirs).filter(|theirs| theirs != "none");
            add("class", class.map(str::to_owned), theirs, all);
        }
    }
}

/// A class says what was earned or held back on a project; what is owed has none.
fn entry_lines(journal: &Journal) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for line in &journal.lines {
        lines.push(Line {
            place: &line.account,
            amount: match line.side {
                Side::Debit => line.amount,
                Side::Credit => -line.amount,
            },
            says: &line.description,
            is_classed: journal.classed && line.role != JournalRole::Receivable,
        });
    }
    lines
}
