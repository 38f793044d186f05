//! Types that are stored as one line of words, such as `posted usr_17 2026-05-01T09:00:00Z - Invoice 130`.
//!
//! The reason is size: many of them are stored in one record, and a derived reader of one is larger than the code that uses it.

/// A type that is stored as one line.
pub(crate) trait Line: Sized {
    /// The complaint about any other text.
    const EXPECTED: &'static str;

    /// Reads a line; none if it is anything else.
    fn read(line: &str) -> Option<Self>;

    /// Writes the line.
    fn write(&self) -> String;
}

/// Lets serde read and write a [`Line`] by `#[serde(try_from = "String", into = "String")]`.
macro_rules! stored_as_line {
    ($kind:ty) => {
        impl From<$kind> for String {
            fn from(value: $kind) -> Self {
                $crate::line::Line::write(&value)
            }
        }

        impl TryFrom<String> for $kind {
            type Error = &'static str;

            fn try_from(line: String) -> Result<Self, Self::Error> {
                <$kind as $crate::line::Line>::read(&line)
                    .ok_or(<$kind as $crate::line::Line>::EXPECTED)
            }
        }
    };
}

pub(crate) use stored_as_line;
