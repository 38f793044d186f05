//! Document numbers: assigned by QuickBooks or by the company, and checked for duplicates.

use crate::fault::Fault;
use crate::json;
use crate::kind::Kind;
use crate::write::Draft;

/// A `DocNumber` of this text makes QuickBooks assign the number, even if the company uses custom numbers.
const AUTOMATIC: &str = "AUTO_GENERATE";

/// Sets the number of a sales form. With custom numbers off, QuickBooks assigns a missing number. The switches say whether
/// it also replaces a number that is sent.
///
/// All sales forms share one series of numbers.
pub(super) fn set_for_sale(draft: &mut Draft<'_>) -> Result<(), Fault> {
    let sent = json::text(&draft.body, "DocNumber");
    if sent == Some(AUTOMATIC) {
        assign(draft);
    } else if !draft.company.settings.custom_numbers
        && (sent.is_none() || draft.context.switches.should_replace_numbers)
    {
        let before = draft
            .before
            .and_then(|before| json::text(before, "DocNumber"))
            .map(str::to_owned);
        match before {
            Some(number) => json::set(&mut draft.body, "DocNumber", number),
            None => assign(draft),
        }
    }
    check_duplicate(draft, &[Kind::Invoice, Kind::CreditMemo])
}

/// Sets the number of a journal entry. QuickBooks assigns one only if the request asks for it.
///
/// Journal entries have their own series of numbers.
pub(super) fn set_for_journal_entry(draft: &mut Draft<'_>) -> Result<(), Fault> {
    let missing = json::text(&draft.body, "DocNumber").is_none();
    if missing && draft.include.automatic_number {
        assign(draft);
    }
    check_duplicate(draft, &[Kind::JournalEntry])
}

fn assign(draft: &mut Draft<'_>) {
    let next = draft.company.next_number();
    json::set(&mut draft.body, "DocNumber", next);
}

fn check_duplicate(draft: &Draft<'_>, kinds: &[Kind]) -> Result<(), Fault> {
    let Some(number) = json::text(&draft.body, "DocNumber") else {
        return Ok(());
    };
    if !draft.company.settings.warn_duplicate_numbers || draft.include.duplicate_number {
        return Ok(());
    }
    for kind in kinds {
        let other = draft.company.records.objects(*kind).find(|other| {
            let is_itself = *kind == draft.kind && json::text(other, "Id") == Some(&draft.id);
            !is_itself && json::text(other, "DocNumber") == Some(number)
        });
        if let Some(id) = other.and_then(|other| json::text(other, "Id")) {
            return Err(Fault::duplicate_number(number, *kind, id));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::Company;
    use crate::changes::Actor;
    use crate::kind::Kind;
    use crate::test_company::{TestCompany, line};
    use crate::write::{Include, WriteRequest};
    use serde_json::{Value, json};

    fn numbered_invoice(company: &mut TestCompany, number: Option<&str>) -> Value {
        let item = company.work_item();
        let customer = company
            .state
            .records
            .objects(Kind::Customer)
            .find_map(|customer| crate::json::text(customer, "Id"))
            .map(str::to_owned);
        let customer = customer.unwrap_or_else(|| company.customer("Turner Bay"));
        let mut body = json!({"CustomerRef": {"value": customer}, "Line": [line(&item, 100)]});
        if let Some(number) = number {
            body["DocNumber"] = json!(number);
        }
        body
    }

    fn saved_number(company: &mut TestCompany, number: Option<&str>) -> Value {
        let body = numbered_invoice(company, number);
        let id = company.save("Invoice", body);
        let invoice = company.get("Invoice", &id);
        invoice.get("DocNumber").cloned().unwrap_or_default()
    }

    #[test]
    fn custom_number_is_kept_and_none_assigned() {
        let mut company = TestCompany::new();
        assert_eq!(saved_number(&mut company, Some("1042-1")), "1042-1");
        assert_eq!(saved_number(&mut company, Some("1042-1")), "1042-1");
        assert_eq!(saved_number(&mut company, None), Value::Null);
        assert_eq!(saved_number(&mut company, Some("AUTO_GENERATE")), "1001");
    }

    #[test]
    fn quickbooks_assigns_numbers_without_custom_numbers() {
        let mut company = TestCompany::with(Company::new("X").custom_numbers(false));
        assert_eq!(saved_number(&mut company, Some("1042-1")), "1001");
        assert_eq!(saved_number(&mut company, None), "1002");
    }

    #[test]
    fn switch_keeps_sent_number_without_custom_numbers() {
        let mut company = TestCompany::with(Company::new("X").custom_numbers(false));
        company.switches.should_replace_numbers = false;
        assert_eq!(saved_number(&mut company, Some("1042-1")), "1042-1");
        assert_eq!(saved_number(&mut company, None), "1001");
    }

    #[test]
    fn update_keeps_the_assigned_number() {
        let mut company = TestCompany::with(Company::new("X").custom_numbers(false));
        let body = numbered_invoice(&mut company, None);
        let id = company.save("Invoice", body);
        let mut update = numbered_invoice(&mut company, Some("1042-1"));
        update["Id"] = json!(id);
        update["SyncToken"] = json!("0");
        company.save("Invoice", update);
        assert_eq!(company.get("Invoice", &id)["DocNumber"], "1001");
    }

    #[test]
    fn duplicate_number_is_refused_if_company_warns() {
        let mut company = TestCompany::with(Company::new("X").warn_duplicate_numbers(true));
        let body = numbered_invoice(&mut company, Some("1042-1"));
        company.save("Invoice", body.clone());
        assert_eq!(company.refusal_code("Invoice", body.clone()), "6140");
        assert_eq!(company.refusal_code("CreditMemo", body.clone()), "6140");
        let Value::Object(body) = body else {
            panic!("not an object")
        };
        let allowed = WriteRequest {
            include: Include {
                duplicate_number: true,
                ..Include::default()
            },
            ..WriteRequest::new_save(Kind::Invoice, body, Actor::Api)
        };
        company.execute(&allowed).unwrap();
    }

    #[test]
    fn number_has_at_most_21_characters() {
        let mut company = TestCompany::new();
        let body = numbered_invoice(&mut company, Some("1234567890123456789012"));
        assert_eq!(company.refusal_code("Invoice", body), "2050");
    }
}
