//! The parts of a JSON text that an event can need.

use std::borrow::Cow;

/// A part of a JSON text.
#[derive(Debug)]
pub(super) enum Node<'a> {
    /// Text, or a number as it was written.
    Text(Cow<'a, str>),
    /// The known members of an object, in their order.
    Object(Vec<(&'static str, Self)>),
    /// An array.
    List(Vec<Self>),
    /// Any value that no reader asks for.
    Other,
}

impl Node<'_> {
    /// Returns the member of this name. Of several, the last counts.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else {
            return None;
        };
        let member = members.iter().rfind(|(known, _)| *known == name);
        member.map(|(_, value)| value)
    }

    /// Returns the array of this name.
    pub(super) fn list(&self, name: &str) -> Option<&[Self]> {
        match self.get(name)? {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the text or number of this name.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}
