//! Inherent `impl` blocks and the types that they extend.

use crate::finding::Place;
use crate::graph::Scope;
use crate::repository::Package;
use syn::{ImplItem, Item, Type};

/// Crate and name of the type whose blocks lie in the rooms of the records: each is the interface of one record.
pub(crate) const SPREAD_TYPE: (&str, &str) = ("store", "Store");

/// An inherent `impl` block of a type that its crate defines.
pub(crate) struct ImplBlock {
    /// The module that defines the type.
    pub defined_in: Vec<String>,
    /// The type.
    pub type_name: String,
    /// The module that holds the block.
    pub module: Vec<String>,
    pub place: Place,
    /// Name and line of each function.
    pub methods: Vec<(String, usize)>,
}

/// Returns the inherent `impl` blocks of a crate.
pub(crate) fn impl_blocks(package: &Package) -> Vec<ImplBlock> {
    let scope = Scope::of(package);
    let mut blocks = Vec::new();
    for module in &package.modules {
        for item in &module.items {
            if let Item::Impl(block) = item
                && block.trait_.is_none()
                && let Type::Path(path) = block.self_ty.as_ref()
            {
                let names = path.path.segments.iter();
                let names: Vec<String> = names.map(|name| name.ident.to_string()).collect();
                let Some(definition) = scope.resolve(&module.path, &names) else {
                    continue;
                };
                blocks.push(ImplBlock {
                    defined_in: definition.module,
                    type_name: definition.name.unwrap_or_default(),
                    module: module.path.clone(),
                    place: Place {
                        file: module.file.clone(),
                        line: block.impl_token.span.start().line,
                    },
                    methods: block.items.iter().filter_map(method).collect(),
                });
            }
        }
    }
    blocks
}

fn method(item: &ImplItem) -> Option<(String, usize)> {
    match item {
        ImplItem::Fn(function) => {
            let line = function.sig.fn_token.span.start().line;
            Some((function.sig.ident.to_string(), line))
        }
        _ => None,
    }
}
