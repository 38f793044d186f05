//! Compiles components and links their imports, once in a process and once on disk.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use anyhow::Context as _;
use wasmtime::component::{Component, Linker};
use wasmtime::{Cache, CacheConfig, Config, Engine};
use wasmtime_wasi_http::p3::bindings::ServicePre;

use crate::build;
use crate::guest::{self, Guest};

/// A component that is compiled, linked and ready to be instantiated.
pub(crate) type Prepared = ServicePre<Guest>;

/// Compiles the component in `file`, or takes what an earlier call or process made of the same bytes.
///
/// # Errors
/// If it cannot be read, is no component, imports what this host does not offer, or handles no `wasi:http` requests.
pub(crate) fn prepare(file: &Path) -> anyhow::Result<Prepared> {
    let bytes = std::fs::read(file).context("has it been built?")?;
    let workshop = workshop(file)?;
    let mut prepared = workshop
        .prepared
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = prepared.get(&bytes) {
        return Ok(known.clone());
    }
    let component = Component::new(&workshop.engine, &bytes)?;
    let linked = workshop
        .linker
        .instantiate_pre(&component)
        .map_err(|problem| problem.context("it imports what neither WASI nor this host offers"))?;
    let service = ServicePre::new(linked)
        .map_err(|problem| problem.context("it exports no wasi:http/handler@0.3.0"))?;
    prepared.insert(bytes, service.clone());
    Ok(service)
}

struct Workshop {
    engine: Engine,
    linker: Linker<Guest>,
    prepared: Mutex<HashMap<Vec<u8>, Prepared>>,
}

fn workshop(first: &Path) -> anyhow::Result<Arc<Workshop>> {
    static WORKSHOP: OnceLock<Arc<Workshop>> = OnceLock::new();
    if let Some(workshop) = WORKSHOP.get() {
        return Ok(workshop.clone());
    }
    let made = Arc::new(make_workshop(first)?);
    Ok(WORKSHOP.get_or_init(|| made).clone())
}

fn make_workshop(first: &Path) -> anyhow::Result<Workshop> {
    let mut config = Config::new();
    config.wasm_component_model_async(true);
    config.cache(cache(first));
    let engine = Engine::new(&config)?;
    let mut linker = Linker::new(&engine);
    guest::add_to_linker(&mut linker)?;
    Ok(Workshop {
        engine,
        linker,
        prepared: Mutex::default(),
    })
}

/// Compiled code is kept where the components were built. If that cannot be written, it is made anew each time.
fn cache(component: &Path) -> Option<Cache> {
    let file = std::path::absolute(component).ok()?;
    let target = file
        .ancestors()
        .find(|folder| folder.ends_with(build::TARGET))?
        .parent()?;
    let mut config = CacheConfig::new();
    config.with_directory(target.join("compiled-components"));
    Cache::new(config).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";
    /// Declares a function type without parameters and results, and imports a function of it called `missing`.
    const IMPORTS_MISSING: &[u8] = b"\x07\x05\x01\x40\0\x01\0\x0a\x0c\x01\0\x07missing\x01\0";

    fn refusal(name: &str, bytes: &[u8]) -> String {
        let file =
            std::env::temp_dir().join(format!("rivet-host-{name}-{}.wasm", std::process::id()));
        std::fs::write(&file, bytes).unwrap();
        let problem = prepare(&file).err().unwrap();
        std::fs::remove_file(&file).unwrap();
        format!("{problem:#}")
    }

    #[test]
    fn an_import_that_is_not_offered_is_named() {
        let problem = refusal("imports-missing", &[EMPTY, IMPORTS_MISSING].concat());
        assert!(
            problem.contains("this host offers") && problem.contains("missing"),
            "{problem}"
        );
    }

    #[test]
    fn a_component_that_handles_no_requests_is_refused() {
        assert!(refusal("empty", EMPTY).contains("wasi:http/handler"));
    }
}
