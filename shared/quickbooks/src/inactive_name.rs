//! The names of inactive list entries. QuickBooks adds a suffix, which frees the name.

/// Returns a name without the suffix that QuickBooks adds when an entry becomes inactive: ` (deleted)`, or ` (deleted-1)` and so on if an
/// earlier entry of the name has that suffix already.
pub(crate) fn former_name(name: &str) -> &str {
    let suffix = |name: &str| {
        let (before, number) = name.strip_suffix(')')?.rsplit_once(" (deleted")?;
        let digits = number.strip_prefix('-');
        let is_number =
            |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        (number.is_empty() || digits.is_some_and(is_number)).then_some(before.len())
    };
    let mut name = name;
    while let Some(end) = suffix(name) {
        name = &name[..end];
    }
    name
}

/// Returns a full name without the suffixes. Parents may be inactive too.
pub(crate) fn former_full_name(name: &str) -> String {
    let levels: Vec<&str> = name.split(':').map(former_name).collect();
    levels.join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suffix_of_inactive_names_is_removed() {
        let former = [
            "Old (deleted)",
            "Old (deleted-1)",
            "Old (deleted-12)",
            "Old (deleted) (deleted-2)",
        ];
        assert_eq!(former.map(former_name), ["Old"; 4]);
        let kept = [
            "Old (deleted-)",
            "Old (deleted-x)",
            "Old (deleted-1) Co",
            "Old(deleted)",
        ];
        assert_eq!(kept.map(former_name), kept);
        assert_eq!(former_full_name("A (deleted-1):B (deleted)"), "A:B");
    }
}
