//! Calls of `unwrap` and `expect` outside tests.

use super::Mark;
use crate::finding::Finding;
use crate::repository::{Module, Repository};
use crate::syntax;
use syn::visit::{Visit, visit_expr_method_call};
use syn::{ExprMethodCall, Macro};

pub(super) fn mark(repository: &Repository) -> Mark {
    let mut misses = Vec::new();
    for module in repository.product().flat_map(|package| &package.modules) {
        let mut finder = Finder {
            module,
            misses: Vec::new(),
        };
        module.items.iter().for_each(|item| finder.visit_item(item));
        misses.extend(finder.misses);
    }
    Mark::with_target("unwraps", "unwrap and expect outside tests", "0").none_of(misses)
}

struct Finder<'a> {
    module: &'a Module,
    misses: Vec<Finding>,
}

impl Finder<'_> {
    fn called(&mut self, name: &str, has_arguments: bool, line: usize) {
        if name == "unwrap" && !has_arguments || name == "expect" && has_arguments {
            self.misses
                .push(Finding::new(&self.module.file, line, name));
        }
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let line = call.method.span().start().line;
        self.called(&call.method.to_string(), !call.args.is_empty(), line);
        visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, invocation: &'ast Macro) {
        for call in syntax::called_methods(&invocation.tokens) {
            self.called(&call.name, call.has_arguments, call.line);
        }
    }
}
