//! Edits of a given kind to an entity that is picked among the existing ones.

mod entries;
mod invoices;
mod lists;
mod payments;

use super::{Edit, Person};
use crate::json::Object;
use crate::kind::Kind;
use crate::{ClassTracking, Error, json};

impl Person<'_> {
    /// Makes one edit of the given kind. Returns whether the company had an entity to edit. `pick` returns a number below
    /// its argument, which is never zero.
    ///
    /// # Errors
    /// As [`Person::edit`]. A refused edit changes nothing.
    pub fn attempt(
        &mut self,
        edit: Edit,
        pick: &mut impl FnMut(usize) -> usize,
    ) -> Result<bool, Error> {
        match edit {
            Edit::PayPartly
            | Edit::PayFully
            | Edit::PayTooMuch
            | Edit::PaySeveral
            | Edit::Unapply
            | Edit::VoidPayment
            | Edit::DeletePayment
            | Edit::ApplyCreditMemo
            | Edit::DepositPayment
            | Edit::DeleteDeposit => self.edit_payment(edit, pick),
            Edit::ChangeEntry | Edit::VoidEntry | Edit::DeleteEntry => self.edit_entry(edit, pick),
            Edit::Rename(list)
            | Edit::Merge(list)
            | Edit::Inactivate(list)
            | Edit::Reactivate(list) => self.edit_list(edit, list, pick),
            Edit::RetypeAccount => self.retype_some_account(pick),
            Edit::ClassTracking | Edit::ClosingDate | Edit::CustomNumbers | Edit::RenameCompany => {
                self.edit_setting(edit, pick);
                Ok(true)
            }
            _ => self.edit_invoice(edit, pick),
        }
    }

    fn edit_setting(&mut self, edit: Edit, pick: &mut impl FnMut(usize) -> usize) {
        match edit {
            Edit::ClassTracking => self.set_class_tracking(match pick(3) {
                0 => ClassTracking::Off,
                1 => ClassTracking::PerTransaction,
                _ => ClassTracking::PerLine,
            }),
            Edit::ClosingDate => {
                let day = crate::time_format::server_date(self.simulator.now);
                let back = jiff::Span::new().days(i64::try_from(pick(60)).unwrap_or_default());
                let until = (pick(3) > 0).then(|| day.saturating_sub(back));
                self.close_books(until);
            }
            Edit::CustomNumbers => {
                let on = self
                    .company()
                    .is_some_and(|company| company.settings.custom_numbers);
                self.set_custom_numbers(!on);
            }
            _ => self.rename_company(&format!("Harbor Electric {}", pick(1000))),
        }
    }

    /// Returns the entities of a kind that fit.
    fn select(&self, kind: Kind, fits: impl Fn(&Object) -> bool) -> Vec<Object> {
        let company = self.simulator.companies.get(&self.realm);
        company
            .into_iter()
            .flat_map(|company| company.records.objects(kind))
            .filter(|entity| fits(entity))
            .cloned()
            .collect()
    }
}

/// Picks one of the choices, if there are any.
fn pick_one<T>(mut choice: Vec<T>, pick: &mut impl FnMut(usize) -> usize) -> Option<T> {
    if choice.is_empty() {
        return None;
    }
    let index = pick(choice.len());
    (index < choice.len()).then(|| choice.swap_remove(index))
}

fn id(entity: &Object) -> &str {
    json::text(entity, "Id").unwrap_or_default()
}

fn is_active(entity: &Object) -> bool {
    json::flag(entity, "Active") != Some(false)
}
