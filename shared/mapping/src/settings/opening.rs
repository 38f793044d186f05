//! The retainage that projects held before RIVET.

use std::collections::BTreeMap;

use billing::{Id, amount};
use rust_decimal::Decimal;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// An amount of zero or more, with two decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpeningAmount(
    /// The amount.
    #[serde(serialize_with = "amount::serialize")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub Decimal,
);

impl<'de> Deserialize<'de> for OpeningAmount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let amount = amount::deserialize(deserializer)?;
        if amount < Decimal::ZERO {
            return Err(D::Error::custom("must be zero or more"));
        }
        Ok(Self(amount))
    }
}

/// Reads amounts by project id.
pub(super) fn amounts<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, OpeningAmount>, D::Error> {
    let amounts = BTreeMap::<String, OpeningAmount>::deserialize(deserializer)?;
    match amounts.keys().find(|key| key.parse::<Id>().is_err()) {
        Some(key) => Err(D::Error::custom(format_args!(
            "has a key that is not an id: {key:?}"
        ))),
        None => Ok(amounts),
    }
}
