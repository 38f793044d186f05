//! Questions about types in signatures.

use syn::{GenericArgument, PathArguments, PathSegment, Type};

/// Returns the last name of a type's path, through references: `Client` for `&mut room::Client<'a, H>`.
pub(crate) fn last_name(of: &Type) -> Option<String> {
    last_segment(of).map(|segment| segment.ident.to_string())
}

/// Returns how many parts a tuple has, also behind references; nothing for another type and for `()`.
pub(crate) fn tuple_size(of: &Type) -> Option<usize> {
    match of {
        Type::Tuple(tuple) => Some(tuple.elems.len()).filter(|size| *size > 0),
        Type::Reference(reference) => tuple_size(&reference.elem),
        Type::Paren(inner) => tuple_size(&inner.elem),
        Type::Group(inner) => tuple_size(&inner.elem),
        _ => None,
    }
}

/// Returns how many parts the tuple has that a type is, or that an `Option` or a `Result` of it holds.
pub(crate) fn tuple_in_result(of: &Type) -> Option<usize> {
    tuple_size(of).or_else(|| {
        let segment = last_segment(of)?;
        let holds = segment.ident == "Option" || segment.ident == "Result";
        holds
            .then(|| first_argument(segment))
            .flatten()
            .and_then(tuple_in_result)
    })
}

/// Returns whether a type is a `Result` whose success is another `Result`.
pub(crate) fn is_nested_result(of: &Type) -> bool {
    let inner = last_segment(of)
        .filter(|segment| segment.ident == "Result")
        .and_then(first_argument)
        .and_then(last_segment);
    inner.is_some_and(|segment| segment.ident == "Result")
}

fn last_segment(of: &Type) -> Option<&PathSegment> {
    match of {
        Type::Path(path) => path.path.segments.last(),
        Type::Reference(reference) => last_segment(&reference.elem),
        Type::Paren(inner) => last_segment(&inner.elem),
        Type::Group(inner) => last_segment(&inner.elem),
        _ => None,
    }
}

fn first_argument(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(argument) => Some(argument),
        _ => None,
    })
}
