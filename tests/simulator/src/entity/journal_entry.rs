use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::class_tracking::{self, Place};
use super::{currency, number};
use crate::company_state::Target;
use crate::fault::Fault;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::ledger::Entry;
use crate::money;
use crate::schema::{self, Field, Shape, bool, reference, text};
use crate::write::{Draft, Posting};

pub(super) const FIELDS: &[Field] = &[
    text("DocNumber", 21).queryable(),
    Field::new("TxnDate", Shape::Date).queryable(),
    text("PrivateNote", 4000),
    bool("Adjustment"),
    Field::new("CurrencyRef", Shape::Code),
    Field::new("ExchangeRate", Shape::Number),
    Field::new("Line", Shape::List(LINE)),
    Field::output("TotalAmt", Shape::Amount).queryable(),
    Field::output("HomeTotalAmt", Shape::Amount),
    Field::output("TxnTaxDetail", Shape::Anything),
    Field::output("LinkedTxn", Shape::Anything),
];

const LINE: &[Field] = &[
    text("Id", 30),
    text("Description", 4000),
    Field::new("Amount", Shape::Amount),
    Field::new(
        "DetailType",
        Shape::OneOf(&["JournalEntryLineDetail", "DescriptionOnly"]),
    ),
    Field::new("JournalEntryLineDetail", Shape::Object(DETAIL)),
    Field::output("LineNum", Shape::Number),
];

const DETAIL: &[Field] = &[
    text("PostingType", 30),
    reference("AccountRef", Kind::Account),
    reference("ClassRef", Kind::Class),
    reference("DepartmentRef", Kind::Department),
    Field::new(
        "Entity",
        Shape::Object(&[
            Field::new("Type", Shape::OneOf(&["Customer", "Vendor", "Employee"])),
            Field::new("EntityRef", Shape::Code),
        ]),
    ),
];

pub(super) fn complete(draft: &mut Draft<'_>) -> Result<Posting, Fault> {
    currency::set_for_transaction(draft)?;
    let Some(Value::Array(mut lines)) = draft.body.remove("Line") else {
        return Err(Fault::required("Line"));
    };
    let mut entries = Vec::new();
    for (index, line) in lines
        .iter_mut()
        .filter_map(Value::as_object_mut)
        .enumerate()
    {
        json::set_default(line, "Id", index.to_string());
        if json::text(line, "DetailType") != Some("DescriptionOnly") {
            entries.push(entry(draft, line)?);
        }
    }
    if entries.len() < 2 {
        return Err(Fault::too_few_journal_lines());
    }
    if entries.iter().map(|entry| entry.amount).sum::<Decimal>() != Decimal::ZERO {
        return Err(Fault::unbalanced());
    }
    json::set(&mut draft.body, "Line", Value::Array(lines));
    number::set_for_journal_entry(draft)?;
    draft.date();
    check_applied_payments(draft, &entries)?;
    json::set_default(&mut draft.body, "Adjustment", false);
    json::set(&mut draft.body, "TotalAmt", 0);
    json::set(&mut draft.body, "TxnTaxDetail", json!({}));
    Ok(Posting {
        entries,
        applications: Vec::new(),
    })
}

fn entry(draft: &Draft<'_>, line: &mut Object) -> Result<Entry, Fault> {
    if !line.contains_key("Amount") {
        return Err(Fault::required("Amount"));
    }
    let amount = money::field(line, "Amount");
    if amount < Decimal::ZERO {
        return Err(Fault::negative_journal_amount());
    }
    let Some(Value::Object(detail)) = line.get_mut("JournalEntryLineDetail") else {
        return Err(Fault::required("JournalEntryLineDetail"));
    };
    let amount = match json::text(detail, "PostingType") {
        Some("Debit") => amount,
        Some("Credit") => -amount,
        _ => return Err(Fault::posting_type()),
    };
    class_tracking::check(draft, Place::JournalLine, detail)?;
    let account = json::reference(detail, "AccountRef")
        .ok_or_else(|| Fault::required("AccountRef"))?
        .to_owned();
    let (kind, name) = party(draft, detail)?.unzip();
    check_party(draft, &account, kind)?;
    currency::check_account(draft, &account)?;
    if let Some(customer) = name.as_deref().filter(|_| kind == Some(Kind::Customer)) {
        currency::check_customer(draft, customer)?;
    }
    Ok(Entry {
        account,
        amount,
        customer: name.filter(|_| kind == Some(Kind::Customer)),
        class: json::reference(detail, "ClassRef").map(str::to_owned),
    })
}

