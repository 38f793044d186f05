use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::column::{Column, fields};
use super::compare::{Comparable, holds, statement_value};
use super::statement::{Columns, Condition, Operator, Sort, Statement};
use crate::fault::Fault;
use crate::json::Object;
use crate::kind::Kind;
use crate::records::{Record, Records};
use crate::schema::Shape;

/// A condition with its field found and its values read.
struct Filter {
    column: Column,
    operator: Operator,
    wanted: Vec<Comparable>,
}

/// A field to sort by.
struct SortColumn {
    column: Column,
    is_descending: bool,
}

/// Runs a parsed statement and returns its `QueryResponse`.
pub(super) fn run(records: &Records, statement: &Statement) -> Result<Value, Fault> {
    let kind = Kind::from_query_name(&statement.entity).ok_or_else(|| {
        Fault::query_invalid(&format!(
            "Invalid context declaration: {}",
            statement.entity
        ))
    })?;
    let filters = statement
        .conditions
        .iter()
        .map(|condition| filter(kind, condition))
        .collect::<Result<Vec<Filter>, Fault>>()?;
    let sorts = sort_columns(kind, &statement.sorts)?;
    let shown = shown_fields(kind, &statement.columns)?;
    let mut rows: Vec<&Record> = records
        .all(kind)
        .filter(|record| is_match(record, &filters))
        .collect();
    if statement.columns == Columns::Count {
        return Ok(json!({"QueryResponse": {"totalCount": rows.len()}}));
    }
    rows.sort_by(|one, other| compare(one, other, &sorts));
    let page: Vec<Value> = rows
        .into_iter()
        .skip(statement.start_position - 1)
        .take(statement.max_results)
        .map(|record| row(&record.body, shown.as_deref()))
        .collect();
    if page.is_empty() {
        return Ok(json!({"QueryResponse": {}}));
    }
    let response = json!({
        "startPosition": statement.start_position, "maxResults": page.len(), kind.name(): page,
    });
    Ok(json!({ "QueryResponse": response }))
}

/// Finds the field of a condition, checks the operator and reads the values.
fn filter(kind: Kind, condition: &Condition) -> Result<Filter, Fault> {
    let column = Column::find(kind, &condition.name)?;
    let operator = condition.operator;
    let is_exact = matches!(operator, Operator::Equal | Operator::In);
    let needs_exact = column.path == ["Id"] || matches!(column.shape, Shape::Bool);
    let is_text = matches!(
        column.shape,
        Shape::Text(_) | Shape::Email(_) | Shape::OneOf(_)
    );
    if (needs_exact && !is_exact) || (operator == Operator::Like && !is_text) {
        return Err(Fault::query_invalid(&format!(
            "operator is not supported for property {}",
            condition.name
        )));
    }
    let read = |value: &String| {
        statement_value(column.shape, value).ok_or_else(|| {
            Fault::query_invalid(&format!(
                "value {value} is invalid for property {}",
                condition.name
            ))
        })
    };
    let wanted = condition
        .values
        .iter()
        .map(read)
        .collect::<Result<_, _>>()?;
    Ok(Filter {
        column,
        operator,
        wanted,
    })
}

/// Finds the fields to sort by. Ids cannot be sorted by.
fn sort_columns(kind: Kind, sorts: &[Sort]) -> Result<Vec<SortColumn>, Fault> {
    sorts
        .iter()
        .map(|sort| {
            let column = Column::find(kind, &sort.name)?;
            if column.path == ["Id"] {
                return Err(Fault::query_invalid("Property Id is not sortable"));
            }
            Ok(SortColumn {
                column,
                is_descending: sort.is_descending,
            })
        })
        .collect()
}

/// Returns the top-level fields that a row shows, or `None` for all fields.
fn shown_fields(kind: Kind, columns: &Columns) -> Result<Option<Vec<&'static str>>, Fault> {
    let Columns::Named(names) = columns else {
        return Ok(None);
    };
    let top = |name: &String| {
        let first = name.split('.').next().unwrap_or_default();
        fields(kind)
            .find(|field| field.name.eq_ignore_ascii_case(first))
            .map(|field| field.name)
            .ok_or_else(|| {
                Fault::query_invalid(&format!(
                    "Property {name} not found for Entity {}",
                    kind.name()
                ))
            })
    };
    names.iter().map(top).collect::<Result<_, _>>().map(Some)
}

