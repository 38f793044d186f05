//! The name of a kind of object, as it is kept and shown.

use quickbooks::entity::TxnType;

pub fn kind_name(kind: TxnType) -> &'static str {
    kind.kind().map_or("", quickbooks::Kind::name)
}
