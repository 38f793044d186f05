//! Every function of the product, as the marks need it.

mod collector;

pub(crate) use collector::functions;

/// The kind of block that holds a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// No type: a free function.
    Module,
    /// An inherent `impl` block.
    Type,
    /// The definition of a trait.
    Trait,
    /// An `impl` block of a trait of ours.
    OwnTrait,
    /// An `impl` block of another's trait, which fixes the signature.
    ForeignTrait,
}

/// A function, a method or a trait's method.
#[derive(Debug)]
pub(crate) struct Function {
    pub name: String,
    pub file: String,
    pub line: usize,
    pub owner: Owner,
    /// True for a function declared `pub` and for one of a `pub` trait.
    pub is_public: bool,
    /// Lines of signature and body; nothing without a body.
    pub lines: Option<usize>,
    /// The parameters in their order, without `self`.
    pub parameters: Vec<Parameter>,
    /// True if the function returns a tuple, bare or in an `Option` or `Result`.
    pub returns_tuple: bool,
    /// True if a `Result<Result<…>, …>` stands in the signature.
    pub has_nested_result: bool,
}

/// A parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parameter {
    /// Of any type but a tuple.
    Plain,
    /// A tuple, or a reference to one, of so many parts.
    Tuple(usize),
}

impl Parameter {
    /// Returns the number of parameters that a tuple unfolds to; one for another type.
    pub(crate) fn unfolded(self) -> usize {
        match self {
            Self::Plain => 1,
            Self::Tuple(parts) => parts,
        }
    }
}
