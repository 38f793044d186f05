use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::company_state::{Application, Target};
use crate::fault::Fault;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::money;
use crate::schema::{Field, Shape, text};
use crate::write::Draft;

pub(super) const LINE: &[Field] = &[
    Field::new("Amount", Shape::Amount),
    Field::new("LinkedTxn", Shape::List(LINKED)),
    text("Id", 30),
    Field::output("LineNum", Shape::Number),
    Field::output("LineEx", Shape::Anything),
];

const LINKED: &[Field] = &[
    text("TxnId", 30),
    Field::new(
        "TxnType",
        Shape::OneOf(&[
            "Invoice",
            "CreditMemo",
            "JournalEntry",
            "Expense",
            "Check",
            "CreditCardCredit",
        ]),
    ),
    text("TxnLineId", 30),
];

/// The amounts that the lines of a payment settle.
#[derive(Default)]
pub(super) struct SettledAmounts {
    pub(super) applications: Vec<Application>,
    pub(super) debts: Decimal,
    pub(super) credits: Decimal,
}

/// Checks that each line settles an open item of the customer, up to its open amount.
pub(super) fn complete(draft: &mut Draft<'_>, customer: &str) -> Result<SettledAmounts, Fault> {
    let mut body = std::mem::take(&mut draft.body);
    let outcome = complete_lines(draft, customer, &mut body);
    draft.body = body;
    outcome
}

fn complete_lines(
    draft: &Draft<'_>,
    customer: &str,
    body: &mut Object,
) -> Result<SettledAmounts, Fault> {
    let mut settled = SettledAmounts::default();
    let mut sums: BTreeMap<Target, Decimal> = BTreeMap::new();
    let can_exceed = !draft.context.switches.should_refuse_overpayment;
    for line in json::list_mut(body, "Line") {
        let mut amount = line_amount(line)?;
        let target = find_target(draft, customer, line)?;
        let gross = draft.company.receivable(target.kind, &target.id);
        let gross = gross.get(&target.customer).copied().unwrap_or_default();
        let open = draft.company.open_amount(&target, &draft.id);
        let sum = sums.entry(target.clone()).or_default();
        if can_exceed && *sum + amount > open {
            amount = open - *sum;
            json::set(line, "Amount", money::json(amount));
        }
        *sum += amount;
        if *sum > open {
            return Err(Fault::business(
                "You can't apply more to a transaction than its open balance.",
            ));
        }
        if gross < Decimal::ZERO {
            settled.credits += amount;
        } else {
            settled.debts += amount;
        }
        add_open_balance(draft, line, &target, open);
        if !amount.is_zero() {
            settled.applications.push(Application { target, amount });
        }
    }
    if can_exceed {
        remove_empty_lines(body);
    }
    Ok(settled)
}

/// Removes the lines to which nothing could be applied.
fn remove_empty_lines(body: &mut Object) {
    if let Some(Value::Array(lines)) = body.get_mut("Line") {
        lines.retain(|line| {
            line.as_object()
                .is_some_and(|line| !money::field(line, "Amount").is_zero())
        });
    }
}

fn line_amount(line: &Object) -> Result<Decimal, Fault> {
    if !line.contains_key("Amount") {
        return Err(Fault::required("Amount"));
    }
    let amount = money::field(line, "Amount");
    if amount <= Decimal::ZERO {
        return Err(Fault::business(
            "The amount that is applied must be greater than 0.",
        ));
    }
    Ok(amount)
}

/// Returns the open item that a line links to: one of the payer, or of a job of the payer. A switch refuses jobs.
fn find_target(draft: &Draft<'_>, customer: &str, line: &Object) -> Result<Target, Fault> {
    let mut links = json::list(line, "LinkedTxn");
    let (Some(link), None) = (links.next(), links.next()) else {
        return Err(Fault::cannot_link(
            "a line links to exactly one transaction",
        ));
    };
    let id = json::text(link, "TxnId").ok_or_else(|| Fault::required("TxnId"))?;
    let name = json::text(link, "TxnType").ok_or_else(|| Fault::required("TxnType"))?;
    let kind = Kind::from_name(name)
        .filter(|kind| matches!(kind, Kind::Invoice | Kind::CreditMemo | Kind::JournalEntry))
        .ok_or_else(|| Fault::cannot_link(&format!("{name} is not simulated")))?;
    let transaction = draft
        .company
        .records
        .get(kind, id)
        .ok_or_else(Fault::deleted)?;
    if let Some(wanted) = json::text(link, "TxnLineId")
        && !json::list(transaction, "Line").any(|line| json::text(line, "Id") == Some(wanted))
    {
        return Err(Fault::cannot_link(&format!("it has no line {wanted}")));
    }
    let open = draft.company.receivable(kind, id);
    let customer = open
        .keys()
        .filter(|other| {
            *other == customer
                || !draft.context.switches.should_refuse_payment_for_job
                    && draft
                        .company
                        .lineage(other)
                        .iter()
                        .any(|one| one == customer)
        })
        .min_by_key(|other| *other != customer)
        .ok_or_else(|| Fault::cannot_link("nothing in it is open for this customer"))?;
    Ok(Target {
        kind,
        id: id.to_owned(),
        customer: customer.clone(),
    })
}

