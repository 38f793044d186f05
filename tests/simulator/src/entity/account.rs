use rust_decimal::Decimal;

use super::list;
use crate::fault::Fault;
use crate::schema::{Field, Shape, bool, text};
use crate::write::{Draft, Posting};
use crate::{json, money};

pub(super) const FIELDS: &[Field] = &[
    text("Name", 100).queryable(),
    text("AcctNum", 7).queryable(),
    text("Description", 100),
    bool("Active").queryable(),
    Field::new("AccountType", Shape::OneOf(TYPES)).queryable(),
    text("AccountSubType", 100).queryable(),
    Field::output("Classification", Shape::Text(0)).queryable(),
    Field::output("FullyQualifiedName", Shape::Text(0)).queryable(),
    Field::output("CurrentBalance", Shape::Amount).queryable(),
    Field::output("CurrentBalanceWithSubAccounts", Shape::Amount),
    Field::output("SubAccount", Shape::Bool).queryable(),
    Field::output("CurrencyRef", Shape::Code),
];

const TYPES: &[&str] = &[
    "Bank",
    "Accounts Receivable",
    "Other Current Asset",
    "Fixed Asset",
    "Other Asset",
    "Accounts Payable",
    "Credit Card",
    "Other Current Liability",
    "Long Term Liability",
    "Equity",
    "Income",
    "Cost of Goods Sold",
    "Expense",
    "Other Income",
    "Other Expense",
    "Non-Posting",
];

/// The account types that follow from a subtype alone.
const SUBTYPES: &[(&str, &str)] = &[
    ("AccountsReceivable", "Accounts Receivable"),
    ("Checking", "Bank"),
    ("OtherCurrentAssets", "Other Current Asset"),
    ("Retainage", "Other Current Asset"),
    ("SalesOfProductIncome", "Income"),
    ("ServiceFeeIncome", "Income"),
    ("UndepositedFunds", "Other Current Asset"),
];

pub(super) fn complete(draft: &mut Draft<'_>) -> Result<Posting, Fault> {
    let kind = account_type(draft)?;
    if json::text(&draft.body, "Name").is_some_and(|name| name.contains('"')) {
        return Err(Fault::invalid_text("Name"));
    }
    check_system_account(draft, &kind)?;
    list::complete(draft)?;
    let body = &mut draft.body;
    json::set(body, "Classification", classification(&kind));
    json::set(body, "AccountType", kind);
    json::set(body, "SubAccount", false);
    for field in ["CurrentBalance", "CurrentBalanceWithSubAccounts"] {
        json::set_default(body, field, money::json(Decimal::ZERO));
    }
    let currency = serde_json::json!({"value": draft.company.settings.currency});
    json::set(body, "CurrencyRef", currency);
    Ok(Posting::default())
}

fn account_type(draft: &Draft<'_>) -> Result<String, Fault> {
    if let Some(kind) = json::text(&draft.body, "AccountType") {
        return Ok(kind.to_owned());
    }
    let subtype =
        json::text(&draft.body, "AccountSubType").ok_or_else(Fault::account_type_needed)?;
    SUBTYPES
        .iter()
        .find(|(name, _)| *name == subtype)
        .map(|(_, kind)| (*kind).to_owned())
        .ok_or_else(|| Fault::enumeration("AccountSubType", subtype))
}

/// Refuses to change a system account, to which QuickBooks posts by itself, or to make another account one.
fn check_system_account(draft: &Draft<'_>, kind: &str) -> Result<(), Fault> {
    let Some(before) = draft.before else {
        return Ok(());
    };
    let is_fixed = |kind: &str| matches!(kind, "Accounts Receivable" | "Accounts Payable");
    let before_kind = json::text(before, "AccountType").unwrap_or_default();
    let is_undeposited_funds = json::text(before, "AccountSubType") == Some("UndepositedFunds");
    if before_kind != kind
        && (is_undeposited_funds
            || is_fixed(before_kind)
            || is_fixed(kind)
            || kind == "Non-Posting")
    {
        return Err(Fault::account_type(
            "The type of this account cannot be changed",
        ));
    }
    if json::flag(&draft.body, "Active") == Some(false)
        && (is_undeposited_funds || is_fixed(before_kind))
    {
        return Err(Fault::business("This account can't be made inactive."));
    }
    Ok(())
}

