//! Makes the files of the page: joins the modules to one file, and names each file by its content.

#[path = "build/join.rs"]
mod join;

use join::{Joined, Source, join};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{Error, Result};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// A file that the component serves.
struct Asset {
    /// The name without its hash, such as `page.js`.
    plain_name: &'static str,
    content: String,
    content_type: &'static str,
}

impl Asset {
    /// Returns the name with the hash of the content, such as `page-4b1a0c92.js`.
    fn name(&self) -> String {
        let digest = Sha256::digest(&self.content);
        let hash = digest.iter().take(8).fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        match self.plain_name.split_once('.') {
            Some((stem, extension)) => format!("{stem}-{hash}.{extension}"),
            None => hash,
        }
    }
}

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=page");
    println!("cargo::rerun-if-changed=build");
    let folder = Path::new("page");
    let mut assets = scripts(&read_modules(folder)?).map_err(Error::other)?;
    for (plain_name, content_type) in [
        ("page.css", "text/css; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ] {
        assets.push(Asset {
            plain_name,
            content: fs::read_to_string(folder.join(plain_name))?,
            content_type,
        });
    }
    let mut shell = fs::read_to_string(folder.join("index.html"))?;
    for asset in &assets {
        shell = shell.replace(&format!("{{{{{}}}}}", asset.plain_name), &asset.name());
    }
    write_assets(&shell, &assets)
}

/// Returns the script of the first view, and the script of all others, which is loaded when one of them is opened.
fn scripts(modules: &[Source]) -> std::result::Result<Vec<Asset>, String> {
    let first = join(modules, "main.js", &Joined::default())?;
    let others = join(modules, "views.js", &first)?;
    let page = script("page.js", first.text);
    let names: Vec<String> = others.imports.into_iter().collect();
    let import = format!(
        "import {{ {} }} from \"./{}\";\n",
        names.join(", "),
        page.name()
    );
    let views = script("views.js", import + &others.text);
    Ok(vec![page, views])
}

fn script(plain_name: &'static str, content: String) -> Asset {
    Asset {
        plain_name,
        content,
        content_type: "text/javascript; charset=utf-8",
    }
}

fn read_modules(folder: &Path) -> Result<Vec<Source>> {
    let mut modules = Vec::new();
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "js") {
            let name = file.file_name().unwrap_or_default();
            modules.push(Source {
                name: name.to_string_lossy().into_owned(),
                text: fs::read_to_string(&file)?,
            });
        }
    }
    Ok(modules)
}

/// Writes the files and a table of them, which the component includes.
fn write_assets(shell: &str, assets: &[Asset]) -> Result<()> {
    let out = PathBuf::from(env::var("OUT_DIR").map_err(Error::other)?);
    fs::write(out.join("index.html"), shell)?;
    let mut table = String::from("&[\n");
    for asset in assets {
        let name = asset.name();
        fs::write(out.join(&name), &asset.content)?;
        let _ = writeln!(
            table,
            "Asset {{ name: {name:?}, content_type: {:?}, content: include_bytes!(concat!(env!(\"OUT_DIR\"), {:?})) }},",
            asset.content_type,
            format!("/{name}"),
        );
    }
    table.push(']');
    fs::write(out.join("assets.rs"), table)
}
