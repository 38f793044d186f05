use crate::fault::Fault;

/// A token of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A keyword, a name, or a bare value such as `true` or `12.50`.
    Word(String),
    /// A quoted value, unescaped.
    Text(String),
    Symbol(&'static str),
}

const SYMBOLS: [&str; 9] = ["<=", ">=", "!=", "=", "<", ">", "(", ")", ","];

/// Splits a statement into tokens. Quotes are single; inside quotes `\'` is a quote and `\\` a backslash.
pub(super) fn lex(statement: &str) -> Result<Vec<Token>, Fault> {
    let mut tokens = Vec::new();
    let mut rest = statement.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = if first == '\'' {
            read_text(rest)?
        } else if let Some(symbol) = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
            (
                Token::Symbol(symbol),
                rest.get(symbol.len()..).unwrap_or_default(),
            )
        } else {
            read_word(rest)?
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

/// Reads a word and returns it with the rest of the statement.
fn read_word(rest: &str) -> Result<(Token, &str), Fault> {
    let is_letter = |letter: char| letter.is_alphanumeric() || "._*-+:".contains(letter);
    let end = rest.find(|other| !is_letter(other)).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    if word.is_empty() {
        let odd: String = rest.chars().take(1).collect();
        return Err(Fault::query_syntax(&format!("\"{odd}\"")));
    }
    Ok((Token::Word(word.to_owned()), after))
}

/// Reads a quoted value and returns it with the rest of the statement.
fn read_text(rest: &str) -> Result<(Token, &str), Fault> {
    let mut value = String::new();
    let mut letters = rest.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\'' => return Ok((Token::Text(value), rest.get(at + 1..).unwrap_or_default())),
            '\\' => match letters.next() {
                Some((_, escaped @ ('\'' | '\\'))) => value.push(escaped),
                _ => return Err(Fault::query_syntax("an unknown escape")),
            },
            letter => value.push(letter),
        }
    }
    Err(Fault::query_syntax("<EOF> inside a quoted value"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_values_and_symbols_are_separated() {
        let tokens =
            lex("select * from Customer where Balance>='12.50' and Active IN(true)").unwrap();
        let words = |text: &str| Token::Word(text.to_owned());
        assert_eq!(
            tokens,
            [
                words("select"),
                words("*"),
                words("from"),
                words("Customer"),
                words("where"),
                words("Balance"),
                Token::Symbol(">="),
                Token::Text("12.50".to_owned()),
                words("and"),
                words("Active"),
                words("IN"),
                Token::Symbol("("),
                words("true"),
                Token::Symbol(")"),
            ]
        );
    }

    #[test]
    fn backslash_escapes_quotes() {
        let lexed = lex(r"'O\'Neil \\ Söhne 🏗'").unwrap();
        assert_eq!(lexed, [Token::Text(r"O'Neil \ Söhne 🏗".to_owned())]);
    }

    #[test]
    fn unclosed_or_unknown_text_is_refused() {
        for statement in [
            "'open",
            r"'bad \n escape'",
            "a ; b",
            "\"double\"",
            r"'end\'",
        ] {
            assert_eq!(lex(statement).unwrap_err().code, "4000", "{statement}");
        }
    }
}