/// Adds the id, the open balance and the number of the paid transaction to a line, as Intuit's answers do.
fn add_open_balance(draft: &Draft<'_>, line: &mut Object, target: &Target, open: Decimal) {
    let transaction = draft.company.records.get(target.kind, &target.id);
    let number = transaction.and_then(|transaction| json::text(transaction, "DocNumber"));
    let pair = |name: &str, value: String| {
        json!({
            "name": "{http://schema.intuit.com/finance/v3}NameValue",
            "declaredType": "com.intuit.schema.finance.v3.NameValue",
            "scope": "javax.xml.bind.JAXBElement$GlobalScope",
            "value": {"Name": name, "Value": value},
            "nil": false, "globalScope": true, "typeSubstituted": false,
        })
    };
    let mut any = vec![
        pair("txnId", target.id.clone()),
        pair("txnOpenBalance", format!("{open:.2}")),
    ];
    any.extend(number.map(|number| pair("txnReferenceNumber", number.to_owned())));
    json::set(line, "LineEx", json!({ "any": Value::Array(any) }));
}

#[cfg(test)]
mod tests {
    use crate::test_company::{TestCompany, payment};
    use rust_decimal::Decimal;
    use serde_json::{Value, json};

    #[test]
    fn journal_debit_can_be_paid() {
        let mut company = TestCompany::new();
        let customer = company.customer("Turner Bay");
        let entry = company.receivable_entry(&customer, 4_850_00);
        let id = company.pay(&customer, "JournalEntry", &entry, 4_850_00);
        assert_eq!(company.balance("Accounts Receivable (A/R)"), Decimal::ZERO);
        assert_eq!(
            company.get("JournalEntry", &entry)["LinkedTxn"][0]["TxnId"],
            json!(id)
        );
        let again = payment(&customer, "JournalEntry", &entry, 1);
        assert_eq!(company.refusal_code("Payment", again), "6000");
    }

