//! The two seams of the bridge: the network and the records. Nothing else reaches outside.

pub mod entropy;
pub mod http;
pub mod records;
pub mod time;

pub use crate::http::{CallTimeout, Http, HttpError};
pub use crate::records::{Change, Record, Records, Secrets, StoreError};
