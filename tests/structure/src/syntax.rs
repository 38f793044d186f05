//! Small questions to syntax trees.

mod tokens;
mod types;

pub(crate) use tokens::{called_methods, multi_line_literals, paths, test_functions};
pub(crate) use types::{is_nested_result, last_name, tuple_in_result, tuple_size};

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Item, Meta, Visibility};

/// Returns the path of a module as it is written, for example `crate::queue::entry`.
pub(crate) fn module_name(path: &[String]) -> String {
    let mut name = String::from("crate");
    for segment in path {
        name.push_str("::");
        name.push_str(segment);
    }
    name
}

/// Returns whether attributes keep an item to tests: `#[cfg(test)]`, `#[test]` and the like.
pub(crate) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        match &attribute.meta {
            Meta::List(list) if path.is_ident("cfg") => {
                has_ident(&list.tokens, "test") && !has_ident(&list.tokens, "not")
            }
            _ => path
                .segments
                .last()
                .is_some_and(|segment| segment.ident == "test"),
        }
    })
}

fn has_ident(tokens: &TokenStream, name: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => has_ident(&group.stream(), name),
        _ => false,
    })
}

/// Returns whether attributes hold documentation or hide the item from it.
pub(crate) fn is_documented(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("doc"))
}

/// Returns whether an item is declared `pub` without a restriction.
pub(crate) fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Returns the attributes of an item.
pub(crate) fn item_attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
