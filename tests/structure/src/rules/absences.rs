//! Looks for paths that a crate must not write.

use super::absence_table::{ABSENCES, Absence, PURE};
use crate::finding::{Finding, Place};
use crate::graph::{Scope, uses};
use crate::repository::{Module, Package, Part, Repository};
use syn::visit::{Visit, visit_signature};
use syn::{ExprAsync, ExprAwait, Signature};

/// Returns the places of such paths.
pub(super) fn breaches(repository: &Repository) -> Vec<Finding> {
    let packages = repository.product();
    packages
        .flat_map(|package| breaches_of(repository, package))
        .collect()
}

/// Returns the paths of the table that name items of our crates which do not exist: they forbid nothing.
pub(super) fn stale(repository: &Repository) -> Vec<&'static str> {
    let paths = ABSENCES.iter().flat_map(|absence| absence.paths);
    paths
        .copied()
        .filter(|path| {
            let names: Vec<String> = path.split("::").map(String::from).collect();
            let package = repository.package(&names[0]);
            let is_function = names.last().is_some_and(|name| name == "()");
            package.is_some_and(|package| {
                !is_function && Scope::of(package).resolve(&[], &names[1..]).is_none()
            })
        })
        .collect()
}

fn breaches_of(repository: &Repository, package: &Package) -> Vec<Finding> {
    let mut breaches = named(repository, package);
    if PURE.contains(&package.name.as_str()) {
        breaches.extend(package.modules.iter().flat_map(asynchronous));
    }
    breaches.sort();
    breaches.dedup();
    breaches
}

/// Returns the paths that a crate must not name.
fn named(repository: &Repository, package: &Package) -> Vec<Finding> {
    let name = match package.part {
        Part::Functions => "functions",
        _ => package.name.as_str(),
    };
    let absences = ABSENCES.iter();
    let absences: Vec<&Absence> = absences.filter(|one| one.crates.contains(&name)).collect();
    let scope = Scope::of(package);
    let mut breaches = Vec::new();
    for found in uses(package) {
        let path = scope.expand(&found.module, &found.path);
        for absence in &absences {
            if absence
                .paths
                .iter()
                .any(|absent| matches(repository, absent, &path))
            {
                let text = format!(
                    "{} has no {}: {}",
                    package.name,
                    absence.what,
                    path.join("::")
                );
                let place = found.place.clone();
                breaches.push(Finding { place, text });
            }
        }
    }
    breaches
}

fn matches(repository: &Repository, absent: &str, path: &[String]) -> bool {
    if let Some(name) = absent.strip_prefix("*::") {
        return path.iter().any(|one| one == name);
    }
    if let Some(name) = absent.strip_suffix("::()") {
        return path[0] == name && is_function(repository, path);
    }
    let absent: Vec<&str> = absent.split("::").collect();
    path.len() >= absent.len() && absent.iter().zip(path).all(|(one, other)| one == other)
}

/// Returns whether a path is that of a function at the top of one of our crates.
fn is_function(repository: &Repository, path: &[String]) -> bool {
    let [name, function] = path else {
        return false;
    };
    let package = repository.package(name);
    let found = package.and_then(|package| Scope::of(package).resolve(&[], &path[1..]));
    function.starts_with(char::is_lowercase) && found.is_some_and(|found| found.name.is_some())
}

/// Returns the places where a module is asynchronous.
fn asynchronous(module: &Module) -> Vec<Finding> {
    let mut finder = Finder {
        module,
        breaches: Vec::new(),
    };
    module.items.iter().for_each(|item| finder.visit_item(item));
    finder.breaches
}

struct Finder<'a> {
    module: &'a Module,
    breaches: Vec<Finding>,
}

impl Finder<'_> {
    fn add(&mut self, line: usize) {
        let place = Place {
            file: self.module.file.clone(),
            line,
        };
        let text = format!("{} is not asynchronous", self.module.name());
        self.breaches.push(Finding { place, text });
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_signature(&mut self, signature: &'ast Signature) {
        if let Some(token) = &signature.asyncness {
            self.add(token.span.start().line);
        }
        visit_signature(self, signature);
    }

    fn visit_expr_async(&mut self, block: &'ast ExprAsync) {
        self.add(block.async_token.span.start().line);
    }

    fn visit_expr_await(&mut self, expression: &'ast ExprAwait) {
        self.add(expression.await_token.span.start().line);
    }
}
