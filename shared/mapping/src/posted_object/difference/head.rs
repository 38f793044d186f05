//! Comparison of the fields above the lines.

use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;

use super::field::{Difference, non_empty, text_difference, text_of};
use super::lines::WrittenLine;
use crate::money::money_text;
use crate::posted_object::PostedObject;
use crate::posting::Sale;

/// Compares number, date, total, customer and private note.
pub(super) fn head_differences(
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

/// Compares the open amount of a sales form with its total. A lower one says what was paid or credited, and a higher one fits no posting.
pub(super) fn balance_difference(found: &ObjectSnapshot) -> Option<Difference> {
    let (balance, total) = (found.balance?, found.total?);
    (balance > total).then(|| {
        Difference::new(
            "balance",
            Some(money_text(total)),
            Some(money_text(balance)),
        )
    })
}

/// Compares the customer memo and due date of a sales form.
pub(super) fn form_differences(sale: &Sale, found: &ObjectSnapshot) -> Vec<Difference> {
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
