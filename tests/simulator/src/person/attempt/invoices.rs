use jiff::Span;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Person, id, is_active, one};
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::{ClassTracking, Edit, Error, money};

impl Person<'_> {
    pub(super) fn handle_invoice(
        &mut self,
        edit: Edit,
        pick: &mut impl FnMut(usize) -> usize,
    ) -> Result<bool, Error> {
        let live = |invoice: &Object| {
            edit == Edit::DeleteInvoice || money::field(invoice, "TotalAmt") > Decimal::ZERO
        };
        let Some(invoice) = one(self.those(Kind::Invoice, live), pick) else {
            return Ok(false);
        };
        let address = format!("office{}@turnerbay.example", pick(100));
        match edit {
            Edit::VoidInvoice => self.void("Invoice", id(&invoice))?,
            Edit::DeleteInvoice => self.delete("Invoice", id(&invoice))?,
            Edit::EmailInvoice => self.email(id(&invoice), &address)?,
            _ => {
                let Some(changes) = self.changed(edit, &invoice, pick) else {
                    return Ok(false);
                };
                self.edit("Invoice", id(&invoice), changes)?;
            }
        }
        Ok(true)
    }

    fn changed(
        &self,
        edit: Edit,
        invoice: &Object,
        pick: &mut impl FnMut(usize) -> usize,
    ) -> Option<Value> {
        let changes = match edit {
            Edit::ChangeAmount => {
                let amount = money::json(Decimal::new(i64::try_from(pick(500_000)).ok()?, 2));
                json!({"Line": lines(invoice, pick, |line, detail| {
                    json::set(line, "Amount", amount);
                    detail.remove("Qty");
                    detail.remove("UnitPrice");
                })?})
            }
            Edit::ChangeCustomer => json!({"CustomerRef": self.other(Kind::Customer, pick)?}),
            Edit::ChangeItem => {
                let item = self.other(Kind::Item, pick)?;
                json!({"Line": lines(invoice, pick, |_, detail| json::set(detail, "ItemRef", item))?})
            }
            Edit::ChangeClass => return self.reclassed(invoice, pick),
            Edit::ChangeNumber => json!({"DocNumber": format!("P-{}", pick(1000))}),
            Edit::ChangeDate => json!({"TxnDate": moved(invoice, "TxnDate", pick)?}),
            Edit::ChangeMemo if pick(2) == 0 => json!({"PrivateNote": "Corrected by hand"}),
            Edit::ChangeMemo => json!({"CustomerMemo": {"value": "Thank you"}}),
            Edit::ChangeEmail => {
                let address = format!("billing{}@turnerbay.example", pick(100));
                json!({"BillEmail": {"Address": address}})
            }
            Edit::ChangeTerms => {
                json!({"SalesTermRef": self.other(Kind::Term, pick)?, "DueDate": null})
            }
            _ => json!({"DueDate": moved(invoice, "DueDate", pick)?}),
        };
        Some(changes)
    }

    fn reclassed(&self, invoice: &Object, pick: &mut impl FnMut(usize) -> usize) -> Option<Value> {
        let class = self.other(Kind::Class, pick)?;
        let company = self.simulator.companies.get(&self.realm)?;
        match company.settings.class_tracking {
            ClassTracking::Off => None,
            ClassTracking::PerTransaction => Some(json!({ "ClassRef": class })),
            ClassTracking::PerLine => {
                let set =
                    |_: &mut Object, detail: &mut Object| json::set(detail, "ClassRef", class);
                Some(json!({"Line": lines(invoice, pick, set)?}))
            }
        }
    }

    /// A reference to some active entry of a list.
    fn other(&self, kind: Kind, pick: &mut impl FnMut(usize) -> usize) -> Option<Value> {
        let entry = one(self.those(kind, is_active), pick)?;
        Some(json!({"value": id(&entry)}))
    }
}

/// The lines of an invoice, with one of them changed.
fn lines(
    invoice: &Object,
    pick: &mut impl FnMut(usize) -> usize,
    change: impl FnOnce(&mut Object, &mut Object),
) -> Option<Vec<Value>> {
    let mut lines: Vec<Object> = json::list(invoice, "Line").cloned().collect();
    let sold = |line: &Object| line.contains_key("SalesItemLineDetail");
    let places = (0..lines.len()).filter(|index| lines.get(*index).is_some_and(sold));
    let place = one(places.collect(), pick)?;
    let line = lines.get_mut(place)?;
    let Some(Value::Object(mut detail)) = line.remove("SalesItemLineDetail") else {
        return None;
    };
    change(line, &mut detail);
    json::set(line, "SalesItemLineDetail", detail);
    Some(lines.into_iter().map(Value::Object).collect())
}

/// The date in a field, up to a month earlier or later.
fn moved(invoice: &Object, field: &str, pick: &mut impl FnMut(usize) -> usize) -> Option<String> {
    let date: Date = json::text(invoice, field)?.parse().ok()?;
    let days = Span::new().days(i64::try_from(pick(61)).ok()? - 30);
    Some(date.saturating_add(days).to_string())
}
