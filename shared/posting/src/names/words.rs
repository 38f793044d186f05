//! The words of names, as far as they tell one company from another.

/// Returns a name in lower case. QuickBooks compares names without regard to case.
pub fn folded(name: &str) -> String {
    name.to_lowercase()
}

/// Returns the words of a name in lower case, with single spaces and without punctuation: `A.B. O'Neil & Sons` gives `ab oneil and sons`. A
/// point behind a digit separates words, or `1.1` and `11` would be equal.
pub fn words(name: &str) -> String {
    let mut words = String::new();
    for c in folded(name).chars() {
        let after_digit = words.ends_with(|last: char| last.is_ascii_digit());
        match c {
            '\'' | '’' | '‘' | '‛' | 'ʼ' | '′' | '´' | '`' => {}
            '.' if !after_digit => {}
            '&' | '＆' => words.push_str(" and "),
            _ if c.is_ascii_alphanumeric() || (!c.is_ascii() && !is_mark(c)) => words.push(c),
            _ => words.push(' '),
        }
    }
    let words: Vec<_> = words.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Returns whether a character beyond ASCII separates words: white space, quotes, dashes, points.
fn is_mark(c: char) -> bool {
    let is_punctuation = matches!(c, '¡' | '«' | '·' | '»' | '¿' | '\u{2010}'..='\u{205e}' | '\u{3001}'..='\u{303f}');
    c.is_whitespace() || is_punctuation
}

/// The words of a company's name, with its legal form apart.
pub struct CompanyName<'a> {
    /// The words without the legal form.
    pub base: &'a str,
    /// The legal form in one spelling, or empty.
    pub legal_form: &'a str,
}

impl<'a> CompanyName<'a> {
    /// Returns the words of a name, as [`words`] gives them, with the legal form apart.
    pub fn of(words: &'a str) -> Self {
        let whole = Self {
            base: words,
            legal_form: "",
        };
        let Some((base, last)) = words.rsplit_once(' ') else {
            return whole;
        };
        let legal_form = match last {
            "inc" | "incorporated" => "inc",
            "corp" | "corporation" => "corp",
            "co" | "company" => "co",
            "ltd" | "limited" => "ltd",
            "llc" | "llp" | "lp" | "pc" => last,
            _ => return whole,
        };
        Self { base, legal_form }
    }
}

/// Returns `Parent:Child` for a name with a colon, without white space around the colon.
pub fn full_name(name: &str) -> Option<String> {
    let parts: Vec<_> = name
        .split(':')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    (parts.len() > 1).then(|| parts.join(":"))
}