/// Returns the customer, vendor or employee that a line names.
fn party(draft: &Draft<'_>, detail: &mut Object) -> Result<Option<(Kind, String)>, Fault> {
    let Some(Value::Object(entity)) = detail.get_mut("Entity") else {
        return Ok(None);
    };
    let kind = json::text(entity, "Type")
        .and_then(Kind::from_name)
        .ok_or_else(|| Fault::required("Entity.Type"))?;
    let Some(Value::Object(reference)) = entity.get_mut("EntityRef") else {
        return Err(Fault::required("EntityRef"));
    };
    schema::resolve_reference(&draft.company.records, kind, reference)?;
    let id = json::text(reference, "value").unwrap_or_default();
    Ok(Some((kind, id.to_owned())))
}

/// Checks that a receivable line names a customer and a payable line names a vendor.
fn check_party(draft: &Draft<'_>, account: &str, kind: Option<Kind>) -> Result<(), Fault> {
    match draft.company.account_type(account) {
        Some("Accounts Receivable") if kind != Some(Kind::Customer) => Err(Fault::business(
            "When you use Accounts Receivable, you must choose a customer in the Name field.",
        )),
        Some("Accounts Payable") if kind != Some(Kind::Vendor) => Err(Fault::business(
            "When you use Accounts Payable, you must choose a vendor in the Name field.",
        )),
        Some("Non-Posting") => Err(Fault::account_type("A non-posting account cannot be used")),
        _ => Ok(()),
    }
}

