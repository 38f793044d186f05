use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Person, id, pick_one};
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::{Edit, Error, money};

impl Person<'_> {
    pub(super) fn edit_entry(
        &mut self,
        edit: Edit,
        pick: &mut impl FnMut(usize) -> usize,
    ) -> Result<bool, Error> {
        let is_live = |entry: &Object| {
            let mut lines = json::list(entry, "Line");
            edit == Edit::DeleteEntry || lines.any(|line| !money::field(line, "Amount").is_zero())
        };
        let Some(entry) = pick_one(self.select(Kind::JournalEntry, is_live), pick) else {
            return Ok(false);
        };
        match edit {
            Edit::VoidEntry => self.void("JournalEntry", id(&entry))?,
            Edit::DeleteEntry => self.delete("JournalEntry", id(&entry))?,
            _ => {
                let changes = match pick(4) {
                    0 => json!({"PrivateNote": "Corrected by hand"}),
                    1 => json!({"DocNumber": format!("J-{}", pick(1000))}),
                    2 => json!({"TxnDate": format!("2026-03-{:02}", 1 + pick(31))}),
                    _ => json!({"Line": doubled_lines(&entry)}),
                };
                self.edit("JournalEntry", id(&entry), changes)?;
            }
        }
        Ok(true)
    }
}

/// Returns the lines of an entry with twice their amounts, so that the entry still balances.
fn doubled_lines(entry: &Object) -> Vec<Value> {
    let twice = |line: &Object| {
        let mut line = line.clone();
        let amount = money::field(&line, "Amount") * Decimal::TWO;
        json::set(&mut line, "Amount", money::json(amount));
        Value::Object(line)
    };
    json::list(entry, "Line").map(twice).collect()
}
