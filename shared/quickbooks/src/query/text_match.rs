//! Comparisons of a text field with a text that people typed.

use super::condition::{Condition, Field};

/// A comparison with a text that people typed.
///
/// QuickBooks refuses a statement with a character beyond Latin-1 (fault 4000), although names and numbers may have such characters. The
/// condition therefore asks with the ASCII parts of the text, and may find more rows than are wanted. [`TextMatch::is_met_by`] compares
/// each row here.
///
/// ```
/// use quickbooks::query::{Field, Query, TextMatch};
/// use quickbooks::Kind;
///
/// let wanted = TextMatch::equal(Field::DisplayName, "O’Brien");
/// let query = Query::from(Kind::Customer).filter(wanted.condition());
/// assert_eq!(
///     query.to_string(),
///     "select * from Customer where DisplayName like 'O%Brien' maxresults 1000"
/// );
/// assert!(wanted.is_met_by("o’brien"));
/// assert!(!wanted.is_met_by("O'Brien"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextMatch {
    field: Field,
    relation: Relation,
    text: String,
}

/// The part of the value that the text must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Whole,
    Beginning,
    Part,
}

impl TextMatch {
    /// Wants values that are this text.
    #[must_use]
    pub fn equal(field: Field, text: &str) -> Self {
        Self::new(field, Relation::Whole, text)
    }

    /// Wants values that begin with this text.
    #[must_use]
    pub fn starts_with(field: Field, text: &str) -> Self {
        Self::new(field, Relation::Beginning, text)
    }

    /// Wants values that contain this text.
    #[must_use]
    pub fn contains(field: Field, text: &str) -> Self {
        Self::new(field, Relation::Part, text)
    }

    fn new(field: Field, relation: Relation, text: &str) -> Self {
        let text = text.to_owned();
        Self {
            field,
            relation,
            text,
        }
    }

    /// Returns a condition that QuickBooks takes. All wanted rows meet it, and perhaps others.
    #[must_use]
    pub fn condition(&self) -> Condition {
        match self.relation {
            Relation::Whole => self.field.equals(&self.text),
            Relation::Beginning => self.field.starts_with(&self.text),
            Relation::Part => self.field.contains(&self.text),
        }
    }

    /// Returns whether QuickBooks finds the wanted rows alone. If not, the limit of an answer may hide wanted rows behind others.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        let is_plain = |c: char| matches!(c, ' '..='~') && !matches!(c, '%' | '_' | '\\');
        self.text.chars().all(is_plain)
    }

    /// Returns whether a value is wanted. Case does not count, as in QuickBooks.
    #[must_use]
    pub fn is_met_by(&self, value: &str) -> bool {
        let (value, text) = (value.to_lowercase(), self.text.to_lowercase());
        match self.relation {
            Relation::Whole => value == text,
            Relation::Beginning => value.starts_with(&text),
            Relation::Part => value.contains(&text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;
    use crate::query::Query;

    /// Returns the condition as text.
    fn asked(wanted: &TextMatch) -> String {
        let query = Query::from(Kind::Customer).filter(wanted.condition());
        let query = query.to_string();
        let condition = query.trim_start_matches("select * from Customer where DisplayName ");
        condition.trim_end_matches(" maxresults 1000").to_owned()
    }

    #[test]
    fn conditions_ask_with_ascii_parts() {
        let texts = [
            "O’Brien Builders",
            "24–017",
            "Łódź Builders",
            "“Quoted” Co",
            "O'Neil",
            r"A\B",
            "100% _ Co",
            "東京",
        ];
        let asked = texts.map(|text| {
            let field = Field::DisplayName;
            let comparisons = [
                TextMatch::equal,
                TextMatch::starts_with,
                TextMatch::contains,
            ];
            comparisons
                .map(|wants| asked(&wants(field, text)))
                .join(" | ")
        });
        insta::assert_snapshot!(asked.join("\n"), @r"
        like 'O%Brien Builders' | like 'O%Brien Builders%' | like '%O%Brien Builders%'
        like '24%017' | like '24%017%' | like '%24%017%'
        like '%d% Builders' | like '%d% Builders%' | like '%d% Builders%'
        like '%Quoted% Co' | like '%Quoted% Co%' | like '%Quoted% Co%'
        = 'O\'Neil' | like 'O\'Neil%' | like '%O\'Neil%'
        = 'A\\B' | like 'A%B%' | like '%A%B%'
        = '100% _ Co' | like '100% _ Co%' | like '%100% _ Co%'
        like '%' | like '%' | like '%'
        ");
    }

    #[test]
    fn comparison_here_ignores_case_of_every_letter() {
        let equal = TextMatch::equal(Field::DisplayName, "ŁÓDŹ % Builders");
        assert!(equal.is_met_by("łódź % BUILDERS"));
        assert!(!equal.is_met_by("łódź and BUILDERS"));
        let part = TextMatch::contains(Field::DisplayName, "O’B");
        assert!(!part.is_exact() && TextMatch::contains(Field::DisplayName, "O'B").is_exact());
        assert!(part.is_met_by("The o’brien Co"));
        assert!(!part.is_met_by("The O'Brien Co"));
        let beginning = TextMatch::starts_with(Field::DocNumber, "24–017");
        assert!(beginning.is_met_by("24–017-1") && !beginning.is_met_by("24-017-1"));
    }
}
