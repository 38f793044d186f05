//! The service item that posts to an account: remembered, found, or created.

use super::Made;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use jiff::Timestamp;
use mapping::LineAccount;
use quickbooks::entity::Listed;
use quickbooks::query::Field;
use quickbooks::{Kind, Query};

impl<H: Http, R: Records> Office<'_, H, R> {
    /// One that carries our name but posts elsewhere is left alone: old postings stand on it.
    pub(super) async fn item(
        &mut self,
        account: &LineAccount,
        now: Timestamp,
    ) -> Result<String, Halt> {
        if let Some(id) = self.items.by_account.get(&account.id) {
            return Ok(id.clone());
        }
        let found = self.find_or_create_item(account, now).await;
        if let Ok(id) = &found {
            let account = account.id.clone();
            self.items.by_account.insert(account, id.clone());
        }
        if super::is_news(&found, &mut self.items.creations) {
            self.bridge.store.keep_items(self.firm, &self.items).await?;
        }
        found
    }

    async fn find_or_create_item(
        &mut self,
        account: &LineAccount,
        now: Timestamp,
    ) -> Result<String, Halt> {
        let base = mapping::item_name(account.role);
        let query = Query::from(Kind::Item).filter(Field::Name.starts_with(base));
        let rows = self.listed(&query.active_and_inactive(), now).await?;
        let ours = |row: &&Listed| row.active && row.account == account.id;
        if let Some(row) = rows.iter().find(ours) {
            return Ok(row.id.clone());
        }
        let name = free_name(base, &rows);
        let made = Made {
            of: &account.id,
            times: self.items.creations,
        };
        let body = mapping::item_body(account, &name);
        self.create(body.into(), (&name, made), now).await
    }
}

/// `RIVET Retainage`, or with the first free number behind it. An inactive one's name is not used again, so that it can come back.
fn free_name(base: &str, taken: &[Listed]) -> String {
    let is_taken = |name: &str| taken.iter().any(|item| item.name == name);
    let numbered = (2..).map(|n| format!("{base} {n}"));
    let mut names = std::iter::once(base.to_owned()).chain(numbered);
    names
        .find(|name| !is_taken(name))
        .unwrap_or_else(|| base.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_item_that_exists_is_not_taken_twice_even_if_it_is_inactive() {
        let item = |name: &str, active| Listed {
            name: name.into(),
            active,
            ..Listed::default()
        };
        let there = [
            item("RIVET Retainage", true),
            item("RIVET Retainage 2", false),
        ];
        assert_eq!(free_name("RIVET Retainage", &there), "RIVET Retainage 3");
        assert_eq!(free_name("RIVET Retainage", &[]), "RIVET Retainage");
    }
}
