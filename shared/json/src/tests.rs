use super::*;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, from_str, json};
use std::collections::BTreeMap;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    number: u32,
    #[serde(default)]
    rows: Vec<Row>,
    note: Option<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Row {
    name: String,
    way: Way,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Way {
    Plain,
    By(i8),
    Between(bool, bool),
    With { price: Price },
}

#[derive(Debug, PartialEq, Deserialize)]
struct Price(#[serde(with = "rust_decimal::serde::arbitrary_precision")] Decimal);

#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "state", content = "since")]
enum State {
    Open(u32),
    Shut(Price),
}

fn error_text<'de, T: Deserialize<'de> + std::fmt::Debug>(value: &'de Value) -> String {
    read::<T>(value).unwrap_err().to_string()
}

fn row(way: &Value) -> Value {
    json!({"name": "a", "way": way})
}

#[test]
fn struct_is_read_from_an_object() {
    let order =
        json!({"number": 7, "note": null, "rows": [row(&json!("plain")), row(&json!({"by": -3}))]});
    let rows = ["plain", "by"].len();
    let order: Order = read(&order).unwrap();
    assert_eq!(
        (order.number, order.rows.len(), order.note),
        (7, rows, None)
    );
    assert_eq!(order.rows[1].way, Way::By(-3));
}

#[test]
fn struct_as_array_is_refused() {
    assert_eq!(
        error_text::<Order>(&json!([7])),
        "invalid type: sequence, expected an object"
    );
    assert_eq!(
        error_text::<State>(&json!(["Open", 1])),
        "invalid type: sequence, expected an object"
    );
}

#[test]
fn every_enum_form_is_read() {
    let read_way = |value: &Value| read::<Way>(value).unwrap();
    assert_eq!(read_way(&json!("plain")), Way::Plain);
    assert_eq!(read_way(&json!({"plain": null})), Way::Plain);
    assert_eq!(
        read_way(&json!({"between": [true, false]})),
        Way::Between(true, false)
    );
    let price = Price(Decimal::new(5, 0));
    assert_eq!(
        read_way(&json!({"with": {"price": 5}})),
        Way::With { price }
    );
}

#[test]
fn unknown_enum_form_is_refused() {
    for wrong in [
        json!("by"),
        json!("other"),
        json!({}),
        json!({"plain": 1}),
        json!({"by": 1, "plain": null}),
        json!({"between": [true]}),
        json!({"between": [true, true, true]}),
        json!(["plain"]),
        json!(null),
    ] {
        assert!(read::<Way>(&wrong).is_err(), "{wrong}");
    }
}

#[test]
fn decimal_number_is_read_exactly() {
    let exact = |text: &str| {
        read::<Price>(&from_str(text).unwrap())
            .unwrap()
            .0
            .to_string()
    };
    assert_eq!(exact("43650.00"), "43650.00");
    assert_eq!(exact("-0.07"), "-0.07");
    assert_eq!(exact("123456789012345.67"), "123456789012345.67");
    assert_eq!(exact("-12"), "-12");
    assert_eq!(exact("1.25e2"), "125");
}

#[test]
fn number_before_its_tag_is_read_exactly() {
    let state = |text: &str| read::<State>(&from_str(text).unwrap()).unwrap();
    assert_eq!(state(r#"{"since": 5, "state": "Open"}"#), State::Open(5));
    let price = Price(Decimal::new(1050, 2));
    assert_eq!(
        state(r#"{"since": 10.50, "state": "Shut"}"#),
        State::Shut(price)
    );
}

#[test]
fn wrong_type_error_has_the_whole_path() {
    let order = json!({"number": 7, "rows": [row(&json!("plain")), row(&json!({"by": "x"}))]});
    assert_eq!(
        error_text::<Order>(&order),
        "`rows[1].way.by` invalid type: string \"x\", expected a whole number"
    );
    let order = json!({"number": 7, "rows": [row(&json!("plain")), {"name": 5}]});
    assert_eq!(
        error_text::<Order>(&order),
        "`rows[1].name` invalid type: number, expected a string"
    );
}

#[test]
fn missing_or_unknown_field_error_names_it() {
    assert_eq!(error_text::<Order>(&json!({})), "`number` is missing");
    assert_eq!(
        error_text::<Order>(&json!({"number": 1, "rows": [{}]})),
        "`rows[0].name` is missing"
    );
    let unknown = error_text::<Order>(&json!({"number": 1, "nmae": 1}));
    assert!(
        unknown.starts_with("`nmae` unknown field `nmae`, expected one of"),
        "{unknown}"
    );
}

#[test]
fn number_out_of_range_is_refused() {
    for wrong in ["-1", "1.5", "4294967296", "1e2", "\"1\"", "null", "true"] {
        let order = from_str(&format!(r#"{{"number": {wrong}}}"#)).unwrap();
        assert_eq!(
            read::<Order>(&order).unwrap_err().path(),
            "number",
            "{wrong}"
        );
    }
}

#[test]
fn map_keys_are_text_and_in_paths() {
    let map = json!({"a": 1, "b": 2});
    assert_eq!(read::<BTreeMap<String, u8>>(&map).unwrap()["b"], 2);
    assert_eq!(
        error_text::<BTreeMap<String, u8>>(&json!({"b": []})),
        "`b` invalid type: sequence, expected a whole number"
    );
}

#[test]
fn value_is_read_as_itself() {
    let text = r#"{"a":[1,-2,3.50,null,true,"x"],"b":{}}"#;
    let value: Value = from_str(text).unwrap();
    assert_eq!(read::<Value>(&value).unwrap().to_string(), text);
}

#[test]
fn plain_text_is_read_from_numbers_too() {
    let value: Value =
        from_str(r#"[130, "130", 43650.00, 5000000000000007280, null, true, {}]"#).unwrap();
    let plain: Vec<_> = value.as_array().unwrap().iter().map(plain).collect();
    let expected = ["130", "130", "43650.00", "5000000000000007280"].map(Some);
    assert_eq!(plain[..4], expected);
    assert_eq!(plain[4..], [None; 3]);
}
