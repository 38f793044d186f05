use jiff::Span;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Person, id, is_active, pick_one};
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::{ClassTracking, Edit, Error, money};

impl Person<'_> {
    pub(super) fn edit_invoice(
        &mut self,
        edit: Edit,
        pick: &mut impl FnMut(usize) -> usize,
    ) -> Result<bool, Error> {
        let is_live = |invoice: &Object| {
            edit == Edit::DeleteInvoice || money::field(invoice, "TotalAmt") > Decimal::ZERO
        };
        let Some(invoice) = pick_one(self.select(Kind::Invoice, is_live), pick) else {
            return Ok(false);
        };
        let address = format!("office{}@turnerbay.example", pick(100));
        match edit {
            Edit::VoidInvoice => self.void("Invoice", id(&invoice))?,
            Edit::DeleteInvoice => self.delete("Invoice", id(&invoice))?,
            Edit::EmailInvoice => self.email(id(&invoice), &address)?,
            _ => {
                let Some(changes) = self.invoice_changes(edit, &invoice, pick) else {
                    return Ok(false);
                };
                self.edit("Invoice", id(&invoice), changes)?;
            }
        }
        Ok(true)
    }

    fn invoice_changes(
        &self,
        edit: Edit,
        invoice: &Object,
        pick: &mut impl FnMut(usize) -> usize,
    ) -> Option<Value> {
        let changes = match edit {
            Edit::ChangeAmount => {
                let amount = money::json(Decimal::new(i64::try_from(pick(500_000)).ok()?, 2));
                json!({"Line": lines_with_change(invoice, pick, |line, detail| {
                    json::set(line, "Amount", amount);
                    detail.remove("Qty");
                    detail.remove("UnitPrice");
                })?})
            }
            Edit::ChangeCustomer => {
                json!({"CustomerRef": self.pick_reference(Kind::Customer, pick)?})
            }
            Edit::ChangeItem => {
                let item = self.pick_reference(Kind::Item, pick)?;
                json!({"Line": lines_with_change(invoice, pick, |_, detail| json::set(detail, "ItemRef", item))?})
            }
            Edit::ChangeClass => return self.class_change(invoice, pick),
            Edit::ChangeNumber => json!({"DocNumber": format!("P-{}", pick(1000))}),
            Edit::ChangeDate => json!({"TxnDate": moved_date(invoice, "TxnDate", pick)?}),
            Edit::ChangeMemo if pick(2) == 0 => json!({"PrivateNote": "Corrected by hand"}),
            Edit::ChangeMemo => json!({"CustomerMemo": {"value": "Thank you"}}),
            Edit::ChangeEmail => {
                let address = format!("billing{}@turnerbay.example", pick(100));
                json!({"BillEmail": {"Address": address}})
            }
            Edit::ChangeTerms => {
                json!({"SalesTermRef": self.pick_reference(Kind::Term, pick)?, "DueDate": null})
            }
            _ => json!({"DueDate": moved_date(invoice, "DueDate", pick)?}),
        };
        Some(changes)
    }

    fn class_change(
        &self,
        invoice: &Object,
        pick: &mut impl FnMut(usize) -> usize,
    ) -> Option<Value> {
        let class = self.pick_reference(Kind::Class, pick)?;
        let company = self.simulator.companies.get(&self.realm)?;
        match company.settings.class_tracking {
            ClassTracking::Off => None,
            ClassTracking::PerTransaction => Some(json!({ "ClassRef": class })),
            ClassTracking::PerLine => {
                let set_class =
                    |_: &mut Object, detail: &mut Object| json::set(detail, "ClassRef", class);
                Some(json!({"Line": lines_with_change(invoice, pick, set_class)?}))
            }
        }
    }

    /// Returns a reference to an active entry of a list.
    fn pick_reference(&self, kind: Kind, pick: &mut impl FnMut(usize) -> usize) -> Option<Value> {
        let entry = pick_one(self.select(kind, is_active), pick)?;
        Some(json!({"value": id(&entry)}))
    }
}

/// Returns the lines of an invoice with one line changed.
fn lines_with_change(
    invoice: &Object,
    pick: &mut impl FnMut(usize) -> usize,
    change: impl FnOnce(&mut Object, &mut Object),
) -> Option<Vec<Value>> {
    let mut lines: Vec<Object> = json::list(invoice, "Line").cloned().collect();
    let is_sale = |line: &Object| line.contains_key("SalesItemLineDetail");
    let places = (0..lines.len()).filter(|index| lines.get(*index).is_some_and(is_sale));
    let place = pick_one(places.collect(), pick)?;
    let line = lines.get_mut(place)?;
    let Some(Value::Object(mut detail)) = line.remove("SalesItemLineDetail") else {
        return None;
    };
    change(line, &mut detail);
    json::set(line, "SalesItemLineDetail", detail);
    Some(lines.into_iter().map(Value::Object).collect())
}

/// Returns the date of a field, moved up to 30 days earlier or later.
fn moved_date(
    invoice: &Object,
    field: &str,
    pick: &mut impl FnMut(usize) -> usize,
) -> Option<String> {
    let date: Date = json::text(invoice, field)?.parse().ok()?;
    let days = Span::new().days(i64::try_from(pick(61)).ok()? - 30);
    Some(date.saturating_add(days).to_string())
}
