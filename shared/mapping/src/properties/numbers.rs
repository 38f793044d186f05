//! Document numbers fit and differ.

use super::*;

#[test]
fn document_numbers_fit_and_differ() {
    let project = prop_oneof![
        "[A-Z0-9-]{1,8}",
        "\\PC{1,40}",
        "2026-EASTSIDE-HOSPITAL-[0-9]{1,6}"
    ];
    let documents = vec((project, prop_oneof![1_u32..40, any::<u32>()]), 2..40);
    check(300, &documents, |documents| {
        let distinct: BTreeSet<_> = documents.into_iter().collect();
        let mut numbers = BTreeSet::new();
        for (project, number) in &distinct {
            for label in [
                document_number(project, *number),
                journal_number(project, *number),
            ] {
                assert!(label.encode_utf16().count() <= 21, "{label}");
                assert!(label.contains(&format!("-{number}")), "{label}");
                assert!(
                    numbers.insert(label.clone()),
                    "{label} stands for two documents"
                );
            }
        }
        Ok(())
    });
}

#[test]
fn release_numbers_fit_and_differ() {
    let releases = vec(("\\PC{1,40}", "[A-Za-z0-9_-]{1,64}"), 2..40);
    check(200, &releases, |releases| {
        let distinct: BTreeSet<_> = releases.into_iter().collect();
        let number =
            |(project, id): &(String, String)| release_number(project, &id.parse().unwrap());
        let numbers: BTreeSet<_> = distinct.iter().map(number).collect();
        assert_eq!(numbers.len(), distinct.len());
        assert!(
            numbers
                .iter()
                .all(|number| number.encode_utf16().count() <= 21)
        );
        Ok(())
    });
}
