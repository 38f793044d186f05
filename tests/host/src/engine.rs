//! Compiles components and links their imports. Results are cached in the process and on disk.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use anyhow::Context as _;
use wasi_instance::InstanceData;
use wasmtime::component::{Component, Linker};
use wasmtime::{Cache, CacheConfig, Config, Engine, OptLevel, RegallocAlgorithm};
use wasmtime_wasi_http::p3::bindings::ServicePre;

use crate::build;
use crate::guest;

/// A component that is compiled, linked and ready to be instantiated.
pub(crate) type Prepared = ServicePre<InstanceData>;

/// Compiles the component in `file`, or reuses the result for the same bytes from an earlier call or process.
///
/// # Errors
/// Fails if the file cannot be read or is no component. Fails too if the component imports an interface that this host
/// does not offer, or handles no `wasi:http` requests.
pub(crate) fn prepare(file: &Path) -> anyhow::Result<Prepared> {
    let bytes = std::fs::read(file).context("has it been built?")?;
    let compiler = compiler(file)?;
    let mut prepared = compiler
        .prepared
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = prepared.get(&bytes) {
        return Ok(known.clone());
    }
    let component = Component::new(&compiler.engine, &bytes)?;
    let linked = compiler
        .linker
        .instantiate_pre(&component)
        .map_err(|problem| {
            problem.context("it imports an interface that neither WASI nor this host offers")
        })?;
    let service = ServicePre::new(linked)
        .map_err(|problem| problem.context("it exports no wasi:http/handler@0.3.0"))?;
    prepared.insert(bytes, service.clone());
    Ok(service)
}

/// The engine, the linker and the compiled components of this process.
struct Compiler {
    engine: Engine,
    linker: Linker<InstanceData>,
    prepared: Mutex<HashMap<Vec<u8>, Prepared>>,
}

fn compiler(first: &Path) -> anyhow::Result<Arc<Compiler>> {
    static COMPILER: OnceLock<Arc<Compiler>> = OnceLock::new();
    if let Some(compiler) = COMPILER.get() {
        return Ok(compiler.clone());
    }
    let created = Arc::new(create_compiler(first)?);
    Ok(COMPILER.get_or_init(|| created).clone())
}

fn create_compiler(first: &Path) -> anyhow::Result<Compiler> {
    let mut config = Config::new();
    config.wasm_component_model_async(true);
    config.cache(cache(first));
    if is_quick(first) {
        config.cranelift_opt_level(OptLevel::None);
        config.cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass);
    }
    let engine = Engine::new(&config)?;
    Ok(Compiler {
        linker: guest::linker(&engine)?,
        engine,
        prepared: Mutex::default(),
    })
}

/// Returns whether the component has the profile `quick`. It is to be ready soon, so its compilation here takes the least time as well.
fn is_quick(component: &Path) -> bool {
    let mut folders = component.components();
    folders.any(|folder| folder.as_os_str() == "quick")
}

/// Returns the on-disk cache of compiled code, beside the built components. Without a cache, each process compiles again.
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
    /// A section that declares a function type without parameters and results, and an import `missing` of this type.
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
    fn unknown_import_is_named() {
        let problem = refusal("imports-missing", &[EMPTY, IMPORTS_MISSING].concat());
        assert!(
            problem.contains("this host offers") && problem.contains("missing"),
            "{problem}"
        );
    }

    #[test]
    fn component_without_http_handler_is_refused() {
        assert!(refusal("empty", EMPTY).contains("wasi:http/handler"));
    }
}
