//! Takes the tests out of a file: every item with `#[cfg(test)]` or `#[test]`.

use crate::syntax;
use syn::spanned::Spanned;
use syn::{Attribute, ImplItem, Item, TraitItem};

/// The items of a file without its tests.
pub(super) struct Pruned {
    pub items: Vec<Item>,
    /// Lines of what was taken out, with its attributes and comments.
    pub removed_lines: usize,
}

impl Pruned {
    pub(super) fn new(items: Vec<Item>) -> Self {
        let mut removed_lines = 0;
        let items = prune(items, &mut removed_lines);
        Self {
            items,
            removed_lines,
        }
    }
}

fn prune(items: Vec<Item>, removed: &mut usize) -> Vec<Item> {
    let mut kept = retain(items, syntax::item_attributes, removed);
    for item in &mut kept {
        match item {
            Item::Mod(module) => {
                if let Some((_, items)) = &mut module.content {
                    *items = prune(std::mem::take(items), removed);
                }
            }
            Item::Impl(block) => {
                let items = std::mem::take(&mut block.items);
                block.items = retain(items, impl_item_attributes, removed);
            }
            Item::Trait(definition) => {
                let items = std::mem::take(&mut definition.items);
                definition.items = retain(items, trait_item_attributes, removed);
            }
            _ => {}
        }
    }
    kept
}

fn retain<T: Spanned>(
    items: Vec<T>,
    attributes: impl Fn(&T) -> &[Attribute],
    removed: &mut usize,
) -> Vec<T> {
    let mut kept = Vec::new();
    for item in items {
        if syntax::is_test(attributes(&item)) {
            let span = item.span();
            *removed += span.end().line + 1 - span.start().line;
        } else {
            kept.push(item);
        }
    }
    kept
}

fn impl_item_attributes(item: &ImplItem) -> &[Attribute] {
    match item {
        ImplItem::Const(item) => &item.attrs,
        ImplItem::Fn(item) => &item.attrs,
        ImplItem::Type(item) => &item.attrs,
        ImplItem::Macro(item) => &item.attrs,
        _ => &[],
    }
}

fn trait_item_attributes(item: &TraitItem) -> &[Attribute] {
    match item {
        TraitItem::Const(item) => &item.attrs,
        TraitItem::Fn(item) => &item.attrs,
        TraitItem::Type(item) => &item.attrs,
        TraitItem::Macro(item) => &item.attrs,
        _ => &[],
    }
}
