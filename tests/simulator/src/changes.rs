use jiff::Timestamp;

/// One change in a company, in the order in which they happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Such as `Invoice`.
    pub entity: &'static str,
    pub id: String,
    pub operation: Operation,
    pub at: Timestamp,
    /// The version that the change made; `None` once the entity is gone.
    pub sync_token: Option<String>,
    /// The id that a merge did away with.
    pub deleted_id: Option<String>,
    pub by: Actor,
}

/// What happened to an entity, as webhooks name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Create,
    Update,
    Delete,
    Merge,
    Void,
    /// Sent to the customer.
    Emailed,
}

/// Whose doing a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The connected app.
    Api,
    /// Somebody in the QuickBooks pages.
    Person,
    /// QuickBooks itself, as a consequence of another change.
    System,
}
