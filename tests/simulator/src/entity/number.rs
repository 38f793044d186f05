//! Document numbers: whose they are, and whether two transactions may have the same.

use crate::fault::Fault;
use crate::json;
use crate::kind::Kind;
use crate::write::Draft;

/// Asks QuickBooks to number the form even where numbers are the company's own.
const AUTOMATIC: &str = "AUTO_GENERATE";

/// Sales forms share one series. With custom numbers off, QuickBooks numbers and drops what is sent.
pub(super) fn of_sale(draft: &mut Draft<'_>) -> Result<(), Fault> {
    let sent = json::text(&draft.body, "DocNumber");
    if sent == Some(AUTOMATIC) {
        assign(draft);
    } else if !draft.books.company.custom_numbers {
        let before = draft
            .before
            .and_then(|before| json::text(before, "DocNumber"))
            .map(str::to_owned);
        match before {
            Some(number) => json::set(&mut draft.body, "DocNumber", number),
            None => assign(draft),
        }
    }
    unique(draft, &[Kind::Invoice, Kind::CreditMemo])
}

/// Journal entries have a series of their own and stay without number unless one is given or asked for.
pub(super) fn of_journal_entry(draft: &mut Draft<'_>) -> Result<(), Fault> {
    let missing = json::text(&draft.body, "DocNumber").is_none();
    if missing && draft.include.automatic_number {
        assign(draft);
    }
    unique(draft, &[Kind::JournalEntry])
}

fn assign(draft: &mut Draft<'_>) {
    let next = draft.books.next_number();
    json::set(&mut draft.body, "DocNumber", next);
}

fn unique(draft: &Draft<'_>, kinds: &[Kind]) -> Result<(), Fault> {
    let Some(number) = json::text(&draft.body, "DocNumber") else {
        return Ok(());
    };
    if !draft.books.company.warn_duplicate_numbers || draft.include.duplicate_number {
        return Ok(());
    }
    for kind in kinds {
        let other = draft.books.records.objects(*kind).find(|other| {
            let itself = *kind == draft.kind && json::text(other, "Id") == Some(&draft.id);
            !itself && json::text(other, "DocNumber") == Some(number)
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
    use crate::bench::{Bench, line};
    use crate::changes::Actor;
    use crate::kind::Kind;
    use crate::write::{Include, Order};
    use serde_json::{Value, json};

    fn numbered(bench: &mut Bench, number: Option<&str>) -> Value {
        let item = bench.work();
        let customer = bench
            .books
            .records
            .objects(Kind::Customer)
            .find_map(|customer| crate::json::text(customer, "Id"))
            .map(str::to_owned);
        let customer = customer.unwrap_or_else(|| bench.customer("Turner Bay"));
        let mut body = json!({"CustomerRef": {"value": customer}, "Line": [line(&item, 100)]});
        if let Some(number) = number {
            body["DocNumber"] = json!(number);
        }
        body
    }

    fn number_of(bench: &mut Bench, number: Option<&str>) -> Value {
        let body = numbered(bench, number);
        let id = bench.save("Invoice", body);
        let invoice = bench.get("Invoice", &id);
        invoice.get("DocNumber").cloned().unwrap_or_default()
    }

    #[test]
    fn custom_numbers_are_kept_and_none_stays_none() {
        let mut bench = Bench::new();
        assert_eq!(number_of(&mut bench, Some("1042-1")), "1042-1");
        assert_eq!(number_of(&mut bench, Some("1042-1")), "1042-1");
        assert_eq!(number_of(&mut bench, None), Value::Null);
        assert_eq!(number_of(&mut bench, Some("AUTO_GENERATE")), "1001");
    }

    #[test]
    fn without_custom_numbers_quickbooks_counts_by_itself() {
        let mut bench = Bench::with(Company::new("X").custom_numbers(false));
        assert_eq!(number_of(&mut bench, Some("1042-1")), "1001");
        assert_eq!(number_of(&mut bench, None), "1002");
    }

    #[test]
    fn an_update_keeps_the_number_that_quickbooks_gave() {
        let mut bench = Bench::with(Company::new("X").custom_numbers(false));
        let body = numbered(&mut bench, None);
        let id = bench.save("Invoice", body);
        let mut update = numbered(&mut bench, Some("1042-1"));
        update["Id"] = json!(id);
        update["SyncToken"] = json!("0");
        bench.save("Invoice", update);
        assert_eq!(bench.get("Invoice", &id)["DocNumber"], "1001");
    }

    #[test]
    fn a_taken_number_is_refused_only_if_the_company_wants_it() {
        let mut bench = Bench::with(Company::new("X").warn_duplicate_numbers(true));
        let body = numbered(&mut bench, Some("1042-1"));
        bench.save("Invoice", body.clone());
        assert_eq!(bench.refused("Invoice", body.clone()), "6140");
        assert_eq!(bench.refused("CreditMemo", body.clone()), "6140");
        let Value::Object(body) = body else {
            panic!("not an object")
        };
        let allowed = Order {
            include: Include {
                duplicate_number: true,
                ..Include::default()
            },
            ..Order::save(Kind::Invoice, body, Actor::Api)
        };
        bench.carry_out(&allowed).unwrap();
    }

    #[test]
    fn numbers_have_at_most_21_characters() {
        let mut bench = Bench::new();
        let body = numbered(&mut bench, Some("1234567890123456789012"));
        assert_eq!(bench.refused("Invoice", body), "2050");
    }
}
