use super::compare::{Comparable, entity_value};
use crate::entity;
use crate::fault::Fault;
use crate::kind::Kind;
use crate::records::Record;
use crate::schema::{COMMON, Field, Shape};

/// A field that a statement names, with its path in the entity and its shape.
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
        if !field.is_queryable {
            return Err(Fault::query_invalid(&format!(
                "Property {name} is not queryable"
            )));
        }
        let shape = follow_single_field(field.shape, &mut path);
        Ok(Self { path, shape })
    }

    /// Returns the value of the field in a record.
    pub(super) fn value(&self, record: &Record) -> Comparable {
        let found = self
            .path
            .iter()
            .try_fold(&record.body, |body, name| body.get(name));
        entity_value(self.shape, found)
    }
}

/// Follows an object with a single field to that field: a statement may name an e-mail address without `Address`.
fn follow_single_field(shape: Shape, path: &mut Vec<&'static str>) -> Shape {
    match shape {
        Shape::Object([only]) => {
            path.push(only.name);
            only.shape
        }
        shape => shape,
    }
}

/// Returns the fields of a kind, with the common ones.
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
    fn nested_fields_are_found_in_any_case() {
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
