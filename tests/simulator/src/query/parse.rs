use super::lex::{Token, lex};
use super::statement::{Columns, Condition, Operator, Statement};
use crate::fault::Fault;

const MOST_ROWS: usize = 1000;
const USUAL_ROWS: usize = 100;

pub(super) fn parse(statement: &str) -> Result<Statement, Fault> {
    let mut parser = Parser {
        tokens: lex(statement)?,
        at: 0,
    };
    parser.keyword("select")?;
    let columns = parser.columns()?;
    parser.keyword("from")?;
    let mut statement = Statement {
        columns,
        entity: parser.word()?,
        conditions: Vec::new(),
        order: Vec::new(),
        start: 1,
        most: USUAL_ROWS,
    };
    if parser.takes("where") {
        statement.conditions = parser.separated(|parser| parser.takes("and"), Parser::condition)?;
    }
    if parser.takes("orderby") || parser.takes_both("order", "by") {
        statement.order = parser.separated(|parser| parser.takes_symbol(","), Parser::order)?;
    }
    if parser.takes("startposition") {
        statement.start = parser.number(usize::MAX)?;
    }
    if parser.takes("maxresults") {
        statement.most = parser.number(MOST_ROWS)?;
    }
    parser.end()?;
    Ok(statement)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn columns(&mut self) -> Result<Columns, Fault> {
        if self.takes("*") {
            return Ok(Columns::All);
        }
        if self.takes("count") {
            self.symbol("(")?;
            self.keyword("*")?;
            self.symbol(")")?;
            return Ok(Columns::Count);
        }
        let names = self.separated(|parser| parser.takes_symbol(","), Self::word)?;
        Ok(Columns::Named(names))
    }

    fn condition(&mut self) -> Result<Condition, Fault> {
        let name = self.word()?;
        let operator = self.operator()?;
        let values = if operator == Operator::In {
            self.symbol("(")?;
            let values = self.separated(|parser| parser.takes_symbol(","), Self::value)?;
            self.symbol(")")?;
            values
        } else {
            vec![self.value()?]
        };
        Ok(Condition {
            name,
            operator,
            values,
        })
    }

    fn operator(&mut self) -> Result<Operator, Fault> {
        for (symbol, operator) in [
            ("=", Operator::Equal),
            ("<", Operator::Less),
            (">", Operator::Greater),
            ("<=", Operator::LessOrEqual),
            (">=", Operator::GreaterOrEqual),
        ] {
            if self.takes_symbol(symbol) {
                return Ok(operator);
            }
        }
        if self.takes("in") {
            return Ok(Operator::In);
        }
        if self.takes("like") {
            return Ok(Operator::Like);
        }
        Err(self.unexpected())
    }

    fn order(&mut self) -> Result<(String, bool), Fault> {
        let name = self.word()?;
        let descending = self.takes("desc") || self.takes("descending");
        if !descending {
            let _ = self.takes("asc") || self.takes("ascending");
        }
        Ok((name, descending))
    }

    fn number(&mut self, most: usize) -> Result<usize, Fault> {
        let word = self.value()?;
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

    fn separated<T>(
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

    fn word(&mut self) -> Result<String, Fault> {
        match self.tokens.get(self.at) {
            Some(Token::Word(word)) => {
                self.at += 1;
                Ok(word.clone())
            }
            _ => Err(self.unexpected()),
        }
    }

    fn value(&mut self) -> Result<String, Fault> {
        match self.tokens.get(self.at) {
            Some(Token::Word(value) | Token::Text(value)) => {
                self.at += 1;
                Ok(value.clone())
            }
            _ => Err(self.unexpected()),
        }
    }

    fn keyword(&mut self, keyword: &str) -> Result<(), Fault> {
        let found = self.takes(keyword);
        found.then_some(()).ok_or_else(|| self.unexpected())
    }

    fn symbol(&mut self, symbol: &str) -> Result<(), Fault> {
        let found = self.takes_symbol(symbol);
        found.then_some(()).ok_or_else(|| self.unexpected())
    }

    /// Keywords are spelled in any case.
    fn takes(&mut self, keyword: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword));
        self.at += usize::from(found);
        found
    }

    fn takes_both(&mut self, first: &str, second: &str) -> bool {
        let start = self.at;
        let found = self.takes(first) && self.takes(second);
        if !found {
            self.at = start;
        }
        found
    }

    fn takes_symbol(&mut self, symbol: &str) -> bool {
        let found =
            matches!(self.tokens.get(self.at), Some(Token::Symbol(other)) if *other == symbol);
        self.at += usize::from(found);
        found
    }

    fn end(&self) -> Result<(), Fault> {
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
    fn a_full_statement_is_understood() {
        let statement = parse(
            "SELECT * FROM Invoice WHERE TxnDate >= '2026-03-01' AND Id IN ('1', '2') AND DocNumber LIKE '1042%' \
             ORDERBY TxnDate DESC, DocNumber STARTPOSITION 11 MAXRESULTS 20",
        )
        .unwrap();
        assert_eq!(statement.entity, "Invoice");
        assert_eq!(statement.conditions.len(), 3);
        assert_eq!(statement.conditions[1].operator, Operator::In);
        assert_eq!(statement.conditions[1].values, ["1", "2"]);
        assert_eq!(
            statement.order,
            [
                ("TxnDate".to_owned(), true),
                ("DocNumber".to_owned(), false)
            ]
        );
        assert_eq!((statement.start, statement.most), (11, 20));
    }

    #[test]
    fn a_short_one_has_the_usual_limits() {
        let statement = parse("select Id, SyncToken from Class").unwrap();
        assert_eq!(
            statement.columns,
            Columns::Named(vec!["Id".to_owned(), "SyncToken".to_owned()])
        );
        assert_eq!((statement.start, statement.most), (1, 100));
        assert_eq!(
            parse("select count(*) from Class").unwrap().columns,
            Columns::Count
        );
    }

    #[test]
    fn what_the_language_does_not_have_does_not_parse() {
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
