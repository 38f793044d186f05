//! In what something that stands in QuickBooks is not as we wrote it.

use jiff::civil::Date;
use quickbooks::Kind;
use quickbooks::entity::Standing;
use rust_decimal::Decimal;

use crate::posting::{Journal, JournalRole, Posting, Receipt, Sale, Side};
use crate::stands::Posted;

/// A field that is not as we wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which one: `number`, `date`, `total`, `customer`, `lines`, `class`, `customer_memo`, `private_note`, `due_date`, `description`;
    /// of payments also `reference` and `applied`.
    pub field: &'static str,
    /// What we wrote. Amounts have two decimals; what is in QuickBooks is named by its id.
    pub ours: Option<String>,
    /// What stands there.
    pub theirs: Option<String>,
    /// Whether the books say the same with it as without.
    pub is_harmless: bool,
}

const HARMLESS: [&str; 4] = ["customer_memo", "private_note", "due_date", "description"];

/// A line as we wrote it: where it posts and how much, debits positive; what it says; whether it is of the project's class.
struct Line<'a> {
    place: &'a str,
    amount: Decimal,
    says: &'a str,
    is_classed: bool,
}

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
        let [ours, theirs] = [&self.number, &found.doc_number].map(|number| text_of(number));
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

    fn lines(&self) -> Vec<Line<'_>> {
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

    fn compare_lines(&self, ours: &[Line<'_>], found: &Standing, all: &mut Vec<Difference>) {
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
            add("lines", listed(&we), listed(&they), all);
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
        for (at, [_, found, _]) in found.words.iter().skip(1).enumerate() {
            let needs = ours.get(at).is_some_and(|line| line.is_classed) && class.is_some();
            is_same &= class == Some(found) || (found.is_empty() && !needs);
            let told = if found.is_empty() { "none" } else { found };
            if (needs || !found.is_empty()) && theirs.iter().all(|known| known != told) {
                theirs.push(told.to_owned());
            }
        }
        if !is_same {
            let theirs = listed(&theirs).filter(|theirs| theirs != "none");
            add("class", class.map(str::to_owned), theirs, all);
        }
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

impl Difference {
    /// What stands there in this field, as a person had us take it over.
    pub(crate) fn mark(&self) -> String {
        format!("{} {}", self.field, text_of(&self.theirs))
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

fn add(
    field: &'static str,
    ours: Option<String>,
    theirs: Option<String>,
    all: &mut Vec<Difference>,
) {
    all.push(Difference {
        field,
        ours,
        theirs,
        is_harmless: HARMLESS.contains(&field),
    });
}

fn text_of(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default()
}

fn told(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn listed(parts: &[String]) -> Option<String> {
    told(&parts.join(", "))
}

fn posts(place: &str, paid: Decimal) -> String {
    format!("{place} {paid:.2}")
}

fn day(day: Date) -> String {
    day.to_string()
}

fn amount(amount: Decimal) -> String {
    format!("{amount:.2}")
}

#[cfg(test)]
mod tests;
