//! Snapshots: an object of any kind as QuickBooks has it, with the fields that a comparison needs.

use super::field::{amount, created_at, reference, text, updated_at};
use super::kind::Kind;
use super::reference::Reference;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;

/// An object as QuickBooks answers with it.
///
/// A snapshot has an id and a version. Any other field that is missing or malformed counts as absent. No addition of a person or
/// of Intuit can therefore hide that the object exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectSnapshot {
    /// The kind of object.
    pub kind: Kind,
    /// The object's id.
    pub id: String,
    /// The object's version, which the next change must name.
    pub sync_token: String,
    /// The number, for the kinds that have one.
    pub doc_number: Option<String>,
    /// The note that only the firm sees, for the kinds that have one.
    pub private_note: Option<String>,
    /// The date on which a transaction posts.
    pub date: Option<Date>,
    /// The customer. Of a journal entry, the first name on its lines.
    pub customer: Option<Reference>,
    /// The total of a sales form or payment. A journal entry has 0.
    pub total: Option<Decimal>,
    /// The open amount of a sales form.
    pub balance: Option<Decimal>,
    /// The memo for the customer on a sales form. Empty without one.
    pub customer_memo: String,
    /// The date on which a sales form is due, as Intuit writes it. Empty without one.
    pub due_date: String,
    /// The lines that post an amount, in their order. Subtotals and lines of text are left out.
    pub lines: Vec<SnapshotLine>,
    /// The payer's reference of a payment.
    pub payment_reference: Option<String>,
    /// The time when the object was created, as QuickBooks says.
    pub created_at: Option<Timestamp>,
    /// The time when the object changed last, as QuickBooks says.
    pub updated_at: Option<Timestamp>,
    /// The linked transactions. Of a payment, the transactions that its lines pay, with amounts.
    pub links: Vec<Link>,
    /// The amount of a payment that is applied to no transaction.
    pub unapplied_amount: Option<Decimal>,
    /// The id of the account that receives a payment.
    pub deposit_account_id: Option<String>,
    /// The value of one unit of the transaction's currency in the company's own, where a company uses several.
    pub exchange_rate: Option<Decimal>,
}

/// A line that posts an amount. Texts are empty where the line has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotLine {
    /// The id to which the amount posts: the account of a line of a journal entry, the item of a line of a sales form.
    pub account_or_item_id: String,
    /// The id of the account to which the item of a line posted (Intuit: `ItemAccountRef`).
    pub item_account_id: String,
    /// The amount. Debits of a journal entry are positive, credits negative.
    pub amount: Decimal,
    /// The text of the line.
    pub description: String,
    /// The id of the line's class, or of the class of the whole form.
    pub class_id: String,
    /// The id of the customer, vendor or employee on a line of a journal entry.
    pub name_id: String,
}

/// A transaction that another is linked with. Transactions of kinds that are not read here, such as deposits, are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The kind of transaction.
    pub kind: Kind,
    /// The transaction's id.
    pub id: String,
    /// The amount that a line of a payment pays of it. `None` on other links.
    pub amount: Option<Decimal>,
}

impl ObjectSnapshot {
    /// Returns whether the object was voided: its amount is zero, and its note says so. The API voids no credit memo or
    /// journal entry, but a person can.
    pub fn is_voided(&self) -> bool {
        self.amount().is_some_and(|amount| amount.is_zero())
            && text_of(&self.private_note).starts_with("Voided")
    }

    /// Returns the amount: the total, or the debits of a journal entry.
    pub fn amount(&self) -> Option<Decimal> {
        if self.kind != Kind::JournalEntry {
            return self.total;
        }
        let amounts = self.lines.iter().map(|line| line.amount);
        Some(amounts.filter(Decimal::is_sign_positive).sum())
    }

