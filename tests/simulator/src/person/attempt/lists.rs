use super::{Person, id, is_active, one};
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::{Edit, Error};

/// Types that an account may be changed to, each with a subtype of it.
const TYPES: [(&str, &str); 4] = [
    ("Income", "ServiceFeeIncome"),
    ("Other Current Asset", "OtherCurrentAssets"),
    ("Other Current Liability", "OtherCurrentLiabilities"),
    ("Expense", "OtherMiscellaneousServiceCost"),
];

impl Person<'_> {
    pub(super) fn handle_list(
        &mut self,
        edit: Edit,
        list: &str,
        pick: &mut impl FnMut(usize) -> usize,
    ) -> Result<bool, Error> {
        let kind = crate::person::known(list)?;
        let back = matches!(edit, Edit::Reactivate(_));
        let Some(entry) = one(self.those(kind, |entry| is_active(entry) != back), pick) else {
            return Ok(false);
        };
        match edit {
            Edit::Rename(_) => {
                let name = format!("Renamed {}", pick(10_000));
                self.rename(list, id(&entry), &name)?;
            }
            Edit::Merge(_) => {
                let like = |other: &Object| is_like(kind, &entry, other);
                let Some(into) = one(self.those(kind, like), pick) else {
                    return Ok(false);
                };
                self.merge(list, id(&entry), id(&into))?;
            }
            _ => self.set_active(list, id(&entry), back)?,
        }
        Ok(true)
    }

    pub(super) fn retype_some_account(
        &mut self,
        pick: &mut impl FnMut(usize) -> usize,
    ) -> Result<bool, Error> {
        let Some(account) = one(self.those(Kind::Account, is_active), pick) else {
            return Ok(false);
        };
        let Some((kind, subtype)) = one(TYPES.to_vec(), pick) else {
            return Ok(false);
        };
        self.retype_account(id(&account), kind, subtype)?;
        Ok(true)
    }
}

/// Whether the page would offer to merge the one into the other.
fn is_like(kind: Kind, one: &Object, other: &Object) -> bool {
    let same = kind != Kind::Account
        || ["AccountType", "AccountSubType"]
            .iter()
            .all(|field| json::text(one, field) == json::text(other, field));
    same && is_active(other) && id(one) != id(other)
}
