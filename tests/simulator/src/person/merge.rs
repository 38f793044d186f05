use jiff::Timestamp;
use serde_json::Value;

use crate::company_state::CompanyState;
use crate::entity;
use crate::fault::Fault;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::write::{self, Merge};

/// Merges one entry of a list into another. References to the merged entry become references to the survivor. The
/// entities that hold such references do not count as changed, and postings keep their amounts.
pub(super) fn merge(
    company: &mut CompanyState,
    now: Timestamp,
    merge: &Merge<'_>,
) -> Result<(), Fault> {
    check_allowed(company, merge)?;
    let Merge { kind, from, into } = *merge;
    for body in company.records.bodies_mut() {
        replace_reference(body, from, into);
    }
    company.records.remove(kind, from);
    match kind {
        Kind::Customer => {
            company.ledger.move_customer(from, into);
            company.links.move_customer(from, into);
        }
        Kind::Account => company.ledger.move_account(from, into),
        Kind::Class => company.ledger.move_class(from, into),
        _ => {}
    }
    entity::rename_everywhere(company, kind, into);
    write::put_merged(company, merge, now);
    match kind {
        Kind::Customer => entity::refresh_customer(company, into),
        Kind::Account => entity::refresh_account(company, into),
        _ => {}
    }
    Ok(())
}

/// Checks that both entries are active and of the same type, and that no other entry lies under the merged one.
fn check_allowed(company: &CompanyState, merge: &Merge<'_>) -> Result<(), Fault> {
    let Merge { kind, from, into } = *merge;
    let type_fields: &[&str] = match kind {
        Kind::Account => &["AccountType", "AccountSubType"],
        Kind::Item => &["Type"],
        Kind::Class | Kind::Customer | Kind::Vendor => &[],
        _ => return Err(Fault::unsupported_operation("merge")),
    };
    let find = |id: &str| company.records.get(kind, id).ok_or_else(Fault::deleted);
    let (one, other) = (find(from)?, find(into)?);
    let is_active = |entry: &Object| json::flag(entry, "Active") != Some(false);
    if !is_active(one) || !is_active(other) {
        return Err(Fault::inactive());
    }
    if type_fields
        .iter()
        .any(|field| one.get(*field) != other.get(*field))
    {
        return Err(Fault::business(
            "Only entries of the same type can be merged.",
        ));
    }
    let is_below = |entry: &Object| json::reference(entry, "ParentRef") == Some(from);
    if from == into || company.records.objects(kind).any(is_below) {
        return Err(Fault::business(
            "An entry cannot be merged into itself or while others lie under it.",
        ));
    }
    Ok(())
}