    /// Reads an object from JSON. `None` without an id or a version. A derived reader would be far larger, and would refuse
    /// fields that need not be understood.
    pub(crate) fn read(kind: Kind, object: &Value) -> Option<Self> {
        let lines = object.get("Line").and_then(Value::as_array);
        let lines = lines.map(Vec::as_slice).unwrap_or_default();
        Some(Self {
            kind,
            id: text(object, "Id")?,
            sync_token: text(object, "SyncToken")?,
            doc_number: text(object, "DocNumber"),
            private_note: text(object, "PrivateNote"),
            date: text(object, "TxnDate").and_then(|day| json::parse_day(&day)),
            customer: reference(object.get("CustomerRef"))
                .or_else(|| lines.iter().find_map(name_on)),
            total: amount(object, "TotalAmt"),
            balance: amount(object, "Balance"),
            customer_memo: customer_memo(object),
            due_date: text(object, "DueDate").unwrap_or_default(),
            lines: lines
                .iter()
                .filter_map(|line| posting_line(object, line))
                .collect(),
            payment_reference: text(object, "PaymentRefNum"),
            created_at: created_at(object),
            updated_at: updated_at(object),
            links: links(kind, object, lines),
            unapplied_amount: amount(object, "UnappliedAmt"),
            deposit_account_id: reference(object.get("DepositToAccountRef"))
                .map(|account| account.value),
            exchange_rate: amount(object, "ExchangeRate"),
        })
    }
}

fn text_of(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default()
}

/// Returns a field of the detail of a line, of either type.
fn detail_field<'a>(line: &'a Value, field: &str) -> Option<&'a Value> {
    let detail = line
        .get("JournalEntryLineDetail")
        .or_else(|| line.get("SalesItemLineDetail"))?;
    detail.get(field)
}

/// Reads a line. `None` if the line posts no amount to an account or item.
fn posting_line(object: &Value, line: &Value) -> Option<SnapshotLine> {
    let target = detail_field(line, "AccountRef").or_else(|| detail_field(line, "ItemRef"));
    let amount = amount(line, "Amount")?;
    let side = detail_field(line, "PostingType").and_then(Value::as_str);
    let class = detail_field(line, "ClassRef").or_else(|| object.get("ClassRef"));
    Some(SnapshotLine {
        account_or_item_id: reference(target)?.value,
        item_account_id: id_of(reference(detail_field(line, "ItemAccountRef"))),
        amount: if side == Some("Credit") {
            -amount
        } else {
            amount
        },
        description: text(line, "Description").unwrap_or_default(),
        class_id: id_of(reference(class)),
        name_id: id_of(name_on(line)),
    })
}

fn id_of(reference: Option<Reference>) -> String {
    reference.map_or_else(String::new, |reference| reference.value)
}

fn customer_memo(object: &Value) -> String {
    let memo = object.get("CustomerMemo");
    memo.and_then(|memo| text(memo, "value"))
        .unwrap_or_default()
}

/// Returns the name on a line of a journal entry.
fn name_on(line: &Value) -> Option<Reference> {
    reference(detail_field(line, "Entity")?.get("EntityRef"))
}

/// Returns the linked transactions: those of the lines of a payment, or those of the whole object.
fn links(kind: Kind, object: &Value, lines: &[Value]) -> Vec<Link> {
    let mut links = Vec::new();
    if kind != Kind::Payment {
        add_links(&mut links, object, None);
        return links;
    }
    for line in lines {
        add_links(&mut links, line, amount(line, "Amount"));
    }
    links
}

