//! Comments that open with a word that names nothing.

use super::Mark;
use crate::finding::Finding;
use crate::repository::{Repository, SourceFile};
use crate::syntax;
use anyhow::Result;

/// Largest share of comments that open so, in percent.
const SHARE: usize = 5;

/// Pronouns and question words.
const WORDS: &[&str] = &[
    "anybody",
    "both",
    "everybody",
    "everything",
    "he",
    "how",
    "it",
    "its",
    "nobody",
    "nothing",
    "one",
    "ones",
    "she",
    "somebody",
    "someone",
    "something",
    "such",
    "that",
    "their",
    "them",
    "these",
    "they",
    "this",
    "those",
    "what",
    "whatever",
    "where",
    "whether",
    "which",
    "who",
    "whoever",
    "whom",
    "whose",
];

pub(super) fn mark(repository: &Repository) -> Result<Mark> {
    let mut count = 0;
    let mut misses = Vec::new();
    for file in &repository.files {
        for comment in comments(file)? {
            count += 1;
            if opens_vaguely(&comment.first_line) {
                misses.push(Finding::new(&file.path, comment.line, comment.first_line));
            }
        }
    }
    let share = (misses.len() * 100).div_ceil(count.max(1));
    let value = format!("{share} % ({} of {count})", misses.len());
    let mark = Mark::with_target("comments", "comments that open with a pronoun", "≤ 5 %");
    Ok(mark.measured(value, share <= SHARE).at(misses))
}

/// A block of lines that are comments of one kind.
struct Comment {
    line: usize,
    first_line: String,
}

/// Returns the comments of a file that have lines of their own.
fn comments(file: &SourceFile) -> Result<Vec<Comment>> {
    let literals = syntax::multi_line_literals(file.tokens()?);
    let mut comments = Vec::new();
    let mut before = None;
    for (line, text) in (1..).zip(file.text.lines()) {
        let is_in_literal = literals
            .iter()
            .any(|(first, last)| *first < line && line <= *last);
        let marker = marker(text).filter(|_| !is_in_literal);
        if let Some(marker) = marker
            && before != Some(marker)
        {
            let first_line = text.trim().trim_start_matches(marker).trim();
            comments.push(Comment {
                line,
                first_line: first_line.into(),
            });
        }
        before = marker;
    }
    Ok(comments)
}

/// Returns how a comment line begins; nothing for another line.
fn marker(line: &str) -> Option<&'static str> {
    let line = line.trim_start();
    let mut markers = ["//!", "///", "//"].into_iter();
    markers.find(|marker| line.starts_with(marker))
}

fn opens_vaguely(comment: &str) -> bool {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    let word = comment.split(|letter| !is_letter(letter)).next();
    let word = word.unwrap_or_default().to_lowercase();
    WORDS.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    fn first_lines(text: &str) -> Vec<(usize, String)> {
        let file = SourceFile::new("tests/a.rs".into(), text.into()).unwrap();
        let comments = comments(&file).unwrap();
        let comments = comments.into_iter();
        comments
            .map(|comment| (comment.line, comment.first_line))
            .collect()
    }

    #[test]
    fn consecutive_lines_are_one_comment() {
        let text = "//! Top.\n//! More.\n\n// One.\n// Two.\nfn a() {}\n    /// Doc.\nfn b() {}\n";
        let expected = [(1, "Top."), (4, "One."), (7, "Doc.")];
        assert_eq!(
            first_lines(text),
            expected.map(|(line, text)| (line, text.to_string()))
        );
    }

    #[test]
    fn lines_of_a_text_are_no_comment() {
        assert_eq!(
            first_lines("const A: &str = \"\n// What is this?\n\";\n"),
            []
        );
    }

    #[test]
    fn vague_openings_are_found() {
        for comment in [
            "What is there.",
            "It's late.",
            "Whoever, wherever",
            "one of them",
        ] {
            assert!(opens_vaguely(comment), "{comment}");
        }
        for comment in [
            "One-time link.",
            "`it` is a name.",
            "Whatsoever",
            "When due.",
            "",
        ] {
            assert!(!opens_vaguely(comment), "{comment}");
        }
    }
}
