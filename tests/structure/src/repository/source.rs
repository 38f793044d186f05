//! The text of one Rust file.

use super::Part;
use anyhow::{Context, Result, anyhow};
use proc_macro2::TokenStream;
use std::cell::OnceCell;

/// The text of one Rust file, and its tokens once they are needed.
pub struct SourceFile {
    /// Path below the root of the repository.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// The part of the repository that holds the file.
    pub part: Part,
    tokens: OnceCell<TokenStream>,
}

impl SourceFile {
    /// Returns a file of a text by its path; nothing for a path outside the folders of our crates.
    #[must_use]
    pub fn new(path: String, text: String) -> Option<Self> {
        let part = Part::of(&path)?;
        Some(Self {
            path,
            text,
            part,
            tokens: OnceCell::new(),
        })
    }

    /// Returns the tokens of the text.
    ///
    /// # Errors
    /// The text is no Rust.
    pub(crate) fn tokens(&self) -> Result<&TokenStream> {
        if let Some(tokens) = self.tokens.get() {
            return Ok(tokens);
        }
        let tokens = self.text.parse().map_err(|error| anyhow!("{error}"));
        let tokens = tokens.with_context(|| self.path.clone())?;
        Ok(self.tokens.get_or_init(|| tokens))
    }
}
