use super::{Person, id, is_active, pick_one};
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::{Edit, Error};

/// Account types, each with one of its subtypes.
const TYPES: [(&str, &str); 4] = [
    ("Income", "ServiceFeeIncome"),
    ("Other Current Asset", "OtherCurrentAssets"),
    ("Other Current Liability", "OtherCurrentLiabilities"),
    ("Expense", "OtherMiscellaneousServiceCost"),
];

impl Person<'_> {
    pub(super) fn edit_list(
        &mut self,
        edit: Edit,
        list: &str,
        pick: &mut impl FnMut(usize) -> usize,
    ) -> Result<bool, Error> {
        let kind = crate::person::parse_kind(list)?;
        let is_reactivation = matches!(edit, Edit::Reactivate(_));
        let Some(entry) = pick_one(
            self.select(kind, |entry| is_active(entry) != is_reactivation),
            pick,
        ) else {
            return Ok(false);
        };
        match edit {
            Edit::Rename(_) => {
                let name = format!("Renamed {}", pick(10_000));
                self.rename(list, id(&entry), &name)?;
            }
            Edit::Merge(_) => {
                let is_candidate = |other: &Object| are_mergeable(kind, &entry, other);
                let Some(into) = pick_one(self.select(kind, is_candidate), pick) else {
                    return Ok(false);
                };
                self.merge(list, id(&entry), id(&into))?;
            }
            _ => self.set_active(list, id(&entry), is_reactivation)?,
        }
        Ok(true)
    }

    pub(super) fn retype_some_account(
        &mut self,
        pick: &mut impl FnMut(usize) -> usize,
    ) -> Result<bool, Error> {
        let Some(account) = pick_one(self.select(Kind::Account, is_active), pick) else {
            return Ok(false);
        };
        let Some((kind, subtype)) = pick_one(TYPES.to_vec(), pick) else {
            return Ok(false);
        };
        self.retype_account(id(&account), kind, subtype)?;
        Ok(true)
    }
}

/// Returns whether the page would offer to merge the two entries.
fn are_mergeable(kind: Kind, one: &Object, other: &Object) -> bool {
    let has_same_type = kind != Kind::Account
        || ["AccountType", "AccountSubType"]
            .iter()
            .all(|field| json::text(one, field) == json::text(other, field));
    has_same_type && is_active(other) && id(one) != id(other)
}
