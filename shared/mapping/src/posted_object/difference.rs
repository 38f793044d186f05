//! The differences between an object in QuickBooks and what RIVET wrote.

mod merged;
mod payment;
mod lines;
mod field;

use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;

pub use self::field::Difference;
pub use self::merged::ReplacedReference;

use self::field::{non_empty, text_difference, text_of};
use self::lines::{WrittenLine, line_differences, written_lines};
use self::payment::payment_differences;
use crate::money::money_text;
use crate::posted_object::PostedObject;
use crate::posting::{Posting, Sale};

impl PostedObject {
    /// Returns whether the object in QuickBooks has all that RIVET wrote, whatever its version is.
    ///
    /// QuickBooks also makes a new version when a payment is applied, taken off or deposited.
    #[must_use]
    pub fn is_as_written(&self, found: &ObjectSnapshot) -> bool {
        self.differences(found).is_empty()
    }

    /// Returns the fields that differ from what RIVET wrote. No difference is reported for accepted differences, for fields that RIVET
    /// leaves to QuickBooks, and for the void of an object that RIVET voided.
    #[must_use]
    pub fn differences(&self, found: &ObjectSnapshot) -> Vec<Difference> {
        let mut all = self.all_differences(found);
        let is_known_void = !self.is_active && found.is_voided();
        all.retain(|difference| {
            !is_known_void && !self.accepted_differences.contains(&difference.acceptance())
        });
        all
    }

    /// Returns the fields that differ from what RIVET wrote, accepted or not.
    pub(crate) fn all_differences(&self, found: &ObjectSnapshot) -> Vec<Difference> {
        let lines = written_lines(self);
        let mut all = head_differences(self, &lines, found);
        match &self.posting {
            Posting::Invoice(sale) | Posting::CreditMemo(sale) => {
                all.extend(form_differences(sale, found));
                all.extend(line_differences(self, &lines, found));
            }
            Posting::JournalEntry(_) => all.extend(line_differences(self, &lines, found)),
            Posting::Payment(receipt) => {
                all.extend(payment_differences(receipt, &self.ids, found));
            }
        }
        all
    }
}

/// Compares number, date, total, customer and private note.
fn head_differences(
    posted: &PostedObject,
    lines: &[WrittenLine<'_>],
    found: &ObjectSnapshot,
) -> Vec<Difference> {
    let mut all = Vec::new();
    if posted.posting.kind() != Kind::Payment {
        let [ours, theirs] = [&posted.number, &found.doc_number].map(text_of);
        all.extend(text_difference("number", ours, theirs));
    }
    let (ours, theirs) = (posted.posting.date(), found.date);
    if theirs != Some(ours) {
        let theirs = theirs.map(|date| date.to_string());
        all.push(Difference::new("date", Some(ours.to_string()), theirs));
    }
    let (ours, theirs) = (posted.posting.total(), found.amount());
    if theirs != Some(ours) {
        let theirs = theirs.map(money_text);
        all.push(Difference::new("total", Some(money_text(ours)), theirs));
    }
    let theirs = found_customer(posted, lines, found);
    all.extend(text_difference("customer", &posted.ids.customer, theirs));
    let theirs = text_of(&found.private_note);
    all.extend(text_difference(
        "private_note",
        posted.posting.note(),
        theirs,
    ));
    all
}

/// Returns the id of the customer in QuickBooks. Each line of an entry has its own customer: the first other one counts.
fn found_customer<'a>(
    posted: &PostedObject,
    lines: &[WrittenLine<'_>],
    found: &'a ObjectSnapshot,
) -> &'a str {
    let first = found.customer.as_ref();
    let first = first.map_or("", |customer| customer.value.as_str());
    if found.kind != Kind::JournalEntry || first != posted.ids.customer {
        return first;
    }
    let mut others = found.lines.iter().take(lines.len());
    let other = others.find(|line| line.name_id != posted.ids.customer);
    other.map_or(first, |line| &line.name_id)
}

/// Compares the customer memo and due date of a sales form.
fn form_differences(sale: &Sale, found: &ObjectSnapshot) -> Vec<Difference> {
    let (memo, due) = (&found.customer_memo, &found.due_date);
    let mut all = Vec::new();
    all.extend(text_difference("customer_memo", &sale.memo, memo));
    if let Some(ours) = sale.due.filter(|day| json::parse_day(due) != Some(*day)) {
        all.push(Difference::new(
            "due_date",
            Some(ours.to_string()),
            non_empty(due),
        ));
    }
    all
}

#[cfg(test)]
mod tests;
