//! The place of a sealed value in the store, which its associated data bind it to.

/// The prefix of every key.
pub(super) const PREFIX: &str = "rivet-books";

/// The place of a sealed value. A sealed value does not open in another place.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) record: &'a str,
    pub(super) company: &'a str,
    pub(super) field: &'a str,
}

impl<'a> Place<'a> {
    /// Returns the place of the company's id. Its company is empty, since the id itself is what is sealed.
    pub(super) fn of_company(record: &'a str) -> Self {
        Self {
            record,
            company: "",
            field: "company",
        }
    }

    /// Returns the place of the copy of the company's id for views.
    pub(super) fn of_view(record: &'a str) -> Self {
        Self {
            field: "company_view",
            ..Self::of_company(record)
        }
    }

    /// Returns the place as bytes.
    ///
    /// The length stands before each part, so that no two places have the same bytes. The length has four bytes on every machine,
    /// so that a value sealed by a component opens elsewhere.
    pub(super) fn associated_data(self) -> Vec<u8> {
        let parts = [self.record, self.company, self.field];
        parts
            .iter()
            .flat_map(|part| [&(part.len() as u32).to_be_bytes()[..], part.as_bytes()].concat())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn associated_data_have_fixed_lengths() {
        let place = Place {
            record: "ab",
            company: "",
            field: "c",
        };
        assert_eq!(place.associated_data(), *b"\0\0\0\x02ab\0\0\0\0\0\0\0\x01c");
    }
}
