/// The name, type and subtype of the accounts of a new company.
pub(crate) const CHART: &[(&str, &str, &str)] = &[
    ("Checking", "Bank", "Checking"),
    ("Savings", "Bank", "Savings"),
    (
        "Accounts Receivable (A/R)",
        "Accounts Receivable",
        "AccountsReceivable",
    ),
    (
        "Undeposited Funds",
        "Other Current Asset",
        "UndepositedFunds",
    ),
    ("Retainage Receivable", "Other Current Asset", "Retainage"),
    ("Prepaid Expenses", "Other Current Asset", "PrepaidExpenses"),
    (
        "Machinery & Equipment",
        "Fixed Asset",
        "MachineryAndEquipment",
    ),
    (
        "Accounts Payable (A/P)",
        "Accounts Payable",
        "AccountsPayable",
    ),
    ("Company Card", "Credit Card", "CreditCard"),
    (
        "Retainage Payable",
        "Other Current Liability",
        "OtherCurrentLiabilities",
    ),
    ("Equipment Loan", "Long Term Liability", "NotesPayable"),
    ("Opening Balance Equity", "Equity", "OpeningBalanceEquity"),
    ("Retained Earnings", "Equity", "RetainedEarnings"),
    ("Contract Revenue", "Income", "ServiceFeeIncome"),
    ("Service Revenue", "Income", "ServiceFeeIncome"),
    ("Interest Earned", "Other Income", "InterestEarned"),
    (
        "Job Materials",
        "Cost of Goods Sold",
        "SuppliesMaterialsCogs",
    ),
    ("Subcontractors", "Cost of Goods Sold", "CostOfLaborCos"),
    (
        "Office Expenses",
        "Expense",
        "OfficeGeneralAdministrativeExpenses",
    ),
    ("Depreciation", "Other Expense", "Depreciation"),
];

/// The name and days of the payment terms of a new company.
pub(crate) const TERMS: &[(&str, u32)] = &[
    ("Due on receipt", 0),
    ("Net 15", 15),
    ("Net 30", 30),
    ("Net 60", 60),
];

/// The payment methods of a new company.
pub(crate) const PAYMENT_METHODS: &[&str] = &["Cash", "Check", "Credit Card"];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn chart_has_unique_names_and_one_receivable() {
        let names: BTreeSet<&str> = CHART.iter().map(|(name, ..)| *name).collect();
        assert_eq!(names.len(), CHART.len());
        let receivables = CHART
            .iter()
            .filter(|(_, kind, _)| *kind == "Accounts Receivable");
        assert_eq!(receivables.count(), 1);
    }
}
