use super::compare::{Comparable, of_entity};
use crate::entity;
use crate::fault::Fault;
use crate::kind::Kind;
use crate::records::Record;
use crate::schema::{COMMON, Field, Shape};

/// A field that a statement names: where it is and what it holds.
pub(super) struct Column {
    pub(super) path: Vec<&'static str>,
    pub(super) shape: Shape,
}

impl Column {
    /// Finds a field by its name in any case, such as `MetaData.LastUpdatedTime`.
    pub(super) fn find(kind: Kind, name: &str) -> Result<Self, Fault> {
        let unknown = || {
            Fault::query_invalid(&format!(
                "Property {name} not found for Entity {}",
                kind.name()
            ))
        };
        let mut path = Vec::new();
        let mut fields: Vec<&'static Field> = fields(kind).collect();
        let mut found: Option<&'static Field> = None;
        for part in name.split('.') {
            let field = fields
                .iter()
                .find(|field| field.name.eq_ignore_ascii_case(part))
                .ok_or_else(unknown)?;
            path.push(field.name);
            found = Some(field);
            fields = match field.shape {
                Shape::Object(fields) => fields.iter().collect(),
                _ => Vec::new(),
            };
        }
        let field = found.ok_or_else(unknown)?;
        if !field.queryable {
            return Err(Fault::query_invalid(&format!(
                "Property {name} is not queryable"
            )));
        }
        let shape = leaf(field.shape, &mut path);
        Ok(Self { path, shape })
    }

    pub(super) fn value(&self, record: &Record) -> Comparable {
        let found = self
            .path
            .iter()
            .try_fold(&record.body, |body, name| body.get(name));
        of_entity(self.shape, found)
    }
}

/// An e-mail address may be named without its inner part.
fn leaf(shape: Shape, path: &mut Vec<&'static str>) -> Shape {
    match shape {
        Shape::Object([only]) => {
            path.push(only.name);
            only.shape
        }
        shape => shape,
    }
}

/// The fields that a statement about the kind may name.
pub(super) fn fields(kind: Kind) -> impl Iterator<Item = &'static Field> {
    COMMON
        .iter()
        .chain(entity::fields(kind).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(name: &str) -> Result<Vec<&'static str>, String> {
        let column = Column::find(Kind::Customer, name);
        column.map(|column| column.path).map_err(|fault| fault.code)
    }

    #[test]
    fn fields_are_found_in_any_case_and_inside_others() {
        assert_eq!(path("displayname"), Ok(vec!["DisplayName"]));
        assert_eq!(
            path("metadata.lastupdatedtime"),
            Ok(vec!["MetaData", "LastUpdatedTime"])
        );
        assert_eq!(
            path("PrimaryEmailAddr"),
            Ok(vec!["PrimaryEmailAddr", "Address"])
        );
    }

    #[test]
    fn unknown_and_hidden_fields_are_refused() {
        for name in [
            "Ghost",
            "MetaData",
            "MetaData.Ghost",
            "DisplayName.x",
            "Notes",
            "",
        ] {
            assert_eq!(path(name), Err("4001".to_owned()), "{name}");
        }
    }
}
