//! Renders each state of the page: light, dark, and as wide as a phone.

use anyhow::Context as _;
use std::path::PathBuf;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = std::env::args_os().nth(1);
    let folder = folder.context("name a folder for the screenshots")?;
    browser::screenshots::render(&PathBuf::from(folder)).await
}
