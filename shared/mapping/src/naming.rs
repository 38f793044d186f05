//! Labels: numbers, names and texts, cut to what QuickBooks takes.
//!
//! Lengths are counted in UTF-16 units, as QuickBooks is a Java service: never fewer than characters, so what fits
//! here fits however it counts. Cuts fall between characters. A label is never a key.

use billing::{Customer, DocumentRef, Id, PayApp, Project};

use crate::digest;

use crate::posting::Role;
use crate::slot::Slot;

/// Limit of `DocNumber` and `PaymentRefNum`.
pub(crate) const NUMBER: usize = 21;
/// Limit of a line's `Description` and of `PrivateNote`.
pub(crate) const DESCRIPTION: usize = 4000;
/// Limit of `CustomerMemo`.
pub(crate) const MEMO: usize = 1000;
/// Limit of a class's `Name` and a customer's `CompanyName`.
pub(crate) const NAME: usize = 100;
/// Limit of a customer's `DisplayName`.
pub(crate) const DISPLAY_NAME: usize = 500;

/// The number of a pay application's invoice or credit memo: `{project}-{n}`.
///
/// One that would be longer than 21 keeps the pay application's number, and the project's becomes as much of its beginning
/// as fits, `~` and six letters or digits that stand for the whole of it: `2026-SPRIN~k3f9a2-12`.
#[must_use]
pub fn document_number(project_number: &str, pay_app_number: u32) -> String {
    number(project_number, &format!("-{pay_app_number}"), NUMBER)
}

/// The number of a pay application's retainage entry: that of its invoice with an `R`, shortened by the same rule.
#[must_use]
pub fn journal_number(project_number: &str, pay_app_number: u32) -> String {
    number(
        project_number,
        &format!("-{pay_app_number}R"),
        NUMBER - REVERSAL.len(),
    )
}

/// The number of a retainage release, which RIVET does not count: `{project}-REL-` and six letters or digits that stand for
/// the release's id.
#[must_use]
pub fn release_number(project_number: &str, release: &Id) -> String {
    number(
        project_number,
        &format!("-REL-{}", digest::short(release.as_ref())),
        NUMBER - REVERSAL.len(),
    )
}

/// Entries leave room for it, so that their reversal's number always fits too.
const REVERSAL: &str = "V";

/// The number of the entry that reverses the one numbered `number`.
pub(crate) fn reversal_number(number: &str) -> String {
    format!("{number}{REVERSAL}")
}

/// What we call the service item that posts to an account of this role.
#[must_use]
pub fn item_name(role: Role) -> &'static str {
    match role {
        Role::Revenue => "RIVET Contract Revenue",
        Role::Retainage => "RIVET Retainage",
    }
}

/// What we call it if an item of [that name](item_name) exists already and posts to another account.
#[must_use]
pub fn item_name_for(role: Role, account: &str) -> String {
    clipped(&format!("{} ({account})", item_name(role)), NAME)
}

/// The name of a project's class: its number and name, without the colon that QuickBooks has for sub-classes.
/// One that is too long ends in six letters or digits that stand for the whole of it.
#[must_use]
pub fn class_name(project: &Project) -> String {
    let name = listed(&format!("{} {}", project.number, project.name), &project.id);
    if length(&name) <= NAME {
        return name;
    }
    let tail = format!("~{}", digest::short(&name));
    format!("{}{tail}", head(&name, NAME - length(&tail)).trim_end())
}

/// A customer's display name, without the colon that QuickBooks has for sub-customers.
#[must_use]
pub fn customer_name(customer: &Customer) -> String {
    clipped(&listed(&customer.name, &customer.id), DISPLAY_NAME)
}

/// What the form says it is for.
pub(crate) fn memo(pay_app: &PayApp) -> String {
    let PayApp {
        project,
        number,
        period_start,
        period_end,
        ..
    } = pay_app;
    let text = format!(
        "{} {} · Pay app {number} · {period_start} to {period_end}",
        project.number, project.name
    );
    clipped(&text, MEMO)
}

/// Which document a transaction is for and what it is to it, where people at the firm can read it. Neither kind nor id has a
/// space, so no note is the end of another one.
pub(crate) fn note(document: &DocumentRef, revision: u32, slot: Slot) -> String {
    let note = format!(
        "RIVET {} {} revision {revision}",
        document.kind, document.id
    );
    if slot == Slot::Retainage {
        format!("{note} retainage")
    } else {
        note
    }
}

/// `name` with `suffix`, cut before it so that both fit a customer's display name.
#[must_use]
pub fn suffixed_name(name: &str, suffix: &str) -> String {
    let room = DISPLAY_NAME.saturating_sub(length(suffix));
    format!("{}{suffix}", head(name, room).trim_end())
}

/// `text`, or as much of it as fits with an ellipsis.
pub(crate) fn clipped(text: &str, limit: usize) -> String {
    if length(text) <= limit {
        return text.to_owned();
    }
    format!("{}…", head(text, limit - 1).trim_end())
}

fn number(project: &str, tail: &str, limit: usize) -> String {
    let whole = format!("{project}{tail}");
    if length(&whole) <= limit {
        return whole;
    }
    let tail = format!("~{}{tail}", digest::short(project));
    format!(
        "{}{tail}",
        head(project, limit.saturating_sub(length(&tail)))
    )
}

/// A name for a list of QuickBooks': colons there part a parent from its child.
fn listed(name: &str, id: &Id) -> String {
    let parts: Vec<_> = name
        .split(':')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let name = parts.join(" - ").replace(char::is_control, " ");
    if name.is_empty() {
        id.to_string()
    } else {
        name
    }
}

/// The longest beginning of `text` within `limit`.
fn head(text: &str, limit: usize) -> &str {
    let mut used = 0;
    let past = |c: char| {
        used += c.len_utf16();
        used > limit
    };
    text.find(past).map_or(text, |end| &text[..end])
}

fn length(text: &str) -> usize {
    text.encode_utf16().count()
}
