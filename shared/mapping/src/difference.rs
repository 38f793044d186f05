//! In what something that stands in QuickBooks is not as we wrote it.

mod merged;
mod lines;
mod field;

use jiff::civil::Date;
use quickbooks::Kind;
use quickbooks::entity::Standing;
use rust_decimal::Decimal;

pub use self::field::Difference;
pub use self::merged::Replaced;

use self::field::{add, listed, posts, text_of, told};
use self::lines::Line;
use crate::posted_object::Posted;
use crate::posting::{Posting, Receipt, Sale};

impl Posted {
    /// Whether all that we wrote stands there, whatever its version is: QuickBooks gives it another one also when a payment is
    /// applied or taken off, or is deposited.
    #[must_use]
    pub fn is_as_written(&self, found: &Standing) -> bool {
        self.differences(found).is_empty()
    }

    /// In what it is not as we wrote it. What a person had us take over, and what we left to QuickBooks, is no difference, nor is
    /// it that something is void which we voided.
    #[must_use]
    pub fn differences(&self, found: &Standing) -> Vec<Difference> {
        let mut all = self.unlike(found);
        let is_over = !self.live && found.is_voided();
        all.retain(|difference| !is_over && !self.kept.contains(&difference.mark()));
        all
    }

    /// The same, whatever was taken over.
    pub(crate) fn unlike(&self, found: &Standing) -> Vec<Difference> {
        let mut all = Vec::new();
        let lines = self.lines();
        self.compare_head(&lines, found, &mut all);
        match &self.posting {
            Posting::Invoice(sale) | Posting::CreditMemo(sale) => {
                compare_form(sale, found, &mut all);
                self.compare_lines(&lines, found, &mut all);
            }
            Posting::JournalEntry(_) => self.compare_lines(&lines, found, &mut all),
            Posting::Payment(receipt) => {
                let ours = receipt.reference.as_deref().unwrap_or_default();
                let theirs = found.reference.as_deref().unwrap_or_default();
                if !ours.is_empty() {
                    compare("reference", ours, theirs, &mut all);
                }
                all.extend(self.applied(receipt, found));
            }
        }
        all
    }

    fn compare_head(&self, lines: &[Line<'_>], found: &Standing, all: &mut Vec<Difference>) {
        let [ours, theirs] = [&self.number, &found.doc_number].map(text_of);
        if self.posting.kind() != Kind::Payment {
            compare("number", ours, theirs, all);
        }
        let (ours, theirs) = (self.posting.date(), found.date);
        if theirs != Some(ours) {
            add("date", Some(day(ours)), theirs.map(day), all);
        }
        let (ours, theirs) = (self.posting.total(), found.amount());
        if theirs != Some(ours) {
            add("total", Some(amount(ours)), theirs.map(amount), all);
        }
        compare("customer", &self.ids.customer, self.name(lines, found), all);
        let theirs = text_of(&found.private_note);
        compare("private_note", self.posting.note(), theirs, all);
    }

    /// Whose it is. Each line of an entry has a name of its own: the first that is not the one that we gave them all.
    fn name<'a>(&self, lines: &[Line<'_>], found: &'a Standing) -> &'a str {
        let first = found.customer.as_ref();
        let first = first.map_or("", |customer| customer.value.as_str());
        if found.kind != Kind::JournalEntry || first != self.ids.customer {
            return first;
        }
        let mut others = found.words.iter().skip(1).take(lines.len());
        let other = others.find(|words| words[2] != self.ids.customer);
        other.map_or(first, |words| &words[2])
    }

    /// What a payment is applied to. What we applied to nothing is the bookkeeper's to apply.
    fn applied(&self, receipt: &Receipt, found: &Standing) -> Option<Difference> {
        let (mut rest, mut is_ours) = (receipt.total, true);
        let (mut we, mut they) = (Vec::new(), Vec::new());
        let mut others = Decimal::ZERO;
        for link in &found.links {
            let paid = link.amount.unwrap_or_default();
            others += paid;
            they.push(format!("{} {}", link.kind.name(), posts(&link.id, paid)));
        }
        for share in &receipt.applied {
            let Some((kind, id)) = self.ids.targets.get(&share.document) else {
                continue;
            };
            let Some(kind) = kind.kind() else { continue };
            let links = found.links.iter();
            let links = links.filter(|link| link.kind == kind && link.id == *id);
            let paid: Decimal = links.filter_map(|link| link.amount).sum();
            is_ours &= paid == share.amount;
            (rest, others) = (rest - share.amount, others - paid);
            we.push(format!("{} {}", kind.name(), posts(id, share.amount)));
        }
        if is_ours && others.is_zero() {
            return None;
        }
        Some(Difference {
            field: "applied",
            ours: listed(&we),
            theirs: listed(&they),
            is_harmless: is_ours && others <= rest,
        })
    }
}

/// What is printed on a form beside its lines.
fn compare_form(sale: &Sale, found: &Standing, all: &mut Vec<Difference>) {
    let [memo, due] = match found.words.first() {
        Some([memo, due, _]) => [memo.as_str(), due],
        None => ["", ""],
    };
    compare("customer_memo", &sale.memo, memo, all);
    if let Some(ours) = sale.due.filter(|day| json::parse_day(due) != Some(*day)) {
        add("due_date", Some(day(ours)), told(due), all);
    }
}

/// QuickBooks takes spaces off the ends of texts.
fn compare(field: &'static str, ours: &str, theirs: &str, all: &mut Vec<Difference>) {
    if ours.trim() != theirs.trim() {
        add(field, told(ours), told(theirs), all);
    }
}

fn day(day: Date) -> String {
    day.to_string()
}

fn amount(amount: Decimal) -> String {
    format!("{amount:.2}")
}

#[cfg(test)]
mod tests;
