//! The looks in which a page is tested.

/// The look of a page: how wide it is, and whether it is dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// A laptop in daylight.
    Light,
    /// A laptop at night.
    Dark,
    /// A phone in daylight.
    Phone,
}

impl Look {
    /// All looks.
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::Phone];

    /// Returns the name in a file name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Phone => "phone",
        }
    }

    /// Returns the width of the screen, in CSS pixels.
    #[must_use]
    pub fn width(self) -> u32 {
        match self {
            Self::Phone => 390,
            Self::Light | Self::Dark => 1280,
        }
    }
}
