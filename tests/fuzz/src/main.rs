//! Writes the seeds to `corpus`, from which `cargo fuzz` starts.

use fuzz::TARGETS;
use std::fs::{create_dir_all, write};
use std::path::Path;

fn main() -> std::io::Result<()> {
    for target in &TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("corpus")
            .join(target.name);
        create_dir_all(&folder)?;
        for (number, seed) in (target.seeds)().iter().enumerate() {
            write(folder.join(format!("seed-{number}")), seed)?;
        }
    }
    Ok(())
}
