//! Comma-separated values (RFC 4180).

/// A cell of a table.
pub(super) enum Cell<'a> {
    /// A text that people typed. A spreadsheet must not take it for a formula.
    Text(&'a str),
    /// An amount.
    Amount(&'a str),
    /// A day, or an empty cell.
    Day(String),
}

/// A table of rows.
#[derive(Default)]
pub(super) struct Table(String);

impl Table {
    /// Adds a row.
    pub(super) fn add(&mut self, cells: &[Cell<'_>]) {
        let cells: Vec<String> = cells.iter().map(Cell::written).collect();
        self.0.push_str(&cells.join(","));
        self.0.push_str("\r\n");
    }

    /// Returns the text of the table.
    pub(super) fn text(self) -> String {
        self.0
    }
}

impl Cell<'_> {
    fn written(&self) -> String {
        match self {
            Self::Text(text) => quoted(&defused(text)),
            Self::Amount(amount) => (*amount).to_owned(),
            Self::Day(day) => day.clone(),
        }
    }
}

/// Returns a text with an apostrophe in front, if a spreadsheet would take it for a formula.
fn defused(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => ["'", text].concat(),
        false => text.to_owned(),
    }
}

/// Returns a text in quotes, if it has a comma, a quote or a line break.
fn quoted(text: &str) -> String {
    match text.contains([',', '"', '\r', '\n']) {
        true => ["\"", &text.replace('"', "\"\""), "\""].concat(),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formula_is_defused_and_quotes_are_doubled() {
        let mut table = Table::default();
        table.add(&[
            Cell::Text("=HYPERLINK(\"x\",1)"),
            Cell::Text("Harbor, \"the\" Builders"),
            Cell::Text("+1"),
            Cell::Text("-2"),
            Cell::Text("@x"),
            Cell::Text("plain"),
            Cell::Amount("-5.00"),
            Cell::Day(String::new()),
        ]);
        let expected = "\"'=HYPERLINK(\"\"x\"\",1)\",\"Harbor, \"\"the\"\" Builders\",'+1,'-2,'@x,plain,-5.00,\r\n";
        assert_eq!(table.text(), expected);
    }
}