/// Returns whether a record fulfils every condition. An inactive list entry needs a condition on `Active` to show.
fn is_match(record: &Record, filters: &[Filter]) -> bool {
    let names_active = filters
        .iter()
        .any(|filter| filter.column.path == ["Active"]);
    let is_visible = names_active || record.body.get("Active") != Some(&Value::Bool(false));
    is_visible
        && filters.iter().all(|filter| {
            let value = filter.column.value(record);
            holds(&value, filter.operator, &filter.wanted)
        })
}

/// Orders two records by the given fields, then the latest change first.
fn compare(one: &Record, other: &Record, sorts: &[SortColumn]) -> Ordering {
    for sort in sorts {
        let compared = sort.column.value(one).cmp(&sort.column.value(other));
        let compared = if sort.is_descending {
            compared.reverse()
        } else {
            compared
        };
        if compared != Ordering::Equal {
            return compared;
        }
    }
    other.sequence.cmp(&one.sequence)
}

/// Returns a record with the shown fields alone.
fn row(body: &Value, shown: Option<&[&str]>) -> Value {
    let (Some(shown), Value::Object(body)) = (shown, body) else {
        return body.clone();
    };
    let mut row: Object = shown
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), body.get(*name)?.clone())))
        .collect::<Map<_, _>>();
    row.insert("domain".to_owned(), "QBO".into());
    row.insert("sparse".to_owned(), true.into());
    Value::Object(row)
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::test_company::{TestCompany, line};

    fn answer(records: &Records, statement: &str) -> Result<Value, Fault> {
        run(records, &parse::parse(statement)?)
    }

    /// Three customers, one of them inactive.
    fn company() -> TestCompany {
        let mut company = TestCompany::new();
        for (name, email) in [
            ("O'Neil & Sons", "ap@oneil.example"),
            ("Turner Bay", "ap@turnerbay.example"),
            ("Ashgrove", "ap@ashgrove.example"),
        ] {
            let body = json!({"DisplayName": name, "PrimaryEmailAddr": {"Address": email}});
            company.save("Customer", body);
            company.now += jiff::SignedDuration::from_mins(1);
        }
        let id = company.id_of(Kind::Customer, "Ashgrove");
        let rest = json!({"Id": id, "SyncToken": "0", "sparse": true, "Active": false});
        company.save("Customer", rest);
        company
    }

    fn names(company: &TestCompany, statement: &str) -> Vec<String> {
        let answer = answer(&company.state.records, statement).unwrap();
        let rows = answer["QueryResponse"]["Customer"].as_array().cloned();
        rows.unwrap_or_default()
            .iter()
            .map(|row| row["DisplayName"].as_str().unwrap().to_owned())
            .collect()
    }

    fn code(company: &TestCompany, statement: &str) -> String {
        answer(&company.state.records, statement).unwrap_err().code
    }

    #[test]
    fn inactive_entries_show_on_request() {
        let company = company();
        assert_eq!(
            names(&company, "select * from Customer"),
            ["Turner Bay", "O'Neil & Sons"]
        );
        assert_eq!(
            names(
                &company,
                "select * from Customer where Active in (true, false)"
            )
            .len(),
            3
        );
        assert_eq!(
            names(&company, "select * from Customer where Active = false"),
            ["Ashgrove (deleted)"]
        );
    }

    #[test]
    fn names_and_values_ignore_case() {
        let company = company();
        assert_eq!(
            names(
                &company,
                "SELECT * FROM customer WHERE displayname = 'TURNER bay'"
            ),
            ["Turner Bay"]
        );
        assert_eq!(
            names(
                &company,
                r"select * from Customer where DisplayName = 'O\'Neil & Sons'"
            ),
            ["O'Neil & Sons"]
        );
        assert_eq!(
            names(
                &company,
                "select * from Customer where DisplayName like '%BAY'"
            ),
            ["Turner Bay"]
        );
        assert_eq!(
            names(
                &company,
                "select * from Customer where PrimaryEmailAddr = 'AP@oneil.example'"
            ),
            ["O'Neil & Sons"]
        );
    }

    #[test]
    fn pages_follow_requested_order() {
        let company = company();
        let ordered = "select * from Customer where Active in (true, false) orderby DisplayName";
        assert_eq!(
            names(&company, &format!("{ordered} startposition 2 maxresults 1")),
            ["O'Neil & Sons"]
        );
        assert_eq!(
            names(&company, &format!("{ordered} desc maxresults 1")),
            ["Turner Bay"]
        );
        assert_eq!(
            names(
                &company,
                "select * from Customer order by MetaData.CreateTime asc"
            ),
            ["O'Neil & Sons", "Turner Bay"]
        );
        assert_eq!(
            names(&company, &format!("{ordered} startposition 9")).len(),
            0
        );
    }

    #[test]
    fn times_and_amounts_can_be_compared() {
        let mut company = company();
        let since =
            "select * from Customer where MetaData.LastUpdatedTime > '2026-03-02T15:00:30Z'";
        assert_eq!(names(&company, since), ["Turner Bay"]);
        let customer = company.id_of(Kind::Customer, "Turner Bay");
        company.sale("Invoice", &customer, 100_00);
        for (condition, count) in [
            ("Balance > '0'", 1),
            ("Balance > 100", 0),
            ("TotalAmt = '100.00' and TxnDate = '2026-03-31'", 1),
            (&format!("CustomerRef = '{customer}'"), 1),
        ] {
            let statement = format!("select count(*) from Invoice where {condition}");
            let found = answer(&company.state.records, &statement).unwrap();
            assert_eq!(found["QueryResponse"]["totalCount"], count, "{condition}");
        }
    }

    #[test]
    fn named_columns_limit_rows() {
        let company = company();
        let found = answer(
            &company.state.records,
            "select id, DisplayName, MetaData.CreateTime from Customer maxresults 1",
        )
        .unwrap();
        let row = found["QueryResponse"]["Customer"][0].as_object().unwrap();
        let names: Vec<&String> = row.keys().collect();
        assert_eq!(names, ["DisplayName", "Id", "MetaData", "domain", "sparse"]);
    }

    #[test]
    fn empty_result_is_empty_answer() {
        let company = company();
        let found = answer(&company.state.records, "select * from Invoice").unwrap();
        assert_eq!(found, json!({"QueryResponse": {}}));
        let found = answer(&company.state.records, "select * from Department").unwrap();
        assert_eq!(found, json!({"QueryResponse": {}}));
    }

    #[test]
    fn invalid_query_is_refused() {
        let company = company();
        for statement in [
            "select * from Ghost",
            "select * from Invoice where Ghost = '1'",
            "select Ghost from Invoice",
            "select * from Invoice where PrivateNote = 'x'",
            "select * from Invoice where Line.Amount = '1'",
            "select * from Invoice where Id > '1'",
            "select * from Invoice where Id like '1%'",
            "select * from Invoice where TxnDate = 'today'",
            "select * from Invoice where TotalAmt = 'much'",
            "select * from Invoice where TotalAmt like '1%'",
            "select * from Customer where Active > true",
            "select * from Invoice orderby Id",
            "select * from Invoice orderby PrivateNote",
        ] {
            assert_eq!(code(&company, statement), "4001", "{statement}");
        }
    }

    #[test]
    fn id_list_finds_its_entities() {
        let mut company = company();
        let customer = company.customer("Third");
        let item = company.work_item();
        let ids: Vec<String> = (1..=3)
            .map(|cents| {
                let body =
                    json!({"CustomerRef": {"value": customer}, "Line": [line(&item, cents)]});
                company.save("Invoice", body)
            })
            .collect();
        let statement = format!(
            "select * from Invoice where Id in ('{}', '{}')",
            ids[0], ids[2]
        );
        let found = answer(&company.state.records, &statement).unwrap();
        let rows = found["QueryResponse"]["Invoice"].as_array().unwrap();
        let found: Vec<&Value> = rows.iter().map(|row| &row["Id"]).collect();
        assert_eq!(found, [&json!(ids[2]), &json!(ids[0])]);
    }
}
