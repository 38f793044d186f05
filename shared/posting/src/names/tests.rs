use super::*;

fn row(id: &str, name: &str) -> ListEntry {
    ListEntry {
        id: id.into(),
        name: name.rsplit(':').next().unwrap().into(),
        full_name: name.into(),
        is_active: true,
        ..ListEntry::default()
    }
}

fn inactive(id: &str, name: &str) -> ListEntry {
    ListEntry {
        is_active: false,
        ..row(id, name)
    }
}

fn with(email: &str, row: ListEntry) -> ListEntry {
    ListEntry {
        email: email.into(),
        ..row
    }
}

fn customer(name: &str) -> WantedName {
    WantedName::customer(&billing::Customer {
        id: "gc_1".parse().unwrap(),
        name: name.into(),
        email: None,
        phone: None,
        address: None,
    })
}

fn class(number: &str, name: &str) -> WantedName {
    WantedName::class(&billing::Project {
        id: "prj_1".parse().unwrap(),
        number: number.into(),
        name: name.into(),
    })
}

fn is(id: &str) -> Match {
    Match::Is(id.into())
}

#[test]
fn exact_name_wins_regardless_of_case() {
    let rows = [
        row("1", "Turner, Inc."),
        row("2", "TURNER INC"),
        row("3", "Turner"),
    ];
    assert_eq!(customer("Turner Inc").among(&rows), is("2"));
    assert_eq!(
        customer("Éclair Bâtiment").among(&[row("4", "ÉCLAIR BÂTIMENT")]),
        is("4")
    );
}

#[test]
fn single_similar_name_matches() {
    let alike = |wanted: &str, listed: &str| customer(wanted).among(&[row("1", listed)]) == is("1");
    for (wanted, listed) in [
        ("Turner Bay Inc", "Turner-Bay, Incorporated"),
        ("Turner Bay", "Turner  Bay LLC"),
        ("O'Neil & Sons", "ONeil and Sons"),
        ("A.B. Smith Co.", "AB Smith Company"),
    ] {
        assert!(
            alike(wanted, listed) && alike(listed, wanted),
            "{wanted} {listed}"
        );
    }
    for (wanted, listed) in [
        ("Turner Inc", "Turner LLC"),
        ("Turner", "Turner Bay"),
        ("Co", "Inc"),
        ("1.1 Tower", "11 Tower"),
    ] {
        assert!(
            !alike(wanted, listed) && !alike(listed, wanted),
            "{wanted} {listed}"
        );
    }
}

#[test]
fn two_similar_names_match_nothing() {
    let rows = [row("1", "Turner Inc"), row("2", "Turner LLC")];
    assert_eq!(customer("Turner").among(&rows), Match::Nothing);
    let rows = [
        row("1", "Turner, Inc."),
        row("2", "Turner-Inc"),
        row("3", "Turner"),
    ];
    assert_eq!(customer("Turner Inc").among(&rows), Match::Nothing);
    let rows = [row("1", "Turner, Inc."), row("3", "Turner")];
    assert_eq!(customer("Turner Inc").among(&rows), is("1"));
}

#[test]
fn inactive_exact_name_yields_to_active_name() {
    let rows = [inactive("1", "Turner Bay")];
    assert_eq!(customer("turner bay").among(&rows), Match::Inactive);
    assert_eq!(customer("Turner Bay LLC").among(&rows), Match::Nothing);
    let rows = [inactive("1", "Turner Bay"), row("2", "Turner-Bay")];
    assert_eq!(customer("Turner Bay").among(&rows), is("2"));
}

#[test]
fn colon_name_matches_job_or_its_replacement() {
    let rows = [row("1", "Turner"), row("2", "Turner:Bay"), row("3", "Bay")];
    assert_eq!(customer("turner : bay").among(&rows), is("2"));
    assert_eq!(
        customer("Turner:Bay").among(&[row("4", "Turner - Bay")]),
        is("4")
    );
    assert_eq!(
        customer("Turner:Bay").among(&[row("3", "Bay")]),
        Match::Nothing
    );
    assert_eq!(customer("Bay").among(&rows), is("3"));
    assert_eq!(customer("Bay").among(&rows[..2]), is("2"));
}

#[test]
fn top_level_class_outranks_subclass() {
    let top = row("1", "1042 Tower");
    let (north, south) = (row("2", "North:1042 Tower"), row("3", "South:1042 Tower"));
    let wanted = class("1042", "Tower");
    assert_eq!(wanted.among(&[north.clone(), top]), is("1"));
    assert_eq!(wanted.among(std::slice::from_ref(&north)), is("2"));
    assert_eq!(wanted.among(&[north, south]), Match::Nothing);
    assert_eq!(wanted.among(&[row("4", "1042 - tower")]), is("4"));
    assert_eq!(wanted.among(&[row("5", "1042 Tower Co")]), Match::Nothing);
}

#[test]
fn address_decides_between_alike_names_only() {
    let email = "ap@turner.example";
    let wanted = WantedName {
        email: Some(email.into()),
        ..customer("Turner")
    };
    let (inc, llc) = (row("1", "Turner Inc"), row("2", "Turner LLC"));
    let other = with(email, row("3", "Old Payer LLC"));
    let rows = [inc.clone(), with(email, llc.clone()), other.clone()];
    assert_eq!(wanted.among(&rows), is("2"));
    assert_eq!(
        wanted.among(&[inc.clone(), llc, other.clone()]),
        Match::Nothing
    );
    assert_eq!(wanted.among(&[inc, other.clone()]), is("1"));
    assert_eq!(wanted.among(&[other]), Match::Nothing);
}

#[test]
fn quotes_and_dashes_of_every_kind_are_alike() {
    for (wanted, listed) in [
        ("O’Brien Builders", "O'Brien Builders"),
        ("“Quoted” Co", "\"Quoted\" Co"),
        ("Smith – Jones", "Smith-Jones"),
        ("ŁÓDŹ Builders", "Łódź  Builders"),
        ("Turner\u{a0}Bay", "Turner Bay"),
    ] {
        assert_eq!(
            customer(wanted).among(&[row("1", listed)]),
            is("1"),
            "{wanted}"
        );
        let inactive = [inactive("1", listed)];
        assert_eq!(
            customer(wanted).among(&inactive),
            Match::Inactive,
            "{wanted}"
        );
    }
    assert_eq!(customer("…").among(&[row("1", "–")]), Match::Nothing);
}

#[test]
fn email_matches_single_top_level_customer() {
    let email = "ap@turner.example";
    let parent = with("AP@turner.example, x@y.example", row("1", "Turner"));
    let job = with(email, row("2", "Turner:Bay"));
    let gone = with(email, inactive("3", "Old"));
    let id = |rows: &[ListEntry]| with_email(email, rows).map(|row| row.id.clone());
    assert_eq!(id(&[parent.clone(), job, gone]), Some("1".into()));
    assert_eq!(id(&[parent, with(email, row("4", "Other"))]), None);
    assert_eq!(id(&[row("5", "None")]), None);
}

#[test]
fn search_prefix_requires_plain_first_letter() {
    let beginning = |name: &str| customer(name).beginning().to_owned();
    assert_eq!(beginning("Turner"), "T");
    assert_eq!(beginning("(Bay)"), "");
    assert_eq!(beginning("Éclair"), "");
}
