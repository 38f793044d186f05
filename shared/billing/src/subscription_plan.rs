//! The RIVET plan that a firm pays for.

use serde::{Deserialize, Serialize};

/// The RIVET plan that a firm pays for. RIVET sends the plan with each event and each session token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionPlan {
    /// The plan without accounting integrations.
    Starter,
    /// A plan with accounting integrations.
    Pro,
    /// A plan with accounting integrations.
    Scale,
}
