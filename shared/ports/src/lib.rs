//! The two seams, the network and the records, with randomness and time as arguments. Nothing else reaches outside.

#![warn(missing_docs)]

// Top first: a module uses only modules below it.
pub mod http;
pub mod side_by_side;
pub mod records;
pub mod entropy;
pub mod time;

pub use crate::http::{CallTimeout, Http, HttpError, MeteredReads};
pub use crate::records::{Change, CompanyView, Record, Records, Secrets, StoreError};
