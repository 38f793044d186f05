use super::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rust_decimal::Decimal;

fn line(amount: &str) -> SalesLine {
    serde_json::from_str(&format!(r#"{{"Amount":{amount}}}"#)).unwrap()
}

#[test]
fn amount_is_equal_in_each_number_form() {
    let expected = Decimal::new(43650, 0);
    for written in [
        "43650",
        "43650.0",
        "43650.00",
        "4.365E4",
        "4.365e+4",
        "436500E-1",
    ] {
        assert_eq!(line(written).amount, Some(expected), "{written}");
    }
}

#[test]
fn amount_beyond_floats_is_exact() {
    for written in [
        "0.10",
        "123456789012.34",
        "-4850.07",
        "999999999999999.99",
        "0.00",
    ] {
        let line = line(written);
        assert_eq!(line.amount.unwrap().to_string(), written);
        assert_eq!(
            serde_json::to_string(&line).unwrap(),
            format!(r#"{{"Amount":{written}}}"#)
        );
    }
}

#[test]
fn absent_amount_is_none_and_text_refused() {
    assert_eq!(
        serde_json::from_str::<SalesLine>("{}").unwrap().amount,
        None
    );
    assert!(serde_json::from_str::<SalesLine>(r#"{"Amount":"ten"}"#).is_err());
    assert!(serde_json::from_str::<SalesLine>(r#"{"Amount":true}"#).is_err());
}

#[test]
fn reference_name_is_read_but_never_sent() {
    let reference: Reference = serde_json::from_str(r#"{"value":"24","name":"Old:Name"}"#).unwrap();
    assert_eq!(reference.name.as_deref(), Some("Old:Name"));
    assert_eq!(
        serde_json::to_string(&reference).unwrap(),
        r#"{"value":"24"}"#
    );
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(43650), failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn amount_in_cents_survives_a_round_trip(cents in -99_999_999_999_999i64..99_999_999_999_999) {
        let amount = Decimal::new(cents, 2);
        let sent = serde_json::to_string(&SalesLine { amount: Some(amount), ..SalesLine::default() }).unwrap();
        prop_assert!(sent.contains(&amount.to_string()), "{}", sent);
        let read: SalesLine = serde_json::from_str(&sent).unwrap();
        prop_assert_eq!(read.amount, Some(amount));
    }
}