/// Checks that the entry is still at least as large as the payments that are applied to it.
fn check_applied_payments(draft: &Draft<'_>, entries: &[Entry]) -> Result<(), Fault> {
    let settled = draft
        .company
        .links
        .settled_parts(Kind::JournalEntry, &draft.id);
    for (Target { customer, .. }, amount) in settled {
        let now: Decimal = entries
            .iter()
            .filter(|entry| entry.customer.as_ref() == Some(customer))
            .filter(|entry| draft.company.is_receivable(&entry.account))
            .map(|entry| entry.amount)
            .sum();
        let before = draft.company.receivable(Kind::JournalEntry, &draft.id);
        let before = before.get(customer).copied().unwrap_or_default();
        if now.abs() < amount || now.is_sign_negative() != before.is_sign_negative() {
            return Err(Fault::business(
                "The amount can't be less than the payments that are applied to it.",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::test_company::{TestCompany, journal_line};
    use crate::{ClassTracking, Company};
    use rust_decimal::Decimal;
    use serde_json::{Value, json};

    /// Saves a changed entry of 10.00 from Contract Revenue to Retainage and returns the outcome.
    fn outcome(change: impl Fn(&mut TestCompany, &mut Value)) -> String {
        let mut company = TestCompany::new();
        let mut body = json!({"Line": [
            journal_line("Debit", 10_00, &company.account("Retainage Receivable"), None),
            journal_line("Credit", 10_00, &company.account("Contract Revenue"), None),
        ]});
        change(&mut company, &mut body);
        let outcome = company.try_write("JournalEntry", crate::write::Verb::Save, body);
        outcome.map_or_else(|code| code, |_| "fine".to_owned())
    }

    fn detail(body: &mut Value) -> &mut Value {
        &mut body["Line"][0]["JournalEntryLineDetail"]
    }

    #[test]
    fn entry_that_does_not_balance_is_refused() {
        assert_eq!(outcome(|_, _| {}), "fine");
        assert_eq!(
            outcome(|_, body| body["Line"][0]["Amount"] = json!(10.01)),
            "2300"
        );
        assert_eq!(
            outcome(|_, body| body["Line"][0]["Amount"] = json!(-10)),
            "2290"
        );
        assert_eq!(
            outcome(|_, body| drop(body["Line"].as_array_mut().unwrap().pop())),
            "2250"
        );
        assert_eq!(
            outcome(|_, body| detail(body)["PostingType"] = json!("debit")),
            "2260"
        );
        assert_eq!(outcome(|_, body| body["Line"] = Value::Null), "2020");
    }

    #[test]
    fn line_needs_an_active_account() {
        assert_eq!(
            outcome(|_, body| detail(body)["AccountRef"]["value"] = json!("999")),
            "2500"
        );
        assert_eq!(
            outcome(|_, body| detail(body)["AccountRef"] = Value::Null),
            "2020"
        );
        let inactive = outcome(|company, _| {
            let account = company.account("Retainage Receivable");
            let rest = json!({"Id": account, "SyncToken": "0", "sparse": true, "Active": false});
            company.save("Account", rest);
        });
        assert_eq!(inactive, "610");
    }

    #[test]
    fn receivable_needs_customer_and_payable_needs_vendor() {
        let with = |account: &'static str, entity: Option<(&'static str, &'static str)>| {
            outcome(move |company, body| {
                detail(body)["AccountRef"]["value"] = json!(company.account(account));
                if let Some((kind, stated)) = entity {
                    let id = company.save(kind, json!({"DisplayName": "N"}));
                    detail(body)["Entity"] = json!({"Type": stated, "EntityRef": {"value": id}});
                }
            })
        };
        assert_eq!(with("Accounts Receivable (A/R)", None), "6000");
        assert_eq!(
            with("Accounts Receivable (A/R)", Some(("Vendor", "Vendor"))),
            "6000"
        );
        assert_eq!(
            with("Accounts Receivable (A/R)", Some(("Vendor", "Customer"))),
            "2500"
        );
        assert_eq!(
            with("Accounts Receivable (A/R)", Some(("Customer", "Customer"))),
            "fine"
        );
        assert_eq!(
            with("Accounts Payable (A/P)", Some(("Customer", "Customer"))),
            "6000"
        );
        assert_eq!(
            with("Accounts Payable (A/P)", Some(("Vendor", "Vendor"))),
            "fine"
        );
    }

    #[test]
    fn receivable_without_customer_has_intuits_text() {
        let mut company = TestCompany::new();
        let account = company.account("Accounts Receivable (A/R)");
        let body = json!({"Line": [journal_line("Debit", 1, &account, None), journal_line("Credit", 1, &account, None)]});
        let Value::Object(body) = body else {
            panic!("not an object")
        };
        let context = crate::write::Context {
            now: company.now,
            switches: &company.switches,
        };
        let request = crate::write::WriteRequest::new_save(
            crate::kind::Kind::JournalEntry,
            body,
            crate::changes::Actor::Api,
        );
        let fault = crate::write::write(&mut company.state, &context, &request).unwrap_err();
        assert_eq!(
            fault.detail,
            "Business Validation Error: When you use Accounts Receivable, you must choose a customer in the Name field."
        );
    }

    #[test]
    fn lines_post_with_customer_and_class() {
        let mut company =
            TestCompany::with(Company::new("X").class_tracking(ClassTracking::PerLine));
        let customer = company.customer("Turner Bay");
        let class = company.save("Class", json!({"Name": "1042"}));
        let retainage = company.account("Retainage Receivable");
        let mut body = json!({"Line": [
            journal_line("Debit", 4_850_00, &retainage, Some(&customer)),
            journal_line("Credit", 4_850_00, &company.account("Contract Revenue"), Some(&customer)),
        ]});
        for line in body["Line"].as_array_mut().unwrap() {
            line["JournalEntryLineDetail"]["ClassRef"] = json!({"value": class});
        }
        let id = company.save("JournalEntry", body);
        let ledger = &company.state.ledger;
        assert_eq!(
            ledger.class_balance(&retainage, &class),
            Decimal::new(4_850_00, 2)
        );
        assert_eq!(
            ledger.customer_balance(&retainage, &customer),
            Decimal::new(4_850_00, 2)
        );
        let entry = company.get("JournalEntry", &id);
        assert_eq!(entry["Line"][0]["Id"], "0");
        assert_eq!(entry["Line"][1]["Id"], "1");
        assert_eq!(entry["TotalAmt"], 0);
        assert_eq!(entry.get("DocNumber"), None);
    }

    #[test]
    fn paid_entry_cannot_shrink_below_its_payment() {
        let mut company = TestCompany::new();
        let customer = company.customer("Turner Bay");
        let id = company.receivable_entry(&customer, 50_00);
        company.pay(&customer, "JournalEntry", &id, 30_00);
        let mut entry = company.get("JournalEntry", &id);
        for line in entry["Line"].as_array_mut().unwrap() {
            line["Amount"] = json!(29.99);
        }
        assert_eq!(
            company.refusal_code("JournalEntry", Value::Object(entry.clone())),
            "6000"
        );
        for line in entry["Line"].as_array_mut().unwrap() {
            line["Amount"] = json!(30);
        }
        company.save("JournalEntry", Value::Object(entry));
    }
}
