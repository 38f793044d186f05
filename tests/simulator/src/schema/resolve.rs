use serde_json::Value;

use super::{Field, Shape};
use crate::fault::Fault;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::records::Records;

/// Checks that each reference names an existing, active entity, and sets the present name of the entity beside the id.
pub(crate) fn resolve(
    fields: &'static [Field],
    records: &Records,
    body: &mut Object,
) -> Result<(), Fault> {
    for field in fields {
        let Some(value) = body.get_mut(field.name) else {
            continue;
        };
        match (field.shape, value) {
            (Shape::Reference(kind), Value::Object(reference)) => {
                resolve_reference(records, kind, reference)?;
            }
            (Shape::Object(fields), Value::Object(members)) => resolve(fields, records, members)?,
            (Shape::List(fields), Value::Array(values)) => {
                for members in values.iter_mut().filter_map(Value::as_object_mut) {
                    resolve(fields, records, members)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Checks one reference and sets its name, as [`resolve`] does.
pub(crate) fn resolve_reference(
    records: &Records,
    kind: Kind,
    reference: &mut Object,
) -> Result<(), Fault> {
    let id = json::text(reference, "value")
        .unwrap_or_default()
        .to_owned();
    let target = records
        .get(kind, &id)
        .ok_or_else(|| Fault::unknown_reference(kind, &id))?;
    if json::flag(target, "Active") == Some(false) {
        return Err(Fault::inactive());
    }
    let name = json::text(target, "FullyQualifiedName")
        .or_else(|| json::text(target, kind.name_field()))
        .unwrap_or_default();
    json::set(reference, "name", name);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::reference;
    use serde_json::json;

    const FIELDS: &[Field] = &[
        reference("CustomerRef", Kind::Customer),
        Field::new("Line", Shape::List(&[reference("ItemRef", Kind::Item)])),
    ];

    fn records() -> Records {
        let mut records = Records::default();
        let customer =
            json!({"DisplayName": "Bay", "FullyQualifiedName": "Turner:Bay", "Active": true});
        records.put(Kind::Customer, "24", customer.as_object().unwrap().clone());
        let item = json!({"Name": "Old (deleted)", "Active": false});
        records.put(Kind::Item, "9", item.as_object().unwrap().clone());
        records
    }

    fn outcome(mut body: Value) -> Result<Value, String> {
        let object = body.as_object_mut().unwrap();
        resolve(FIELDS, &records(), object).map_err(|fault| fault.code)?;
        Ok(body)
    }

    #[test]
    fn references_get_their_present_name() {
        assert_eq!(
            outcome(json!({"CustomerRef": {"value": "24"}})),
            Ok(json!({"CustomerRef": {"value": "24", "name": "Turner:Bay"}}))
        );
    }

    #[test]
    fn unknown_and_inactive_references_are_refused() {
        assert_eq!(
            outcome(json!({"CustomerRef": {"value": "9"}})),
            Err("2500".to_owned())
        );
        assert_eq!(
            outcome(json!({"Line": [{"ItemRef": {"value": "9"}}]})),
            Err("610".to_owned())
        );
    }
}
