use jiff::Timestamp;

/// A change of an entity in a company. Changes are kept in the order in which they were made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The kind in Intuit's spelling, such as `Invoice`.
    pub entity: &'static str,
    /// The id of the entity.
    pub id: String,
    /// The kind of change.
    pub operation: Operation,
    /// The instant of the change on the virtual clock.
    pub changed_at: Timestamp,
    /// The `SyncToken` after the change; `None` if the change deleted the entity.
    pub sync_token: Option<String>,
    /// The id of the entity that a merge removed; `None` for other operations.
    pub deleted_id: Option<String>,
    /// The author of the change.
    pub by: Actor,
}

/// The operation of a change, as webhooks name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// The entity is new.
    Create,
    /// Fields of the entity changed.
    Update,
    /// The entity was deleted.
    Delete,
    /// Another entity was merged into this one.
    Merge,
    /// The transaction was voided: it stays, with all amounts at zero.
    Void,
    /// The transaction was sent to the customer.
    Emailed,
}

/// The author of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The connected app.
    Api,
    /// A person in the QuickBooks web pages.
    Person,
    /// QuickBooks itself, as a consequence of another change.
    System,
}
