//! A company without the HTTP interface, for tests in this crate.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::changes::Actor;
use crate::company_state::CompanyState;
use crate::json::Object;
use crate::kind::Kind;
use crate::write::{self, Context, Verb, WriteRequest};
use crate::{Company, Switches, json as fields, money};

pub(crate) struct TestCompany {
    pub(crate) state: CompanyState,
    pub(crate) now: jiff::Timestamp,
    pub(crate) switches: Switches,
}

impl TestCompany {
    pub(crate) fn new() -> Self {
        Self::with(Company::new("Harbor Electric LLC"))
    }

    pub(crate) fn with(settings: Company) -> Self {
        let now = "2026-03-02T15:00:00Z".parse().unwrap();
        Self {
            state: CompanyState::open("9341453908059321".to_owned(), settings, now),
            now,
            switches: Switches::default(),
        }
    }

    /// Writes an entity and returns the answer, or the code of the fault.
    pub(crate) fn try_write(
        &mut self,
        kind: &str,
        verb: Verb,
        body: Value,
    ) -> Result<Value, String> {
        let Value::Object(body) = body else {
            panic!("not an object")
        };
        let request = WriteRequest {
            verb,
            ..WriteRequest::new_save(Kind::from_name(kind).unwrap(), body, Actor::Api)
        };
        self.execute(&request)
    }

