//! Every function of the product, as the marks need it.

mod collector;

pub(crate) use collector::functions;

/// Where a function belongs.
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
    /// It is declared `pub`, or it belongs to a `pub` trait.
    pub is_public: bool,
    /// Lines of signature and body, if it has a body.
    pub lines: Option<usize>,
    /// How many parts each parameter has, `self` not counted: one unless it is a tuple.
    pub parameters: Vec<Parameter>,
    /// It returns a tuple, bare or in an `Option` or `Result`.
    pub returns_tuple: bool,
    /// A `Result<Result<…>, …>` stands in its signature.
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
    /// Returns how many parameters it is, unfolded.
    pub(crate) fn unfolded(self) -> usize {
        match self {
            Self::Plain => 1,
            Self::Tuple(parts) => parts,
        }
    }
}
