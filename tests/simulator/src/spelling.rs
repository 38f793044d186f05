//! The spelling of numbers in answers, where Intuit's clients report more than one.

use serde_json::{Map, Number, Value};

/// The spelling of an entity in an answer. By default ids are texts, amounts are numbers and empty lists are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AnswerSpelling {
    /// Ids, the values of references and sync tokens are numbers.
    pub has_numeric_ids: bool,
    /// Amounts, balances, prices and quantities are texts.
    pub has_text_amounts: bool,
    /// The balances that are `null`.
    pub balances: BalanceSpelling,
    /// A list of links without entries is left out.
    pub omits_empty_links: bool,
    /// A block of change data has no `startPosition` and no `maxResults`.
    pub omits_change_positions: bool,
}

/// The balances that an answer shows as `null`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BalanceSpelling {
    /// No balance.
    #[default]
    Numbers,
    /// Balances of zero.
    NullAtZero,
    /// All balances.
    Null,
}

impl AnswerSpelling {
    /// Returns an answer in this spelling.
    pub(crate) fn spell(self, mut answer: Value) -> Value {
        if self != Self::default() {
            let blocks = answer.get_mut("CDCResponse").and_then(Value::as_array_mut);
            for block in blocks.into_iter().flatten() {
                self.spell_change_data(block);
            }
            self.spell_value(&mut answer);
        }
        answer
    }

    fn spell_change_data(self, block: &mut Value) {
        let lists = block.get_mut("QueryResponse");
        let lists = lists.and_then(Value::as_array_mut);
        let lists = lists.into_iter().flatten().filter_map(Value::as_object_mut);
        for list in lists.filter(|_| self.omits_change_positions) {
            list.remove("startPosition");
            list.remove("maxResults");
        }
    }

    fn spell_value(self, value: &mut Value) {
        match value {
            Value::Array(values) => values.iter_mut().for_each(|value| self.spell_value(value)),
            Value::Object(members) => self.spell_members(members),
            _ => {}
        }
    }

    fn spell_members(self, members: &mut Map<String, Value>) {
        let is_empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
        if self.omits_empty_links && members.get("LinkedTxn").is_some_and(is_empty) {
            members.remove("LinkedTxn");
        }
        for (name, value) in members {
            match value {
                Value::String(text) if self.has_numeric_ids && is_id(name) => {
                    if let Ok(number) = text.parse::<u64>() {
                        *value = number.into();
                    }
                }
                Value::Number(number) if is_amount(name) => *value = self.amount(name, number),
                value => self.spell_value(value),
            }
        }
    }

    fn amount(self, name: &str, number: &Number) -> Value {
        let is_null = match self.balances {
            BalanceSpelling::Numbers => false,
            BalanceSpelling::NullAtZero => number.as_f64() == Some(0.0),
            BalanceSpelling::Null => true,
        };
        if is_null && name == "Balance" {
            Value::Null
        } else if self.has_text_amounts {
            number.to_string().into()
        } else {
            number.clone().into()
        }
    }
}

fn is_id(name: &str) -> bool {
    matches!(name, "Id" | "SyncToken" | "TxnId" | "value")
}

fn is_amount(name: &str) -> bool {
    let parts = ["Amt", "Amount", "Balance", "Price", "Qty", "Total"];
    parts.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_client::TestClient;
    use serde_json::json;

    /// Reads an invoice of 100.00 in the spelling.
    fn invoice(spelling: AnswerSpelling) -> Value {
        let mut client = TestClient::new();
        let (_, id) = client.invoice("Turner Bay", 100);
        client.simulator.switches_mut().answer_spelling = spelling;
        let (_, answer) = client.get(&format!("invoice/{id}"));
        answer["Invoice"].clone()
    }

    #[test]
    fn ids_and_versions_become_numbers() {
        let invoice = invoice(AnswerSpelling {
            has_numeric_ids: true,
            ..AnswerSpelling::default()
        });
        assert!(invoice["Id"].is_number());
        assert_eq!(invoice["SyncToken"], 0);
        assert!(invoice["CustomerRef"]["value"].is_number());
        assert_eq!(invoice["CurrencyRef"]["value"], "USD");
        assert_eq!(invoice["TxnDate"], "2026-03-31");
    }

    #[test]
    fn amounts_become_texts_and_balances_null() {
        let invoice = invoice(AnswerSpelling {
            has_text_amounts: true,
            balances: BalanceSpelling::Null,
            omits_empty_links: true,
            ..AnswerSpelling::default()
        });
        assert_eq!(invoice["TotalAmt"], "100.00");
        assert_eq!(invoice["Line"][0]["Amount"], "100.00");
        assert_eq!(invoice["Balance"], Value::Null);
        assert_eq!(invoice.get("LinkedTxn"), None);
    }

    #[test]
    fn only_empty_balances_become_null() {
        let at_zero = AnswerSpelling {
            balances: BalanceSpelling::NullAtZero,
            ..AnswerSpelling::default()
        };
        assert!(invoice(at_zero)["Balance"].is_number());
        let paid = json!({"Invoice": {"Balance": 0}});
        assert_eq!(at_zero.spell(paid)["Invoice"]["Balance"], Value::Null);
    }

    #[test]
    fn change_data_leaves_out_its_positions() {
        let spelling = AnswerSpelling {
            omits_change_positions: true,
            ..AnswerSpelling::default()
        };
        let list = json!({"startPosition": 1, "maxResults": 1, "Invoice": [{"Id": "1"}]});
        let answer = json!({"CDCResponse": [{"QueryResponse": [list]}]});
        let spelled = spelling.spell(answer);
        let list = &spelled["CDCResponse"][0]["QueryResponse"][0];
        assert_eq!(list, &json!({"Invoice": [{"Id": "1"}]}));
    }
}
