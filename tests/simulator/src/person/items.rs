use rust_decimal::Decimal;
use serde_json::json;

use super::Person;
use crate::Error;
use crate::company_state::CompanyState;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::ledger::{Entry, Transaction};
use crate::money;

/// The answer of a person to *Also update this account in historical transactions*.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// Earlier sales move to the new account.
    Updated,
    /// Earlier sales stay on the old account.
    Kept,
}

impl Person<'_> {
    /// Gives an item another income account.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn change_item_account(
        &mut self,
        item: &str,
        account: &str,
        history: History,
    ) -> Result<(), Error> {
        self.edit(
            "Item",
            item,
            json!({"IncomeAccountRef": {"value": account}}),
        )?;
        if history == History::Updated
            && let Some(company) = self.company()
        {
            for kind in [Kind::Invoice, Kind::CreditMemo] {
                move_sales(company, kind, &Move { item, account });
            }
        }
        Ok(())
    }
}

/// A move of the sales of one item to another account.
struct Move<'a> {
    item: &'a str,
    account: &'a str,
}

/// Moves the sales of an item in every form of a kind. The forms get no new version.
fn move_sales(company: &mut CompanyState, kind: Kind, to: &Move<'_>) {
    let forms: Vec<String> = company
        .records
        .objects(kind)
        .filter_map(|form| json::text(form, "Id"))
        .map(str::to_owned)
        .collect();
    for id in forms {
        let transaction = Transaction {
            kind: kind.name(),
            id,
        };
        move_form(company, kind, &transaction, to);
    }
}

fn move_form(company: &mut CompanyState, kind: Kind, form: &Transaction, to: &Move<'_>) {
    let lines = company.ledger.lines_of(form.kind, &form.id);
    let Some(date) = lines.first().map(|line| line.date) else {
        return;
    };
    let mut entries: Vec<Entry> = lines.iter().map(|line| line.entry.clone()).collect();
    let Some(body) = company.records.get_mut(kind, &form.id) else {
        return;
    };
    let sign = match kind {
        Kind::CreditMemo => Decimal::ONE,
        _ => Decimal::NEGATIVE_ONE,
    };
    for line in json::list_mut(body, "Line") {
        let amount = money::field(line, "Amount") * sign;
        let Some(detail) = line
            .get_mut("SalesItemLineDetail")
            .and_then(|detail| detail.as_object_mut())
        else {
            continue;
        };
        if json::reference(detail, "ItemRef") == Some(to.item) {
            move_entry(&mut entries, detail, amount, to.account);
        }
    }
    company.ledger.post(form, date, entries);
}

/// Moves the entry of one line.
fn move_entry(entries: &mut [Entry], detail: &mut Object, amount: Decimal, account: &str) {
    let before = json::reference(detail, "ItemAccountRef")
        .unwrap_or_default()
        .to_owned();
    let moved = entries
        .iter_mut()
        .find(|entry| entry.account == before && entry.amount == amount);
    if let Some(entry) = moved {
        account.clone_into(&mut entry.account);
    }
    json::set(detail, "ItemAccountRef", json!({ "value": account }));
}
