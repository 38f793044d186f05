//! Items and merged entries that lines refer to.

use super::*;

#[test]
fn unknown_item_is_a_difference() {
    let mut shown = written(&bill(), 0, PER_LINE, 0);
    shown.posted.ids.items.remove(REVENUE);
    let found_text = summary(&shown.posted.differences(&shown.standing()));
    assert_eq!(found_text, "lines:  900.00,  450.00 > 11 900.00, 11 450.00");
}

#[test]
fn merged_entry_is_replaced_in_every_reference() {
    let merges: [(usize, Edit, &[Kind]); 4] = [
        (
            0,
            |form| form["CustomerRef"]["value"] = json!("7"),
            &[Kind::Customer],
        ),
        (
            0,
            |form| (0..2).for_each(|line| class_of(line, form)["value"] = json!("6")),
            &[Kind::Class],
        ),
        (
            0,
            |form| {
                for line in form["Line"].as_array_mut().unwrap() {
                    if line.get("SalesItemLineDetail").is_some() {
                        line["SalesItemLineDetail"]["ItemRef"]["value"] = json!("77");
                    }
                }
            },
            &[Kind::Item],
        ),
        (
            1,
            |entry| {
                entry["Line"][1]["JournalEntryLineDetail"]["AccountRef"]["value"] = json!("99");
            },
            &[Kind::Account],
        ),
    ];
    for (at, merge, kinds) in merges {
        let mut shown = written(&bill(), 0, PER_LINE, at);
        assert_eq!(shown.posted.replaced_references(&shown.standing()), []);
        let found = shown.edited(merge);
        let replaced = shown.posted.replaced_references(&found);
        let found_kinds: Vec<Kind> = replaced.iter().map(|replaced| replaced.kind).collect();
        assert_eq!(found_kinds, kinds);
        replaced
            .iter()
            .for_each(|replaced| shown.posted.apply_merge(replaced));
        assert_eq!(shown.posted.differences(&found), [], "{kinds:?}");
    }
}

#[test]
fn reordered_lines_are_cosmetic() {
    written(&bill(), 0, PER_LINE, 0).assert_differences(&[(
        |form| form["Line"].as_array_mut().unwrap()[..2].reverse(),
        "lines?: 11 900.00, 11 450.00 > 11 450.00, 11 900.00; \
         description?: 01 Item 1 · 1000.00 billed, 100.00 retainage withheld, 02 Item 2 · 500.00 billed, 50.00 retainage withheld > 02 Item 2 · 500.00 billed, 50.00 retainage withheld, 01 Item 1 · 1000.00 billed, 100.00 retainage withheld",
    )]);
    let release = Document::RetainageRelease(samples::release());
    let shown = written(&release, 0, PER_LINE, 0);
    let turned = shown.edited(|entry| entry["Line"].as_array_mut().unwrap().reverse());
    let differences = shown.posted.differences(&turned);
    assert!(differences.iter().all(|difference| difference.is_cosmetic));
    assert_eq!(differences[0].field, "lines");
}

/// Lets the items of a form post to this account.
fn post_to(form: &mut Value, account: &str) {
    for line in form["Line"].as_array_mut().unwrap() {
        if let Some(detail) = line.get_mut("SalesItemLineDetail") {
            detail["ItemAccountRef"] = json!({ "value": account });
        }
    }
}

#[test]
fn merged_account_of_item_is_taken_over() {
    let mut shown = written(&bill(), 0, PER_LINE, 0);
    let found = shown.edited(|form| post_to(form, "99"));
    let differing = shown.posted.compare_with_answer(&found);
    assert_eq!(differing.len(), 1, "{differing:?}");
    let [merged] = &shown.posted.replaced_references(&found)[..] else {
        panic!("{found:?}");
    };
    assert_eq!((merged.kind, merged.theirs.as_str()), (Kind::Account, "99"));
    shown.posted.apply_merge(merged);
    assert!(!shown.posted.changes_books(&found));
    let moved = shown.edited(|form| post_to(form, "98"));
    assert!(shown.posted.changes_books(&moved));
}

#[test]
fn line_of_zero_posts_to_no_account() {
    let mut shown = written(&bill(), 0, PER_LINE, 0);
    if let Posting::Invoice(sale) = &mut shown.posted.posting {
        let lines = sale.lines.iter_mut();
        lines.for_each(|line| line.amount = Decimal::ZERO);
    }
    let found = shown.edited(|form| {
        post_to(form, "99");
        form["TotalAmt"] = json!(0);
        form["Balance"] = json!(0);
        for line in form["Line"].as_array_mut().unwrap() {
            line["Amount"] = json!(0);
        }
    });
    assert_eq!(shown.posted.compare_with_answer(&found), []);
}
