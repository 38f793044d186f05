//! Joins ES modules to few files, so that a browser asks for few. Names at the top of joined modules must differ.

use std::collections::{BTreeMap, BTreeSet};

/// A module: its file name and its text.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file name, such as `money.js`.
    pub name: String,
    /// The text. Imports are `import { … } from "./name.js";` in one line, and exports begin with `export `.
    pub text: String,
}

/// Modules in one file.
#[derive(Clone, Debug, Default)]
pub struct Joined {
    /// The names of the modules.
    pub modules: BTreeSet<String>,
    /// The text without imports, comments and indentation.
    pub text: String,
    /// The names that the modules import from another file.
    pub imports: BTreeSet<String>,
    /// The names that the modules declare at the top.
    declared: BTreeSet<String>,
}

/// Joins the modules that `entry` imports, each after those that it imports itself, except those of the file `other`.
///
/// # Errors
/// If an import names no module, or a module has an import or export of another form.
pub fn join(sources: &[Source], entry: &str, other: &Joined) -> Result<Joined, String> {
    let by_name = sources.iter().map(|source| (source.name.as_str(), source));
    let by_name: BTreeMap<&str, &Source> = by_name.collect();
    let mut joined = Joined::default();
    joined.add(&by_name, entry, other)?;
    match joined.imports.intersection(&joined.declared).next() {
        Some(name) => Err(format!("{entry}: {name} is imported and declared")),
        None => Ok(joined),
    }
}

impl Joined {
    fn add(
        &mut self,
        sources: &BTreeMap<&str, &Source>,
        name: &str,
        other: &Joined,
    ) -> Result<(), String> {
        if !self.modules.insert(name.to_owned()) {
            return Ok(());
        }
        let source = sources.get(name);
        let source = source.ok_or_else(|| format!("no module is called {name}"))?;
        for line in source.text.lines().filter(|line| is_import(line)) {
            let import = Import::read(line).ok_or_else(|| format!("{name}: cannot join {line}"))?;
            if other.modules.contains(import.module) {
                let names = import.names.split(',').map(str::trim);
                let names = names.filter(|name| !name.is_empty());
                self.imports.extend(names.map(ToOwned::to_owned));
            } else {
                self.add(sources, import.module, other)?;
            }
        }
        for line in source.text.lines() {
            self.text.push_str(&kept(source, line)?);
            let declared = declared(line);
            let is_new = declared.is_none_or(|name| self.declared.insert(name.to_owned()));
            if !is_new {
                return Err(format!("{name}: another module declares this, too: {line}"));
            }
        }
        Ok(())
    }
}

/// Returns the name that a line declares at the top of its module.
fn declared(line: &str) -> Option<&str> {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let line = line.strip_prefix("async ").unwrap_or(line);
    let kinds = ["function ", "const ", "let ", "class "];
    let rest = kinds.iter().find_map(|kind| line.strip_prefix(kind))?;
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || "_$".contains(letter);
    let end = rest.find(|letter| !is_name(letter)).unwrap_or(rest.len());
    rest.get(..end).filter(|name| !name.is_empty())
}

/// An import: the names, separated by commas, and the module.
struct Import<'a> {
    names: &'a str,
    module: &'a str,
}

impl<'a> Import<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let (names, from) = line.strip_prefix("import {")?.split_once("} from \"./")?;
        let module = from.strip_suffix("\";")?;
        (!names.contains(" as ")).then_some(Self { names, module })
    }
}

fn is_import(line: &str) -> bool {
    line.starts_with("import ")
}

/// Returns what a line leaves in the joined file, with its line break. Empty if it leaves nothing.
fn kept(source: &Source, line: &str) -> Result<String, String> {
    let begins = |line: &str, forms: &[&str]| forms.iter().any(|form| line.starts_with(form));
    let text = line.trim();
    if text.is_empty() || is_import(line) || begins(text, &["//", "/*", "* ", "*/"]) {
        return Ok(String::new());
    }
    if begins(text, &["export default", "export {", "export *"]) {
        return Err(format!("{}: cannot join {line}", source.name));
    }
    Ok(format!("{text}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, text: &str) -> Source {
        Source {
            name: name.to_owned(),
            text: text.to_owned(),
        }
    }

    fn sources() -> [Source; 3] {
        let main = "import { a } from \"./a.js\";\nimport { b } from \"./b.js\";\na(b);";
        let middle =
            "import { b } from \"./b.js\";\n/** Does. */\nexport function a() {\n  return b;\n}";
        [
            source("main.js", main),
            source("a.js", middle),
            source("b.js", "//! Notes.\nexport const b = 1;\n"),
        ]
    }

    #[test]
    fn imported_modules_come_first_and_once() {
        let joined = join(&sources(), "main.js", &Joined::default()).unwrap();
        let expected = "export const b = 1;\nexport function a() {\nreturn b;\n}\na(b);\n";
        assert_eq!(joined.text, expected);
        assert!(joined.imports.is_empty());
    }

    #[test]
    fn modules_of_another_file_are_imported() {
        let other = join(&sources(), "b.js", &Joined::default()).unwrap();
        let joined = join(&sources(), "main.js", &other).unwrap();
        assert_eq!(joined.text, "export function a() {\nreturn b;\n}\na(b);\n");
        assert_eq!(joined.imports, BTreeSet::from(["b".to_owned()]));
    }

    #[test]
    fn unknown_module_is_refused() {
        let sources = [source("main.js", "import { a } from \"./a.js\";")];
        let refusal = join(&sources, "main.js", &Joined::default()).unwrap_err();
        assert_eq!(refusal, "no module is called a.js");
    }

    #[test]
    fn imported_name_declared_too_is_refused() {
        let other = join(&sources(), "b.js", &Joined::default()).unwrap();
        let mut sources = sources().to_vec();
        sources[1].text.push_str("\nconst b = 2;");
        let refusal = join(&sources, "main.js", &other).unwrap_err();
        assert_eq!(refusal, "main.js: b is imported and declared");
    }

    #[test]
    fn name_declared_twice_is_refused() {
        let sources = [
            source("main.js", "import { a } from \"./a.js\";\nconst b = a;"),
            source("a.js", "export const a = 1;\nfunction b() {}"),
        ];
        let refusal = join(&sources, "main.js", &Joined::default()).unwrap_err();
        let expected = "main.js: another module declares this, too: const b = a;";
        assert_eq!(refusal, expected);
    }

    #[test]
    fn other_forms_are_refused() {
        for line in [
            "export default 1;",
            "import x from \"./a.js\";",
            "import { a as b } from \"./a.js\";",
            "export { a };",
        ] {
            let sources = [source("main.js", line)];
            assert!(
                join(&sources, "main.js", &Joined::default()).is_err(),
                "{line}"
            );
        }
    }
}
