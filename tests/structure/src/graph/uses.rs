//! Finds every path that a crate writes.

use crate::finding::Place;
use crate::repository::{Module, Package};
use crate::syntax;
use proc_macro2::TokenStream;
use syn::visit::{Visit, visit_expr_call};
use syn::{Attribute, Expr, ExprCall, ItemUse, Macro, Meta, Path, UseTree, Visibility};

/// The form in which a path stands in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// In a private `use`.
    Import,
    /// In a `use` that others may use too, as `pub use` and `pub(crate) use`.
    Reexport,
    /// In code, of at least two names.
    Path,
    /// In code, one name alone: a type, a constant or a function that is called.
    Name,
}

/// A path that a module writes.
#[derive(Clone, Debug)]
pub struct Use {
    /// The module.
    pub module: Vec<String>,
    /// The names of the path.
    pub path: Vec<String>,
    /// The form of the path.
    pub form: Form,
    /// File and line.
    pub place: Place,
}

/// A name that a `use` brings into a module.
pub(super) struct Import {
    /// The name; `*` for all names of a module.
    pub alias: String,
    pub path: Vec<String>,
    pub form: Form,
    pub line: usize,
}

/// Returns every path that the modules of a crate write.
#[must_use]
pub fn uses(package: &Package) -> Vec<Use> {
    let mut uses = Vec::new();
    for module in &package.modules {
        let mut collector = Collector { found: Vec::new() };
        for import in imports(module) {
            collector
                .found
                .push((import.path, import.line, import.form));
        }
        for item in &module.items {
            collector.visit_item(item);
        }
        uses.extend(collector.found.into_iter().map(|(path, line, form)| Use {
            module: module.path.clone(),
            path,
            form,
            place: Place {
                file: module.file.clone(),
                line,
            },
        }));
    }
    uses
}

/// Returns the names that the `use` items of a module bring, also those inside its functions.
pub(super) fn imports(module: &Module) -> Vec<Import> {
    let mut finder = Finder(Vec::new());
    for item in &module.items {
        finder.visit_item(item);
    }
    finder.0
}

struct Finder(Vec<Import>);

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let form = match item.vis {
            Visibility::Inherited => Form::Import,
            _ => Form::Reexport,
        };
        self.add(&item.tree, &[], form);
    }
}

impl Finder {
    fn add(&mut self, tree: &UseTree, prefix: &[String], form: Form) {
        let (ident, alias) = match tree {
            UseTree::Path(path) => {
                let prefix = [prefix, &[path.ident.to_string()]].concat();
                return self.add(&path.tree, &prefix, form);
            }
            UseTree::Group(group) => {
                return group
                    .items
                    .iter()
                    .for_each(|tree| self.add(tree, prefix, form));
            }
            UseTree::Glob(glob) => {
                return self.0.push(Import {
                    alias: "*".into(),
                    path: prefix.to_vec(),
                    form,
                    line: glob.star_token.spans[0].start().line,
                });
            }
            UseTree::Name(name) => (&name.ident, &name.ident),
            UseTree::Rename(rename) => (&rename.ident, &rename.rename),
        };
        let mut path = prefix.to_vec();
        if ident != "self" {
            path.push(ident.to_string());
        }
        let alias = match alias.to_string().as_str() {
            "self" => path.last().cloned().unwrap_or_default(),
            alias => alias.to_string(),
        };
        self.0.push(Import {
            alias,
            path,
            form,
            line: ident.span().start().line,
        });
    }
}

struct Collector {
    found: Vec<(Vec<String>, usize, Form)>,
}

impl Collector {
    fn add_tokens(&mut self, tokens: &TokenStream) {
        for (path, line) in syntax::paths(tokens) {
            let form = if path.len() > 1 {
                Form::Path
            } else {
                Form::Name
            };
            self.found.push((path, line, form));
        }
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_path(&mut self, path: &'ast Path) {
        let names: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        let line = path
            .segments
            .first()
            .map_or(0, |s| s.ident.span().start().line);
        if names.len() > 1 {
            self.found.push((names, line, Form::Path));
        } else if names[0].starts_with(char::is_uppercase) {
            self.found.push((names, line, Form::Name));
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(function) = call.func.as_ref()
            && let Some(name) = function.path.get_ident()
        {
            let line = name.span().start().line;
            self.found.push((vec![name.to_string()], line, Form::Name));
        }
        visit_expr_call(self, call);
    }

    fn visit_macro(&mut self, invocation: &'ast Macro) {
        self.visit_path(&invocation.path);
        self.add_tokens(&invocation.tokens);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta {
            self.add_tokens(&list.tokens);
        }
    }

    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_item_use(&mut self, _: &'ast ItemUse) {}
}
