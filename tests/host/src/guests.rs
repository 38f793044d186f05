//! The components of `guests`, with which stores are checked and other components are compared.

use std::path::Path;

use crate::{App, Manifest, Options, build};

/// The folder of their manifests. They have the names of the product's.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/guests");

/// Builds and loads the components. Variables that they require and `options` lacks are empty.
pub(crate) fn load(mut options: Options) -> anyhow::Result<App> {
    let manifest = Manifest::read(&Path::new(FOLDER).join(options.storage.manifest()))?;
    build::components(&manifest)?;
    for name in ["key", "other_key"] {
        options.variables.entry(name.to_owned()).or_default();
    }
    App::load(&manifest, options)
}
