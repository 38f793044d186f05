//! Figures over all firms for a monitoring system, in the text format of OpenMetrics 1.0.

// Top first: a module uses only modules below it.
mod text;
mod figures;

pub use crate::operations::metrics::figures::{FIRMS_COUNTED, Metrics, collect};

/// The media type of the text (OpenMetrics 1.0, section "Overall structure").
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
