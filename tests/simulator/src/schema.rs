//! The fields of the entities, with their shapes and whether a request may write or query them.

mod check;
mod resolve;

use crate::kind::Kind;

pub(crate) use check::check;
pub(crate) use resolve::{resolve, resolve_reference};

/// A property of an entity or of an object in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// Marks a field of answers alone, which a request may contain and the company ignores.
    pub(crate) is_output: bool,
    /// Marks a field that a query may name.
    pub(crate) is_queryable: bool,
}

/// The form of a field's value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// A text of at most the given number of characters.
    Text(usize),
    /// An e-mail address of at most the given number of characters.
    Email(usize),
    /// A text from the given list.
    OneOf(&'static [&'static str]),
    Bool,
    /// Money: two decimals, 15 digits.
    Amount,
    /// Any exact number.
    Number,
    Date,
    Time,
    /// `{"value": id}` of an entity of the given kind.
    Reference(Kind),
    /// `{"value": …}` of a code, such as a tax code or a currency. The rules of the kind check the code.
    Code,
    Object(&'static [Field]),
    List(&'static [Field]),
    /// Any value, saved as sent.
    Anything,
}

impl Field {
    /// Makes a field that a request may write and no query may name.
    pub(crate) const fn new(name: &'static str, shape: Shape) -> Self {
        Self {
            name,
            shape,
            is_output: false,
            is_queryable: false,
        }
    }

    /// Makes a field of answers alone.
    pub(crate) const fn output(name: &'static str, shape: Shape) -> Self {
        Self {
            is_output: true,
            ..Self::new(name, shape)
        }
    }

    /// Lets queries name the field.
    pub(crate) const fn queryable(self) -> Self {
        Self {
            is_queryable: true,
            ..self
        }
    }
}

pub(crate) const fn text(name: &'static str, longest: usize) -> Field {
    Field::new(name, Shape::Text(longest))
}

pub(crate) const fn reference(name: &'static str, kind: Kind) -> Field {
    Field::new(name, Shape::Reference(kind))
}

pub(crate) const fn bool(name: &'static str) -> Field {
    Field::new(name, Shape::Bool)
}

/// The fields of every entity.
pub(crate) const COMMON: &[Field] = &[
    text("Id", 30).queryable(),
    text("SyncToken", 10),
    Field::output(
        "MetaData",
        Shape::Object(&[
            Field::output("CreateTime", Shape::Time).queryable(),
            Field::output("LastUpdatedTime", Shape::Time).queryable(),
        ]),
    ),
    Field::output("domain", Shape::Anything),
    bool("sparse"),
    Field::output("status", Shape::Anything),
    Field::output("time", Shape::Anything),
];

/// Finds a field of an entity by its name.
pub(crate) fn find(fields: &'static [Field], name: &str) -> Option<&'static Field> {
    COMMON.iter().chain(fields).find(|field| field.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_fields_belong_to_every_entity() {
        const OWN: &[Field] = &[text("Name", 100).queryable()];
        assert!(find(OWN, "Name").is_some_and(|field| field.is_queryable));
        assert!(find(OWN, "Id").is_some());
        assert!(find(OWN, "MetaData").is_some_and(|field| field.is_output));
        assert!(find(OWN, "name").is_none());
    }
}
