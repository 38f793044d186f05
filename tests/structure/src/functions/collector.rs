//! Visits the modules of the product and collects each function.

use super::{Function, Owner, Parameter};
use crate::repository::{Module, Package, Repository};
use crate::syntax;
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{Visit, visit_item_impl, visit_item_trait, visit_type};
use syn::{
    Block, FnArg, ImplItemFn, Item, ItemFn, ItemImpl, ItemTrait, ReturnType, Signature,
    TraitItemFn, Type, Visibility,
};

/// Returns every function of the product, in the order of the modules.
pub(crate) fn functions(repository: &Repository) -> Vec<Function> {
    let traits = traits(repository);
    let mut functions = Vec::new();
    for package in repository.product() {
        let tuples = tuple_aliases(package);
        for module in &package.modules {
            let mut collector = Collector {
                traits: &traits,
                tuples: &tuples,
                module,
                owner: Owner::Module,
                is_public_trait: false,
                functions: Vec::new(),
            };
            for item in &module.items {
                collector.visit_item(item);
            }
            functions.extend(collector.functions);
        }
    }
    functions
}

/// Returns the names of the traits that the product defines.
fn traits(repository: &Repository) -> BTreeSet<String> {
    let modules = repository.product().flat_map(|package| &package.modules);
    let items = modules.flat_map(|module| &module.items);
    items
        .filter_map(|item| match item {
            Item::Trait(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect()
}

/// Returns how many parts the tuples have that a crate gives names to.
fn tuple_aliases(package: &Package) -> BTreeMap<String, usize> {
    let items = package.modules.iter().flat_map(|module| &module.items);
    items
        .filter_map(|item| match item {
            Item::Type(item) => Some((item.ident.to_string(), syntax::tuple_size(&item.ty)?)),
            _ => None,
        })
        .collect()
}

struct Collector<'a> {
    traits: &'a BTreeSet<String>,
    tuples: &'a BTreeMap<String, usize>,
    module: &'a Module,
    owner: Owner,
    is_public_trait: bool,
    functions: Vec<Function>,
}

impl Collector<'_> {
    fn add(&mut self, visibility: &Visibility, signature: &Signature, body: Option<&Block>) {
        let start = signature.fn_token.span.start().line;
        let lines = body.map(|body| body.brace_token.span.close().end().line + 1 - start);
        let inputs = signature.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(self.parameter(&typed.ty)),
            FnArg::Receiver(_) => None,
        });
        let mut nested = NestedResult(false);
        nested.visit_signature(signature);
        let is_of_public_trait = self.owner == Owner::Trait && self.is_public_trait;
        self.functions.push(Function {
            name: signature.ident.to_string(),
            file: self.module.file.clone(),
            line: start,
            owner: self.owner,
            is_public: syntax::is_public(visibility) || is_of_public_trait,
            lines,
            parameters: inputs.collect(),
            returns_tuple: returns_tuple(signature),
            has_nested_result: nested.0,
        });
    }

    fn parameter(&self, of: &Type) -> Parameter {
        let alias = || self.tuples.get(&syntax::last_name(of)?).copied();
        match syntax::tuple_size(of).or_else(alias) {
            Some(parts) => Parameter::Tuple(parts),
            None => Parameter::Plain,
        }
    }

    fn inside(&mut self, owner: Owner, visit: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.owner, owner);
        visit(self);
        self.owner = before;
    }
}

impl<'ast> Visit<'ast> for Collector<'_> {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.inside(Owner::Module, |inner| {
            inner.add(&function.vis, &function.sig, Some(&function.block));
            inner.visit_block(&function.block);
        });
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.add(&function.vis, &function.sig, Some(&function.block));
        self.visit_block(&function.block);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        let body = function.default.as_ref();
        self.add(&Visibility::Inherited, &function.sig, body);
        if let Some(body) = body {
            self.visit_block(body);
        }
    }

    fn visit_item_impl(&mut self, block: &'ast ItemImpl) {
        let of_trait = block.trait_.as_ref();
        let owner = match of_trait.and_then(|(path, _)| path.segments.last()) {
            None => Owner::Type,
            Some(name) if self.traits.contains(&name.ident.to_string()) => Owner::OwnTrait,
            Some(_) => Owner::ForeignTrait,
        };
        self.inside(owner, |inner| visit_item_impl(inner, block));
    }

    fn visit_item_trait(&mut self, definition: &'ast ItemTrait) {
        self.is_public_trait = syntax::is_public(&definition.vis);
        self.inside(Owner::Trait, |inner| visit_item_trait(inner, definition));
    }
}

fn returns_tuple(signature: &Signature) -> bool {
    match &signature.output {
        ReturnType::Type(_, returned) => syntax::tuple_in_result(returned).is_some(),
        ReturnType::Default => false,
    }
}

/// Finds a `Result` of a `Result` in a signature: the field says whether there is one.
struct NestedResult(bool);

impl<'ast> Visit<'ast> for NestedResult {
    fn visit_type(&mut self, of: &'ast Type) {
        self.0 |= syntax::is_nested_result(of);
        visit_type(self, of);
    }
}