    /// Returns the context of a request at the present time.
    pub(crate) fn context(&self) -> Context<'_> {
        Context {
            now: self.now,
            switches: &self.switches,
        }
    }

    /// Carries out a write and checks that the ledger still balances.
    pub(crate) fn execute(&mut self, request: &WriteRequest) -> Result<Value, String> {
        let context = Context {
            now: self.now,
            switches: &self.switches,
        };
        let outcome = write::write(&mut self.state, &context, request).map_err(|fault| fault.code);
        let sum: Decimal = self.state.ledger.trial_balance().values().sum();
        assert_eq!(sum, Decimal::ZERO, "the ledger does not balance");
        outcome
    }

    /// Saves an entity and returns its id.
    pub(crate) fn save(&mut self, kind: &str, body: Value) -> String {
        let answer = self.try_write(kind, Verb::Save, body).unwrap();
        answer[kind]["Id"].as_str().unwrap().to_owned()
    }

    /// Returns the code of the fault that refuses an entity.
    pub(crate) fn refusal_code(&mut self, kind: &str, body: Value) -> String {
        self.try_write(kind, Verb::Save, body).unwrap_err()
    }

    pub(crate) fn void(&mut self, kind: &str, id: &str) -> Result<Value, String> {
        let body = self.current_version(kind, id);
        self.try_write(kind, Verb::Void, body)
    }

    pub(crate) fn delete(&mut self, kind: &str, id: &str) -> Result<Value, String> {
        let body = self.current_version(kind, id);
        self.try_write(kind, Verb::Delete, body)
    }

    fn current_version(&self, kind: &str, id: &str) -> Value {
        let entity = self.state.records.get(Kind::from_name(kind).unwrap(), id);
        let token = entity.and_then(|entity| fields::text(entity, "SyncToken"));
        json!({"Id": id, "SyncToken": token.unwrap_or("0")})
    }

    pub(crate) fn get(&self, kind: &str, id: &str) -> Object {
        let kind = Kind::from_name(kind).unwrap();
        self.state.records.get(kind, id).unwrap().clone()
    }

    pub(crate) fn id_of(&self, kind: Kind, name: &str) -> String {
        let found = self
            .state
            .records
            .objects(kind)
            .find(|entity| fields::text(entity, kind.name_field()) == Some(name));
        fields::text(found.unwrap(), "Id").unwrap().to_owned()
    }

    pub(crate) fn account(&self, name: &str) -> String {
        self.id_of(Kind::Account, name)
    }

    pub(crate) fn balance(&self, account: &str) -> Decimal {
        self.state.ledger.balance(&self.account(account))
    }

    pub(crate) fn customer(&mut self, name: &str) -> String {
        self.save("Customer", json!({ "DisplayName": name }))
    }

    /// Saves a service item that posts to the account of this name.
    pub(crate) fn item(&mut self, name: &str, account: &str) -> String {
        let account = self.account(account);
        self.save(
            "Item",
            json!({"Name": name, "Type": "Service", "IncomeAccountRef": {"value": account}}),
        )
    }

    /// Returns the item of contract revenue. The first call saves it.
    pub(crate) fn work_item(&mut self) -> String {
        let known = self
            .state
            .records
            .objects(Kind::Item)
            .find(|item| fields::text(item, "Name") == Some("Work"))
            .and_then(|item| fields::text(item, "Id"))
            .map(str::to_owned);
        known.unwrap_or_else(|| self.item("Work", "Contract Revenue"))
    }

    /// Saves an invoice or credit memo of one line of contract revenue, without a number.
    pub(crate) fn sale(&mut self, kind: &str, customer: &str, cents: i64) -> String {
        let item = self.work_item();
        self.save(
            kind,
            json!({"TxnDate": "2026-03-31", "CustomerRef": {"value": customer}, "Line": [line(&item, cents)]}),
        )
    }

    /// Saves a customer with an invoice `1042-1` and returns the ids of both.
    pub(crate) fn invoice(&mut self, customer: &str, cents: i64) -> (String, String) {
        let customer = self.customer(customer);
        let item = self.work_item();
        let body = json!({
            "DocNumber": "1042-1", "TxnDate": "2026-03-31", "CustomerRef": {"value": customer},
            "Line": [line(&item, cents)],
        });
        let invoice = self.save("Invoice", body);
        (customer, invoice)
    }

    pub(crate) fn pay(&mut self, customer: &str, kind: &str, id: &str, cents: i64) -> String {
        self.save("Payment", payment(customer, kind, id, cents))
    }

    /// Saves a journal entry of 5.00 from retainage to revenue.
    pub(crate) fn entry(&mut self, date: &str) -> String {
        let body = json!({"TxnDate": date, "Line": [
            journal_line("Debit", 5_00, &self.account("Retainage Receivable"), None),
            journal_line("Credit", 5_00, &self.account("Contract Revenue"), None),
        ]});
        self.save("JournalEntry", body)
    }

    /// Saves a journal entry that debits A/R with the customer against retainage. A negative amount credits A/R.
    pub(crate) fn receivable_entry(&mut self, customer: &str, cents: i64) -> String {
        let (one, other) = if cents < 0 {
            ("Credit", "Debit")
        } else {
            ("Debit", "Credit")
        };
        let receivable = self.account("Accounts Receivable (A/R)");
        let body = json!({"TxnDate": "2026-03-31", "Line": [
            journal_line(one, cents.abs(), &receivable, Some(customer)),
            journal_line(other, cents.abs(), &self.account("Retainage Receivable"), None),
        ]});
        self.save("JournalEntry", body)
    }
}

pub(crate) fn line(item: &str, cents: i64) -> Value {
    json!({
        "DetailType": "SalesItemLineDetail",
        "Amount": money::json(Decimal::new(cents, 2)),
        "SalesItemLineDetail": {"ItemRef": {"value": item}},
    })
}

pub(crate) fn payment(customer: &str, kind: &str, id: &str, cents: i64) -> Value {
    let amount = money::json(Decimal::new(cents, 2));
    json!({
        "CustomerRef": {"value": customer}, "TotalAmt": amount,
        "Line": [{"Amount": amount, "LinkedTxn": [{"TxnId": id, "TxnType": kind}]}],
    })
}

pub(crate) fn journal_line(
    posting: &str,
    cents: i64,
    account: &str,
    customer: Option<&str>,
) -> Value {
    let mut detail = json!({"PostingType": posting, "AccountRef": {"value": account}});
    if let Some(customer) = customer {
        detail["Entity"] = json!({"Type": "Customer", "EntityRef": {"value": customer}});
    }
    json!({
        "DetailType": "JournalEntryLineDetail",
        "Amount": money::json(Decimal::new(cents, 2)),
        "JournalEntryLineDetail": detail,
    })
}