    #[test]
    fn invalid_links_are_refused() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let (other, _) = company.invoice("Ashgrove", 50_00);
        let plain = company.entry("2026-03-31");
        let cases = [
            ("6000", payment(&customer, "Invoice", &invoice, 100_01)),
            ("6000", payment(&customer, "Invoice", &invoice, 0)),
            ("610", payment(&customer, "Invoice", "999", 1)),
            ("610", payment(&customer, "JournalEntry", &invoice, 1)),
            ("620", payment(&other, "Invoice", &invoice, 1)),
            ("620", payment(&customer, "JournalEntry", &plain, 1)),
            ("620", payment(&customer, "Check", &invoice, 1)),
            ("2170", payment(&customer, "Estimate", &invoice, 1)),
        ];
        for (code, body) in cases {
            assert_eq!(
                company.refusal_code("Payment", body.clone()),
                code,
                "{body}"
            );
        }
    }

    #[test]
    fn payment_above_open_balance_is_unapplied() {
        let mut company = TestCompany::new();
        company.switches.should_refuse_overpayment = false;
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        company.pay(&customer, "Invoice", &invoice, 60_00);
        let second = company.pay(&customer, "Invoice", &invoice, 100_00);
        let body = company.get("Payment", &second);
        assert_eq!(body["UnappliedAmt"].to_string(), "60.00");
        assert_eq!(body["Line"][0]["Amount"].to_string(), "40.00");
        let third = company.pay(&customer, "Invoice", &invoice, 10_00);
        let body = company.get("Payment", &third);
        assert_eq!(body["UnappliedAmt"].to_string(), "10.00");
        assert_eq!(body["Line"], json!([]));
        let balance = &company.get("Customer", &customer)["Balance"];
        assert_eq!(balance.to_string(), "-70.00");
    }

    #[test]
    fn switch_refuses_parents_payment_for_job() {
        let mut company = TestCompany::new();
        let top = company.customer("Turner Bay");
        let job = json!({"DisplayName": "Tower", "Job": true, "ParentRef": {"value": top}});
        let job = company.save("Customer", job);
        let invoice = company.sale("Invoice", &job, 10_00);
        company.switches.should_refuse_payment_for_job = true;
        let body = payment(&top, "Invoice", &invoice, 10_00);
        assert_eq!(company.refusal_code("Payment", body), "620");
        company.pay(&job, "Invoice", &invoice, 10_00);
    }

    #[test]
    fn line_links_to_one_transaction() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let mut body = payment(&customer, "Invoice", &invoice, 10_00);
        let link = body["Line"][0]["LinkedTxn"][0].clone();
        body["Line"][0]["LinkedTxn"] = json!([link, link]);
        assert_eq!(company.refusal_code("Payment", body.clone()), "620");
        body["Line"][0]["LinkedTxn"] = json!([]);
        assert_eq!(company.refusal_code("Payment", body), "620");
    }

    #[test]
    fn lines_for_one_invoice_are_added() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let mut body = payment(&customer, "Invoice", &invoice, 60_00);
        let line = body["Line"][0].clone();
        body["Line"] = json!([line, line]);
        body["TotalAmt"] = json!(120);
        assert_eq!(company.refusal_code("Payment", body), "6000");
    }

    #[test]
    fn void_invoice_cannot_be_paid() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        company.void("Invoice", &invoice).unwrap();
        let body = payment(&customer, "Invoice", &invoice, 1);
        assert_eq!(company.refusal_code("Payment", body), "620");
    }

    #[test]
    fn parent_pays_for_jobs_but_not_reverse() {
        let mut company = TestCompany::new();
        let top = company.customer("Turner Bay");
        let job = json!({"DisplayName": "Tower", "Job": true, "ParentRef": {"value": top}});
        let job = company.save("Customer", job);
        let of_job = company.sale("Invoice", &job, 10_00);
        let of_top = company.sale("Invoice", &top, 10_00);
        company.pay(&top, "Invoice", &of_job, 10_00);
        let body = payment(&job, "Invoice", &of_top, 10_00);
        assert_eq!(company.refusal_code("Payment", body), "620");
    }

    #[test]
    fn credit_settles_invoice_without_money() {
        for kind in ["CreditMemo", "JournalEntry"] {
            let mut company = TestCompany::new();
            let (customer, invoice) = company.invoice("Turner Bay", 100_00);
            let credit = match kind {
                "CreditMemo" => company.sale(kind, &customer, 30_00),
                _ => company.receivable_entry(&customer, -30_00),
            };
            let mut body = payment(&customer, "Invoice", &invoice, 30_00);
            body["TotalAmt"] = json!(0);
            assert_eq!(company.refusal_code("Payment", body.clone()), "6000");
            let other = payment(&customer, kind, &credit, 30_00)["Line"][0].clone();
            body["Line"].as_array_mut().unwrap().push(other);
            company.save("Payment", body);
            let balance = company.get("Invoice", &invoice)["Balance"].to_string();
            assert_eq!(balance, "70.00", "{kind}");
        }
    }

    #[test]
    fn payment_of_a_credit_alone_is_refused() {
        let mut company = TestCompany::new();
        let customer = company.customer("Turner Bay");
        let credit = company.sale("CreditMemo", &customer, 30_00);
        let mut body = payment(&customer, "CreditMemo", &credit, 30_00);
        body["TotalAmt"] = json!(0);
        assert_eq!(company.refusal_code("Payment", body), "6000");
    }

    #[test]
    fn answer_has_open_balance_of_each_line() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let id = company.pay(&customer, "Invoice", &invoice, 60_00);
        let payment = company.get("Payment", &id);
        let values: Vec<&Value> = payment["Line"][0]["LineEx"]["any"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| &pair["value"]["Value"])
            .collect();
        assert_eq!(
            values,
            [&json!(invoice), &json!("100.00"), &json!("1042-1")]
        );
    }
}
