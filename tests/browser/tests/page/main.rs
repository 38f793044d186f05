//! The page in a browser. Without Chromium on this machine the tests say so and pass, unless `RIVET_TESTS=full`.
#![expect(clippy::unwrap_used, reason = "a test stops where it breaks")]

mod states;
mod reading;
mod keyboard;
mod framing;
mod connecting;
mod posting;
mod choosing;
mod comparing;
mod stage;

use host::{Manifest, build};
use std::path::Path;
use std::sync::OnceLock;

/// Returns the workspace's manifest. Its components are built once for all tests.
fn manifest() -> &'static Manifest {
    static BUILT: OnceLock<Manifest> = OnceLock::new();
    BUILT.get_or_init(|| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spin.toml");
        let manifest = Manifest::read_for_test(&file).unwrap();
        build::components(&manifest).unwrap();
        manifest
    })
}
