//! The fields of the entities: which exist, what they hold, which may be written and which can be queried.

mod check;
mod resolve;

use crate::kind::Kind;

pub(crate) use check::check;
pub(crate) use resolve::{name, resolve};

/// One property of an entity or of an object in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// Output only: accepted in a request and ignored.
    pub(crate) output: bool,
    pub(crate) queryable: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// At most this many characters.
    Text(usize),
    /// An e-mail address of at most this many characters.
    Email(usize),
    OneOf(&'static [&'static str]),
    Bool,
    /// Money: two decimals, 15 digits.
    Amount,
    /// Any exact number.
    Number,
    Date,
    Time,
    /// `{"value": id}` of an entity of this kind.
    Reference(Kind),
    /// `{"value": …}` that is checked elsewhere, such as a tax code or a currency.
    Code,
    Object(&'static [Field]),
    List(&'static [Field]),
    /// Kept as it is.
    Anything,
}

impl Field {
    pub(crate) const fn new(name: &'static str, shape: Shape) -> Self {
        Self {
            name,
            shape,
            output: false,
            queryable: false,
        }
    }

    pub(crate) const fn output(name: &'static str, shape: Shape) -> Self {
        Self {
            output: true,
            ..Self::new(name, shape)
        }
    }

    pub(crate) const fn queryable(self) -> Self {
        Self {
            queryable: true,
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

/// What every entity has.
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

/// A field of an entity by name.
pub(crate) fn find(fields: &'static [Field], name: &str) -> Option<&'static Field> {
    COMMON.iter().chain(fields).find(|field| field.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_fields_are_fields_of_every_entity() {
        const OWN: &[Field] = &[text("Name", 100).queryable()];
        assert!(find(OWN, "Name").is_some_and(|field| field.queryable));
        assert!(find(OWN, "Id").is_some());
        assert!(find(OWN, "MetaData").is_some_and(|field| field.output));
        assert!(find(OWN, "name").is_none());
    }
}
