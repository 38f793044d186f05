use super::lex::{Token, lex};
use super::statement::{Columns, Condition, Operator, Sort, Statement};
use crate::fault::Fault;

/// Intuit: the highest value of `MAXRESULTS`.
const MAX_ROWS: usize = 1000;
/// Intuit: the number of rows without `MAXRESULTS`.
const DEFAULT_ROWS: usize = 100;

/// Parses a statement. The names of entity and fields are not checked.
pub(super) fn parse(statement: &str) -> Result<Statement, Fault> {
    let mut parser = Parser {
        tokens: lex(statement)?,
        at: 0,
    };
    parser.expect_keyword("select")?;
    let columns = parser.parse_columns()?;
    parser.expect_keyword("from")?;
    let mut statement = Statement {
        columns,
        entity: parser.parse_word()?,
        conditions: Vec::new(),
        sorts: Vec::new(),
        start_position: 1,
        max_results: DEFAULT_ROWS,
    };
    if parser.accept("where") {
        statement.conditions =
            parser.parse_list(|parser| parser.accept("and"), Parser::parse_condition)?;
    }
    if parser.accept("orderby") || parser.accept_both("order", "by") {
        statement.sorts =
            parser.parse_list(|parser| parser.accept_symbol(","), Parser::parse_sort)?;
    }
    if parser.accept("startposition") {
        statement.start_position = parser.parse_number(usize::MAX)?;
    }
    if parser.accept("maxresults") {
        statement.max_results = parser.parse_number(MAX_ROWS)?;
    }
    parser.expect_end()?;
    Ok(statement)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn parse_columns(&mut self) -> Result<Columns, Fault> {
        if self.accept("*") {
            return Ok(Columns::All);
        }
        if self.accept("count") {
            self.expect_symbol("(")?;
            self.expect_keyword("*")?;
            self.expect_symbol(")")?;
            return Ok(Columns::Count);
        }
        let names = self.parse_list(|parser| parser.accept_symbol(","), Self::parse_word)?;
        Ok(Columns::Named(names))
    }

    fn parse_condition(&mut self) -> Result<Condition, Fault> {
        let name = self.parse_word()?;
        let operator = self.parse_operator()?;
        let values = if operator == Operator::In {
            self.expect_symbol("(")?;
            let values = self.parse_list(|parser| parser.accept_symbol(","), Self::parse_value)?;
            self.expect_symbol(")")?;
            values
        } else {
            vec![self.parse_value()?]
        };
        Ok(Condition {
            name,
            operator,
            values,
        })
    }

    fn parse_operator(&mut self) -> Result<Operator, Fault> {
        for (symbol, operator) in [
            ("=", Operator::Equal),
            ("<", Operator::Less),
            (">", Operator::Greater),
            ("<=", Operator::LessOrEqual),
            (">=", Operator::GreaterOrEqual),
        ] {
            if self.accept_symbol(symbol) {
                return Ok(operator);
            }
        }
        if self.accept("in") {
            return Ok(Operator::In);
        }
        if self.accept("like") {
            return Ok(Operator::Like);
        }
        Err(self.unexpected())
    }

    fn parse_sort(&mut self) -> Result<Sort, Fault> {
        let name = self.parse_word()?;
        let is_descending = self.accept("desc") || self.accept("descending");
        if !is_descending {
            let _ = self.accept("asc") || self.accept("ascending");
        }
        Ok(Sort {
            name,
            is_descending,
        })
    }

    fn parse_number(&mut self, most: usize) -> Result<usize, Fault> {
        let word = self.parse_value()?;
        let number: usize = word.parse().map_err(|_| self.unexpected())?;
        if number < 1 {
            return Err(Fault::query_invalid(
                "value 0 is too small. Min allowed value is 1",
            ));
        }
        if number > most {
            return Err(Fault::query_invalid(&format!(
                "value {number} is too large. Max allowed value is {most}"
            )));
        }
        Ok(number)
    }

    fn parse_list<T>(
        &mut self,
        separator: impl Fn(&mut Self) -> bool,
        part: impl Fn(&mut Self) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let mut parts = vec![part(self)?];
        while separator(self) {
            parts.push(part(self)?);
        }
        Ok(parts)
    }

    fn parse_word(&mut self) -> Result<String, Fault> {
        match self.tokens.get(self.at) {
            Some(Token::Word(word)) => {
                self.at += 1;
                Ok(word.clone())
            }
            _ => Err(self.unexpected()),
        }
    }

    fn parse_value(&mut self) -> Result<String, Fault> {
        match self.tokens.get(self.at) {
            Some(Token::Word(value) | Token::Text(value)) => {
                self.at += 1;
                Ok(value.clone())
            }
            _ => Err(self.unexpected()),
        }
    }

    fn expect_keyword(&mut self, keyword: &str) -> Result<(), Fault> {
        let found = self.accept(keyword);
        found.then_some(()).ok_or_else(|| self.unexpected())
    }

    fn expect_symbol(&mut self, symbol: &str) -> Result<(), Fault> {
        let found = self.accept_symbol(symbol);
        found.then_some(()).ok_or_else(|| self.unexpected())
    }

    /// Skips a keyword, in any case. Returns whether the keyword was there.
    fn accept(&mut self, keyword: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword));
        self.at += usize::from(found);
        found
    }

    fn accept_both(&mut self, first: &str, second: &str) -> bool {
        let start = self.at;
        let found = self.accept(first) && self.accept(second);
        if !found {
            self.at = start;
        }
        found
    }

    fn accept_symbol(&mut self, symbol: &str) -> bool {
        let found =
            matches!(self.tokens.get(self.at), Some(Token::Symbol(other)) if *other == symbol);
        self.at += usize::from(found);
        found
    }

    fn expect_end(&self) -> Result<(), Fault> {
        match self.tokens.get(self.at) {
            None => Ok(()),
            Some(_) => Err(self.unexpected()),
        }
    }

    fn unexpected(&self) -> Fault {
        let near = match self.tokens.get(self.at) {
            Some(Token::Word(text) | Token::Text(text)) => text.clone(),
            Some(Token::Symbol(symbol)) => (*symbol).to_owned(),
            None => "<EOF>".to_owned(),
        };
        Fault::query_syntax(&format!("\"{near}\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_statement_is_parsed() {
        let statement = parse(
            "SELECT * FROM Invoice WHERE TxnDate >= '2026-03-01' AND Id IN ('1', '2') AND DocNumber LIKE '1042%' \
             ORDERBY TxnDate DESC, DocNumber STARTPOSITION 11 MAXRESULTS 20",
        )
        .unwrap();
        assert_eq!(statement.entity, "Invoice");
        assert_eq!(statement.conditions.len(), 3);
        assert_eq!(statement.conditions[1].operator, Operator::In);
        assert_eq!(statement.conditions[1].values, ["1", "2"]);
        let sort = |name: &str, is_descending: bool| Sort {
            name: name.to_owned(),
            is_descending,
        };
        assert_eq!(
            statement.sorts,
            [sort("TxnDate", true), sort("DocNumber", false)]
        );
        assert_eq!((statement.start_position, statement.max_results), (11, 20));
    }

    #[test]
    fn short_statement_has_default_limits() {
        let statement = parse("select Id, SyncToken from Class").unwrap();
        assert_eq!(
            statement.columns,
            Columns::Named(vec!["Id".to_owned(), "SyncToken".to_owned()])
        );
        assert_eq!((statement.start_position, statement.max_results), (1, 100));
        assert_eq!(
            parse("select count(*) from Class").unwrap().columns,
            Columns::Count
        );
    }

    #[test]
    fn unsupported_syntax_is_refused() {
        for statement in [
            "",
            "select",
            "delete from Customer",
            "select * from",
            "select * from Customer where",
            "select * from Customer where Id = '1' or Id = '2'",
            "select * from Customer where Id != '1'",
            "select * from Customer where Id",
            "select * from Customer where Id in '1'",
            "select * from Customer group by Id",
            "select * from Customer, Vendor",
            "select * from Customer maxresults many",
            "select * from Customer maxresults 5 startposition 1",
        ] {
            assert_eq!(parse(statement).unwrap_err().code, "4000", "{statement}");
        }
    }

    #[test]
    fn positions_and_limits_have_bounds() {
        let zero = parse("select * from Customer startposition 0").unwrap_err();
        assert_eq!(zero.code, "4001");
        assert_eq!(
            zero.detail,
            "QueryValidationError: value 0 is too small. Min allowed value is 1"
        );
        let many = parse("select * from Customer maxresults 1001").unwrap_err();
        assert_eq!(many.code, "4001");
        assert!(parse("select * from Customer maxresults 1000").is_ok());
    }
}