fn add_links(links: &mut Vec<Link>, holder: &Value, amount: Option<Decimal>) {
    let linked = holder.get("LinkedTxn").and_then(Value::as_array);
    for link in linked.into_iter().flatten() {
        let kind = link.get("TxnType").and_then(Value::as_str);
        if let (Some(kind), Some(id)) = (kind.and_then(Kind::from_name), text(link, "TxnId")) {
            links.push(Link { kind, id, amount });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(kind: Kind, object: &str) -> ObjectSnapshot {
        ObjectSnapshot::read(kind, &serde_json::from_str(object).unwrap()).unwrap()
    }

    fn posted_of(snapshot: &ObjectSnapshot) -> Vec<(String, Decimal)> {
        let lines = snapshot.lines.iter();
        lines
            .map(|line| (line.account_or_item_id.clone(), line.amount))
            .collect()
    }

    #[test]
    fn entry_has_customer_and_signed_lines() {
        let entry = read(
            Kind::JournalEntry,
            r#"{"Id":"131","SyncToken":"1","TxnDate":"2026-03-31","TotalAmt":0,"Line":[
            {"Amount":4850.00,"JournalEntryLineDetail":{"PostingType":"Debit","AccountRef":{"value":"91"},
             "Entity":{"Type":"Customer","EntityRef":{"value":"24","name":"Turner"}}}},
            {"Amount":4.85E3,"JournalEntryLineDetail":{"PostingType":"Credit","AccountRef":{"value":"79"}}},
            {"Description":"text only"}]}"#,
        );
        let lines = [("91", 485_000), ("79", -485_000)];
        let lines = lines.map(|(account, cents)| (account.to_owned(), Decimal::new(cents, 2)));
        assert_eq!(posted_of(&entry), lines);
        assert_eq!(entry.amount(), Some(Decimal::new(485_000, 2)));
        assert_eq!(entry.customer.unwrap().value, "24");
        assert_eq!(entry.date, json::parse_day("2026-03-31"));
    }

    #[test]
    fn form_has_customer_and_items() {
        let form = read(
            Kind::Invoice,
            r#"{"Id":"130","SyncToken":"0","CustomerRef":{"value":"24"},"TotalAmt":90.00,"Balance":1,"Line":[
            {"Amount":90.00,"SalesItemLineDetail":{"ItemRef":{"value":"7"}}},
            {"Amount":90.00,"DetailType":"SubTotalLineDetail","SubTotalLineDetail":{}}]}"#,
        );
        assert_eq!(posted_of(&form), [("7".to_owned(), Decimal::new(9_000, 2))]);
        assert_eq!(form.amount(), Some(Decimal::new(9_000, 2)));
        assert_eq!(form.customer, Some(Reference::to("24")));
    }

    #[test]
    fn amount_beyond_fifteen_digits_is_absent() {
        let entry = |amount: &str| {
            let line = |side| {
                format!(
                    r#"{{"Amount":{amount},"JournalEntryLineDetail":{{"PostingType":"{side}","AccountRef":{{"value":"91"}}}}}}"#
                )
            };
            let lines = ["Debit", "Debit", "Credit"].map(line).join(",");
            let entry =
                format!(r#"{{"Id":"1","SyncToken":"0","TotalAmt":{amount},"Line":[{lines}]}}"#);
            read(Kind::JournalEntry, &entry)
        };
        let largest = entry("-999999999999999.99");
        assert_eq!((largest.lines.len(), largest.total.is_some()), (3, true));
        for amount in ["79228162514264337593543950335", "1E15", "-1000000000000000"] {
            let unusual = entry(amount);
            assert_eq!(
                (unusual.amount(), unusual.total),
                (Some(Decimal::ZERO), None),
                "{amount}"
            );
        }
    }

    #[test]
    fn void_needs_zero_amount_and_note() {
        let form = |note: &str, total: u32| {
            let form = json!({"Id": "1", "SyncToken": "1", "PrivateNote": note, "TotalAmt": total});
            read(Kind::Invoice, &form.to_string()).is_voided()
        };
        assert!(form("Voided - RIVET pay_app pa_1 revision 1", 0) && form("Voided", 0));
        assert!(!form("RIVET pay_app pa_1 revision 1", 0) && !form("Voided", 5));
    }

    #[test]
    fn entry_voided_by_a_person_is_voided() {
        let entry = |amount: u32| {
            let line = |side: &str| {
                json!({"Amount": amount, "JournalEntryLineDetail": {
                    "PostingType": side, "AccountRef": {"value": "91"}}})
            };
            let entry = json!({"Id": "1", "SyncToken": "1", "PrivateNote": "Voided - RIVET", "TotalAmt": 0,
                "Line": [line("Debit"), line("Credit")]});
            read(Kind::JournalEntry, &entry.to_string()).is_voided()
        };
        assert!(entry(0) && !entry(5));
    }

    #[test]
    fn payment_has_links_and_unapplied_amount() {
        let payment = read(
            Kind::Payment,
            r#"{"Id":"140","SyncToken":"2","TotalAmt":50,"UnappliedAmt":4.5E0,"PaymentRefNum":"Check 7",
            "MetaData":{"CreateTime":"2026-03-31T13:00:00-07:00","LastUpdatedTime":"2026-03-31T14:00:00-07:00"},"LinkedTxn":[{"TxnId":"9","TxnType":"Deposit"}],"Line":[
            {"Amount":40.00,"LinkedTxn":[{"TxnId":"130","TxnType":"Invoice"}]},
            {"Amount":5.50,"LinkedTxn":[{"TxnId":"131","TxnType":"JournalEntry"}]},
            {"Amount":1.00,"LinkedTxn":[{"TxnId":"8","TxnType":"Expense"}]},
            {"LinkedTxn":[{"TxnId":"132","TxnType":"CreditMemo"},{"TxnType":"Invoice"},7]},
            {"LinkedTxn":"none"}]}"#,
        );
        let link = |kind, id: &str, cents: Option<i64>| Link {
            kind,
            id: id.to_owned(),
            amount: cents.map(|cents| Decimal::new(cents, 2)),
        };
        let links = [
            link(Kind::Invoice, "130", Some(4_000)),
            link(Kind::JournalEntry, "131", Some(550)),
            link(Kind::CreditMemo, "132", None),
        ];
        assert_eq!(payment.links, links);
        assert_eq!(payment.unapplied_amount, Some(Decimal::new(45, 1)));
        assert_eq!(payment.payment_reference.as_deref(), Some("Check 7"));
        let at = json::parse_instant("2026-03-31T21:00:00Z");
        assert!(at.is_some() && payment.updated_at == at);
        assert_eq!(
            payment.created_at,
            json::parse_instant("2026-03-31T20:00:00Z")
        );
    }

    #[test]
    fn form_has_payments_and_whole_form_class() {
        let form = read(
            Kind::Invoice,
            r#"{"Id":"130","SyncToken":"1","ClassRef":{"value":"5"},"LinkedTxn":[{"TxnId":"140","TxnType":"Payment"}],
            "MetaData":{"LastUpdatedTime":"yesterday"},"Line":[
            {"Amount":1,"SalesItemLineDetail":{"ItemRef":{"value":"7"}},"LinkedTxn":[{"TxnId":"3","TxnType":"Estimate"}]},
            {"Amount":1,"SalesItemLineDetail":{"ItemRef":{"value":"7"},"ClassRef":{"value":"6"}}}]}"#,
        );
        let paid = Link {
            kind: Kind::Payment,
            id: "140".to_owned(),
            amount: None,
        };
        assert_eq!((form.links, form.updated_at), (vec![paid], None));
        let classes: Vec<_> = form.lines.iter().map(|line| &line.class_id).collect();
        assert_eq!(classes, ["5", "6"]);
    }

    #[test]
    fn entry_has_a_name_on_each_line() {
        let entry = read(
            Kind::JournalEntry,
            r#"{"Id":"131","SyncToken":"0","LinkedTxn":null,"Line":[
            {"Amount":1,"JournalEntryLineDetail":{"PostingType":"Debit","AccountRef":{"value":"91"},
             "Entity":{"EntityRef":{"value":"24"}}}},
            {"Amount":1,"JournalEntryLineDetail":{"PostingType":"Credit","AccountRef":{"value":"79"}}}]}"#,
        );
        let names: Vec<_> = entry.lines.iter().map(|line| &*line.name_id).collect();
        assert_eq!((names, entry.links), (vec!["24", ""], vec![]));
    }
}
