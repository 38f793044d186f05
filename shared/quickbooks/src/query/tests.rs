use super::*;
use jiff::Timestamp;
use jiff::civil::Date;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rust_decimal::Decimal;

fn statement(condition: Condition) -> String {
    Query::from(Kind::Invoice).filter(condition).to_string()
}

#[test]
fn statement_has_all_its_clauses() {
    let query = Query::from(Kind::Customer)
        .filter(Field::DisplayName.equals("O'Neil \\ Sons"))
        .and(Field::LastUpdatedTime.at_least("2026-03-31T21:14:09Z".parse::<Timestamp>().unwrap()))
        .active_and_inactive()
        .order_by(Field::CreateTime, Order::Ascending)
        .start_position(101)
        .max_results(50);
    insta::assert_snapshot!(query, @r"select * from Customer where DisplayName = 'O\'Neil \\ Sons' and MetaData.LastUpdatedTime >= '2026-03-31T21:14:09Z' and Active in (true, false) orderby MetaData.CreateTime asc startposition 101 maxresults 50");
}

#[test]
fn each_comparison_has_its_syntax() {
    let date: Date = "2026-03-31".parse().unwrap();
    let statements = [
        statement(Field::Id.is_in(["1", "5000000000000007280"])),
        statement(Field::Id.is_in(Vec::<&str>::new())),
        statement(Field::DocNumber.starts_with("2301-")),
        statement(Field::DisplayName.contains("neil")),
        statement(Field::TxnDate.at_most(date)),
        statement(Field::TotalAmt.equals(Decimal::new(4_365_000, 2))),
        statement(Field::Active.equals(true)),
        statement(Field::CustomerRef.equals(&"24".to_owned())),
    ];
    insta::assert_snapshot!(statements.join("\n"), @"
    select * from Invoice where Id in ('1', '5000000000000007280') maxresults 1000
    select * from Invoice where Id in ('') maxresults 1000
    select * from Invoice where DocNumber like '2301-%' maxresults 1000
    select * from Invoice where DisplayName like '%neil%' maxresults 1000
    select * from Invoice where TxnDate <= '2026-03-31' maxresults 1000
    select * from Invoice where TotalAmt = '43650.00' maxresults 1000
    select * from Invoice where Active = true maxresults 1000
    select * from Invoice where CustomerRef = '24' maxresults 1000
    ");
}

#[test]
fn thousand_ids_fit_into_one_query() {
    let ids: Vec<String> = (1..=MAX_RESULTS).map(|id| id.to_string()).collect();
    let query = Query::from(Kind::Account)
        .filter(Field::Id.is_in(&ids))
        .active_and_inactive()
        .to_string();
    assert!(query.starts_with("select * from Account where Id in ('1', '2', '3', "));
    assert!(
        query.ends_with(", '999', '1000') and Active in (true, false) maxresults 1000"),
        "{query}"
    );
}

#[test]
fn each_field_has_intuits_name() {
    let fields = [
        Field::Id,
        Field::Name,
        Field::DisplayName,
        Field::FullyQualifiedName,
        Field::DocNumber,
        Field::TxnDate,
        Field::CustomerRef,
        Field::TotalAmt,
        Field::Balance,
        Field::PaymentRefNum,
        Field::AccountType,
        Field::AccountSubType,
        Field::Type,
        Field::Active,
        Field::CreateTime,
        Field::LastUpdatedTime,
    ];
    insta::assert_snapshot!(fields.map(Field::name).join(" "), @"Id Name DisplayName FullyQualifiedName DocNumber TxnDate CustomerRef TotalAmt Balance PaymentRefNum AccountType AccountSubType Type Active MetaData.CreateTime MetaData.LastUpdatedTime");
}

#[test]
fn page_size_and_start_are_limited() {
    let rows = |rows| Query::from(Kind::Class).max_results(rows).to_string();
    assert_eq!(rows(0), "select * from Class maxresults 1");
    assert_eq!(rows(5000), "select * from Class maxresults 1000");
    let first = Query::from(Kind::Class).start_position(0);
    assert_eq!(first, Query::from(Kind::Class));
}

#[test]
fn descending_order_is_written() {
    let query = Query::from(Kind::Account).order_by(Field::Name, Order::Descending);
    assert_eq!(
        query.to_string(),
        "select * from Account orderby Name desc maxresults 1000"
    );
    assert_eq!(query.kind(), Kind::Account);
}

/// Reads one literal as Intuit: Query operations and syntax describes it. A literal ends at the first quote without a backslash
/// in front, and a backslash stands for the character after it. Returns the text and the rest after the literal.
fn unquote(literal: &str) -> Option<(String, &str)> {
    let rest = literal.strip_prefix('\'')?;
    let mut text = String::new();
    let mut characters = rest.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\'' => return Some((text, &rest[at + 1..])),
            '\\' => text.push(characters.next()?.1),
            other => text.push(other),
        }
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(43650), failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_text_becomes_one_equal_literal(text in any::<String>()) {
        let Value(literal) = Value::from(text.as_str());
        prop_assert_eq!(unquote(&literal), Some((text, "")));
    }

    #[test]
    fn text_cannot_leave_its_literal(text in r"['\\%a-z() =]{0,24}") {
        let statement = Query::from(Kind::Invoice).filter(Field::DocNumber.equals(&text)).to_string();
        let (head, literal) = statement.split_at("select * from Invoice where DocNumber = ".len());
        prop_assert_eq!(head, "select * from Invoice where DocNumber = ");
        prop_assert_eq!(unquote(literal), Some((text, " maxresults 1000")));
    }
}
