//! Writes `functions/openapi.json`.

use anyhow::Result;
use openapi::{document, routes};
use std::fs;

fn main() -> Result<()> {
    let file = routes::workspace().join("functions/openapi.json");
    fs::write(&file, document::text()?)?;
    Ok(())
}