/// Returns the classification of an account type, such as `Asset`.
pub(super) fn classification(kind: &str) -> &'static str {
    match kind {
        "Bank" | "Accounts Receivable" | "Other Current Asset" | "Fixed Asset" | "Other Asset" => {
            "Asset"
        }
        "Accounts Payable" | "Credit Card" | "Other Current Liability" | "Long Term Liability" => {
            "Liability"
        }
        "Equity" => "Equity",
        "Income" | "Other Income" => "Revenue",
        _ => "Expense",
    }
}

#[cfg(test)]
mod tests {
    use crate::test_company::TestCompany;
    use serde_json::json;

    #[test]
    fn account_needs_a_type_or_subtype() {
        let mut company = TestCompany::new();
        let id = company.save(
            "Account",
            json!({"Name": "Holdback", "AccountSubType": "Retainage"}),
        );
        let account = company.get("Account", &id);
        assert_eq!(account["AccountType"], "Other Current Asset");
        assert_eq!(account["Classification"], "Asset");
        assert_eq!(
            company.refusal_code("Account", json!({"Name": "X"})),
            "6010"
        );
        let odd = json!({"Name": "X", "AccountType": "Pocket"});
        assert_eq!(company.refusal_code("Account", odd), "2170");
    }

    #[test]
    fn changed_type_changes_classification_and_balance() {
        let mut company = TestCompany::new();
        company.entry("2026-03-31");
        let id = company.account("Retainage Receivable");
        let retype = |kind: &str, version: u32| json!({"Id": id, "SyncToken": version.to_string(), "sparse": true, "AccountType": kind});
        company.save("Account", retype("Income", 0));
        let account = company.get("Account", &id);
        assert_eq!(account["Classification"], "Revenue");
        assert_eq!(account["CurrentBalance"].to_string(), "0.00");
        company.save("Account", retype("Other Asset", 1));
        assert_eq!(
            company.get("Account", &id)["CurrentBalance"].to_string(),
            "5.00"
        );
        assert_eq!(
            company.refusal_code("Account", retype("Accounts Receivable", 2)),
            "6430"
        );
    }

    #[test]
    fn system_account_keeps_type_and_stays_active() {
        let mut company = TestCompany::new();
        for name in [
            "Accounts Receivable (A/R)",
            "Accounts Payable (A/P)",
            "Undeposited Funds",
        ] {
            let id = company.account(name);
            let mut body = json!({"Id": id, "SyncToken": "0", "sparse": true});
            body["AccountType"] = json!("Bank");
            assert_eq!(
                company.refusal_code("Account", body.clone()),
                "6430",
                "{name}"
            );
            body["AccountType"] = company.get("Account", &id)["AccountType"].clone();
            body["Active"] = json!(false);
            assert_eq!(company.refusal_code("Account", body), "6000", "{name}");
        }
    }

    #[test]
    fn duplicate_or_quoted_name_is_refused() {
        let mut company = TestCompany::new();
        let body = |name: &str| json!({"Name": name, "AccountType": "Bank"});
        assert_eq!(company.refusal_code("Account", body("checking")), "6240");
        assert_eq!(
            company.refusal_code("Account", body("the \"vault\"")),
            "2040"
        );
    }

    #[test]
    fn only_balance_sheet_accounts_show_a_balance() {
        let mut company = TestCompany::new();
        company.invoice("Turner Bay", 100_00);
        let balance = |name: &str| {
            company.get("Account", &company.account(name))["CurrentBalance"].to_string()
        };
        assert_eq!(balance("Accounts Receivable (A/R)"), "100.00");
        assert_eq!(balance("Contract Revenue"), "0.00");
    }
}
