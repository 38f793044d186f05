//! Reads tokens that are no tree: the arguments of macros, the attributes, the literals.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

/// A path and the line where it starts.
pub(crate) type PathAt = (Vec<String>, usize);

/// Returns every path of at least two names in tokens, and every name that is called.
/// A text that is a path, as in `#[serde(with = "super::day")]`, counts too.
pub(crate) fn paths(tokens: &TokenStream) -> Vec<PathAt> {
    let mut found = Vec::new();
    add_paths(tokens, &mut found);
    found
}

fn add_paths(tokens: &TokenStream, found: &mut Vec<PathAt>) {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Group(group) => add_paths(&group.stream(), found),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let path: Vec<String> =
                    text.trim_matches('"').split("::").map(Into::into).collect();
                if matches!(path[0].as_str(), "crate" | "super" | "self") && path.len() > 1 {
                    found.push((path, literal.span().start().line));
                }
            }
            TokenTree::Ident(first) if !is_punct(tokens.get(at.wrapping_sub(1)), '.') => {
                let mut path = vec![first.to_string()];
                while let Some(next) = path_goes_on(&tokens[at + 1..]) {
                    path.push(next.to_string());
                    at += 3;
                }
                if path.len() > 1 || is_parenthesis(tokens.get(at + 1)) {
                    found.push((path, first.span().start().line));
                }
            }
            _ => {}
        }
        at += 1;
    }
}

fn path_goes_on(tokens: &[TokenTree]) -> Option<&Ident> {
    match tokens {
        [first, second, TokenTree::Ident(next), ..]
            if is_punct(Some(first), ':') && is_punct(Some(second), ':') =>
        {
            Some(next)
        }
        _ => None,
    }
}

fn is_punct(token: Option<&TokenTree>, is: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == is)
}

fn is_parenthesis(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis)
}

/// Returns the names and lines of methods that are called in tokens, and whether with arguments.
pub(crate) fn called_methods(tokens: &TokenStream) -> Vec<CalledMethod> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match (token, tokens.get(at + 1)) {
            (TokenTree::Ident(name), Some(TokenTree::Group(arguments)))
                if at > 0 && is_punct(tokens.get(at - 1), '.') =>
            {
                found.push(CalledMethod {
                    name: name.to_string(),
                    line: name.span().start().line,
                    has_arguments: !arguments.stream().is_empty(),
                });
            }
            (TokenTree::Group(group), _) => found.extend(called_methods(&group.stream())),
            _ => {}
        }
    }
    found
}

/// A call of a method.
pub(crate) struct CalledMethod {
    pub name: String,
    pub line: usize,
    pub has_arguments: bool,
}

/// Returns the names and lines of test functions, also of those inside macros.
pub(crate) fn test_functions(tokens: &TokenStream) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    add_test_functions(tokens, &mut found);
    found
}

fn add_test_functions(tokens: &TokenStream, found: &mut Vec<(String, usize)>) {
    let mut is_test = false;
    let mut follows_fn = false;
    let mut follows_pound = false;
    for token in tokens.clone() {
        match &token {
            TokenTree::Group(group) => {
                if follows_pound && group.delimiter() == Delimiter::Bracket {
                    is_test |= is_test_attribute(group);
                } else {
                    is_test &= group.delimiter() != Delimiter::Brace;
                    add_test_functions(&group.stream(), found);
                }
                follows_fn = false;
            }
            TokenTree::Ident(name) => {
                if follows_fn && is_test {
                    found.push((name.to_string(), name.span().start().line));
                    is_test = false;
                }
                follows_fn = name == "fn";
            }
            _ => follows_fn = false,
        }
        follows_pound = is_punct(Some(&token), '#');
    }
}

/// Returns whether brackets hold `test`, or a path that ends with it, as `tokio::test(…)`.
fn is_test_attribute(brackets: &Group) -> bool {
    let mut last = None;
    for token in brackets.stream() {
        match token {
            TokenTree::Ident(name) => last = Some(name.to_string()),
            TokenTree::Punct(punct) if punct.as_char() == ':' => {}
            _ => break,
        }
    }
    last.as_deref() == Some("test")
}

/// Returns first and last line of literals that go over several lines.
pub(crate) fn multi_line_literals(tokens: &TokenStream) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) => found.extend(multi_line_literals(&group.stream())),
            TokenTree::Literal(literal) => {
                let span = literal.span();
                let lines = (span.start().line, span.end().line);
                if lines.0 < lines.1 {
                    found.push(lines);
                }
            }
            _ => {}
        }
    }
    found
}
