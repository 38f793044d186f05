//! The body of a notification.

use jiff::Timestamp;
use serde::Serialize;

/// The JSON body of a notification.
#[derive(Serialize)]
pub(crate) struct Notification<D> {
    /// The type of the notification, such as `document.posted`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The instant of the event, not of the delivery.
    pub timestamp: Timestamp,
    /// The data of the type.
    pub data: D,
}