/// Replaces every reference to `from` by one to `into`. Ids are unique in a company, so the kind need not be compared.
/// Codes of taxes and currencies are no ids.
fn replace_reference(value: &mut Value, from: &str, into: &str) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let refers = name.ends_with("Ref") && name != "TaxCodeRef" && name != "CurrencyRef";
                match member {
                    Value::Object(reference)
                        if refers && json::text(reference, "value") == Some(from) =>
                    {
                        json::set(reference, "value", into);
                    }
                    member => replace_reference(member, from, into),
                }
            }
        }
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| replace_reference(value, from, into)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_company::{TestCompany, line};
    use crate::{ClassTracking, Company, Operation};
    use serde_json::json;

    fn merged(company: &mut TestCompany, kind: Kind, from: &str, into: &str) -> Result<(), String> {
        let outcome = merge(&mut company.state, company.now, &Merge { kind, from, into });
        let sum: rust_decimal::Decimal = company.state.ledger.trial_balance().values().sum();
        assert!(sum.is_zero());
        outcome.map_err(|fault| fault.code)
    }

    #[test]
    fn merged_account_moves_postings_and_references() {
        let mut company = TestCompany::new();
        let (customer, _) = company.invoice("Turner Bay", 100_00);
        let (from, into) = (
            company.account("Contract Revenue"),
            company.account("Service Revenue"),
        );
        merged(&mut company, Kind::Account, &from, &into).unwrap();
        assert_eq!(company.balance("Service Revenue").to_string(), "-100.00");
        assert!(company.state.ledger.balance(&from).is_zero());
        let work = company.work_item();
        let item = company.get("Item", &work);
        assert_eq!(item["IncomeAccountRef"]["value"], *into);
        assert_eq!(item["IncomeAccountRef"]["name"], "Service Revenue");
        company.sale("Invoice", &customer, 5_00);
        assert_eq!(company.balance("Service Revenue").to_string(), "-105.00");
    }

    #[test]
    fn merged_class_moves_postings_and_references() {
        let company = Company::new("X").class_tracking(ClassTracking::PerLine);
        let mut company = TestCompany::with(company);
        let (customer, item) = (company.customer("Turner Bay"), company.work_item());
        let [from, into] =
            ["1042", "1043"].map(|name| company.save("Class", json!({ "Name": name })));
        let mut sold = line(&item, 5_00);
        sold["SalesItemLineDetail"]["ClassRef"] = json!({ "value": from });
        let body = json!({"CustomerRef": {"value": customer}, "Line": [sold]});
        let invoice = company.save("Invoice", body);
        merged(&mut company, Kind::Class, &from, &into).unwrap();
        let class = &company.get("Invoice", &invoice)["Line"][0]["SalesItemLineDetail"]["ClassRef"];
        assert_eq!(*class, json!({"value": into, "name": "1043"}));
        let revenue = company.account("Contract Revenue");
        let posted = company.state.ledger.class_balance(&revenue, &into);
        assert_eq!(posted.to_string(), "-5.00");
    }

    #[test]
    fn unlike_entries_cannot_be_merged() {
        let mut company = TestCompany::new();
        let (customer, into) = (company.customer("Turner Bay"), company.customer("Ashgrove"));
        let job = json!({"DisplayName": "Tower", "Job": true, "ParentRef": {"value": customer}});
        company.save("Customer", job);
        let gone = company.customer("Gone");
        let body = json!({"Id": gone, "SyncToken": "0", "sparse": true, "Active": false});
        company.save("Customer", body);
        let (bank, card) = (company.account("Checking"), company.account("Company Card"));
        let term = company.id_of(Kind::Term, "Net 30");
        for (kind, from, into, code) in [
            (Kind::Customer, &customer, &into, "6000"),
            (Kind::Customer, &into, &into, "6000"),
            (Kind::Customer, &gone, &into, "610"),
            (Kind::Customer, &into, &bank, "610"),
            (Kind::Account, &bank, &card, "6000"),
            (Kind::Term, &term, &term, "500"),
        ] {
            let outcome = merged(&mut company, kind, from, into);
            assert_eq!(outcome.unwrap_err(), code, "{kind:?}");
        }
    }

    #[test]
    fn survivor_gets_new_version_and_time() {
        let mut company = TestCompany::new();
        let (from, into) = (company.customer("Turner Bay"), company.customer("Ashgrove"));
        company.now += jiff::SignedDuration::from_hours(1);
        merged(&mut company, Kind::Customer, &from, &into).unwrap();
        let customer = company.get("Customer", &into);
        assert_eq!(customer["SyncToken"], "1");
        assert_eq!(
            customer["MetaData"]["LastUpdatedTime"],
            "2026-03-02T09:00:00-07:00"
        );
    }

    #[test]
    fn merged_customer_moves_transactions_and_balance() {
        let mut company = TestCompany::new();
        let (from, invoice) = company.invoice("Turner Bay", 100_00);
        let into = company.customer("Turner Bay Constructors");
        let entry = company.receivable_entry(&from, 50_00);
        company.pay(&from, "Invoice", &invoice, 30_00);
        merged(&mut company, Kind::Customer, &from, &into).unwrap();
        assert_eq!(
            company.get("Invoice", &invoice)["CustomerRef"]["value"],
            *into
        );
        assert_eq!(
            company.get("Invoice", &invoice)["CustomerRef"]["name"],
            "Turner Bay Constructors"
        );
        let line = &company.get("JournalEntry", &entry)["Line"][0];
        assert_eq!(
            line["JournalEntryLineDetail"]["Entity"]["EntityRef"]["value"],
            *into
        );
        assert_eq!(
            company.get("Customer", &into)["Balance"].to_string(),
            "120.00"
        );
        company.pay(&into, "Invoice", &invoice, 70_00);
        let last = company
            .state
            .changes
            .iter()
            .find(|change| change.operation == Operation::Merge);
        assert_eq!(last.unwrap().deleted_id.as_deref(), Some(from.as_str()));
        assert!(company.state.records.get(Kind::Customer, &from).is_none());
    }
}
