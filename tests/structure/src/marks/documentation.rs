//! Documentation of the public items of `shared/`.

use super::Mark;
use crate::finding::Finding;
use crate::repository::{Module, Package, Repository};
use crate::syntax;
use std::collections::BTreeSet;
use syn::visit::{Visit, visit_item};
use syn::{Attribute, Field, Ident, ImplItem, Item, ItemEnum, ItemImpl, ItemTrait, Visibility};

pub(super) fn mark(repository: &Repository) -> Mark {
    let mut count = 0;
    let mut misses = Vec::new();
    for package in repository.shared() {
        let types = public_types(package);
        for module in &package.modules {
            let mut auditor = Auditor::new(package, module, &types);
            if module.path.is_empty() {
                auditor.count += 1;
                auditor.check(&module.attributes, "the crate", 1);
            }
            module
                .items
                .iter()
                .for_each(|item| auditor.visit_item(item));
            count += auditor.count;
            misses.extend(auditor.misses);
        }
    }
    let documented = count - misses.len();
    let share = documented as f64 * 100.0 / (count.max(1)) as f64;
    let value = format!("{:.1} % of {count}", (share * 10.0).floor() / 10.0);
    Mark::with_target("documentation", "documented public items", "100 %")
        .measured(value, misses.is_empty())
        .at(misses)
}

/// Returns the names of the types that a crate declares `pub`.
fn public_types(package: &Package) -> BTreeSet<String> {
    let items = package.modules.iter().flat_map(|module| &module.items);
    items
        .filter_map(|item| match item {
            Item::Struct(item) => Some((&item.vis, &item.ident)),
            Item::Enum(item) => Some((&item.vis, &item.ident)),
            Item::Union(item) => Some((&item.vis, &item.ident)),
            _ => None,
        })
        .filter(|(visibility, _)| syntax::is_public(visibility))
        .map(|(_, ident)| ident.to_string())
        .collect()
}

struct Auditor<'a> {
    package: &'a Package,
    module: &'a Module,
    types: &'a BTreeSet<String>,
    count: usize,
    misses: Vec<Finding>,
}

impl<'a> Auditor<'a> {
    fn new(package: &'a Package, module: &'a Module, types: &'a BTreeSet<String>) -> Self {
        Self {
            package,
            module,
            types,
            count: 0,
            misses: Vec::new(),
        }
    }

    fn check(&mut self, attributes: &[Attribute], name: &str, line: usize) {
        if !syntax::is_documented(attributes) {
            self.misses
                .push(Finding::new(&self.module.file, line, name));
        }
    }

    fn item(&mut self, visibility: &Visibility, attributes: &[Attribute], ident: &Ident) {
        if syntax::is_public(visibility) {
            self.part(attributes, ident);
        }
    }

    /// Checks what is as public as the item around it.
    fn part(&mut self, attributes: &[Attribute], ident: &Ident) {
        self.count += 1;
        self.check(attributes, &ident.to_string(), ident.span().start().line);
    }

    /// Returns whether the file of a module says itself what it is.
    fn is_documented_inside(&self, ident: &Ident) -> bool {
        let path = [self.module.path.as_slice(), &[ident.to_string()]].concat();
        let module = self.package.module(&path);
        module.is_some_and(|module| syntax::is_documented(&module.attributes))
    }

    fn enumeration(&mut self, item: &ItemEnum) {
        self.item(&item.vis, &item.attrs, &item.ident);
        if syntax::is_public(&item.vis) {
            for variant in &item.variants {
                self.part(&variant.attrs, &variant.ident);
                for field in &variant.fields {
                    let ident = field.ident.as_ref();
                    ident
                        .into_iter()
                        .for_each(|ident| self.part(&field.attrs, ident));
                }
            }
        }
    }

    fn definition_of_trait(&mut self, item: &ItemTrait) {
        self.item(&item.vis, &item.attrs, &item.ident);
        if syntax::is_public(&item.vis) {
            for part in &item.items {
                match part {
                    syn::TraitItem::Fn(part) => self.part(&part.attrs, &part.sig.ident),
                    syn::TraitItem::Type(part) => self.part(&part.attrs, &part.ident),
                    syn::TraitItem::Const(part) => self.part(&part.attrs, &part.ident),
                    _ => {}
                }
            }
        }
    }

    fn inherent_items(&mut self, block: &ItemImpl) {
        let name = syntax::last_name(&block.self_ty);
        if !name.is_some_and(|name| self.types.contains(&name)) {
            return;
        }
        for part in &block.items {
            match part {
                ImplItem::Fn(part) => self.item(&part.vis, &part.attrs, &part.sig.ident),
                ImplItem::Const(part) => self.item(&part.vis, &part.attrs, &part.ident),
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Auditor<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        match item {
            Item::Const(item) => self.item(&item.vis, &item.attrs, &item.ident),
            Item::Enum(item) => self.enumeration(item),
            Item::Fn(item) => return self.item(&item.vis, &item.attrs, &item.sig.ident),
            Item::Impl(block) if block.trait_.is_none() => self.inherent_items(block),
            Item::Mod(item) if self.is_documented_inside(&item.ident) => {
                self.count += usize::from(syntax::is_public(&item.vis));
            }
            Item::Mod(item) => self.item(&item.vis, &item.attrs, &item.ident),
            Item::Static(item) => self.item(&item.vis, &item.attrs, &item.ident),
            Item::Struct(item) if !syntax::is_public(&item.vis) => return,
            Item::Struct(item) => self.item(&item.vis, &item.attrs, &item.ident),
            Item::Trait(item) => self.definition_of_trait(item),
            Item::Type(item) => self.item(&item.vis, &item.attrs, &item.ident),
            Item::Union(item) => self.item(&item.vis, &item.attrs, &item.ident),
            _ => {}
        }
        visit_item(self, item);
    }

    fn visit_field(&mut self, field: &'ast Field) {
        if let Some(ident) = &field.ident {
            self.item(&field.vis, &field.attrs, ident);
        }
    }

    fn visit_block(&mut self, _: &'ast syn::Block) {}
}
