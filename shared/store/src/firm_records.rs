//! All records of one firm: their names, their contents for an export, and their removal.
//!
//! Keys cannot be listed. So the names follow from records that lead to others: the queue and the activity to the documents, the revisions
//! to customers and projects, and each of these to its pages. The order of the names lets a removal stop anywhere: a record that leads to
//! others comes after them.

// Top first: a module uses only modules below it.
mod names;
mod documents;

use crate::Store;
use crate::activity::ActivityPage;
use crate::batch_log::BatchLog;
use crate::books_copy::{BooksCopy, KeptPage};
use crate::company_facts::KeptFacts;
use crate::connection::Connection;
use crate::connection::company_claim::CompanyOwner;
use crate::customer_list::CustomerList;
use crate::document::{DocumentRecord, Received};
use crate::inbox::Inbox;
use crate::matches::{
    CustomerDetails, CustomerMatch, CustomerPayments, ItemCatalogue, ProjectRecord,
};
use crate::object_index::IndexPage;
use crate::queue::{Queue, QueuePage};
use crate::setting_lists::SettingLists;
use crate::settings::SettingsRecord;
use crate::sign_in_attempt::SignInAttempt;
use crate::sign_in_list::SignInList;
use crate::subledger::figure_log::FigurePage;
use crate::subledger::{PartyPage, Subledger};
use crate::unconfirmed_sign_in::UnconfirmedSignIn;
use ports::records::{Record, Records, StoreError};
use serde_json::Value;

/// The kind and name of a record that may exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordName {
    /// The kind, such as `document`.
    pub kind: &'static str,
    /// The name within the kind.
    pub name: String,
}

/// Calls an operation with the type of a kind. A kind that is no record of a firm returns the last expression.
macro_rules! with_type_of {
    ($kind:expr, $type:ident => $call:expr, $otherwise:expr) => {
        with_type_of!(@ $kind, $type => $call, $otherwise;
            Received DocumentRecord FigurePage CustomerMatch CustomerDetails CustomerPayments ProjectRecord ActivityPage QueuePage
            IndexPage PartyPage KeptPage BatchLog KeptFacts SettingLists ItemCatalogue Inbox CompanyOwner SignInAttempt
            UnconfirmedSignIn SignInList Subledger BooksCopy CustomerList SettingsRecord Queue Connection)
    };
    (@ $kind:expr, $type:ident => $call:expr, $otherwise:expr; $($record:ident)*) => {
        match $kind {
            $(kind if kind == $record::KIND => {
                type $type = $record;
                $call
            })*
            _ => $otherwise,
        }
    };
}

impl<R: Records> Store<R> {
    /// Returns the content of a record with its sealed fields opened. `None` if there is no such record.
    pub async fn record_content(&self, record: &RecordName) -> Result<Option<Value>, StoreError> {
        with_type_of!(record.kind, Kind => {
            let found: Option<Kind> = self.records.load(&record.name).await?;
            let content = found.map(serde_json::to_value).transpose();
            content.map_err(|error| StoreError::Unreadable(record.name.clone(), error.to_string()))
        }, Ok(None))
    }

    /// Returns whether there is such a record. A record that cannot be read is there.
    pub async fn has_record(&self, record: &RecordName) -> Result<bool, StoreError> {
        match self.record_content(record).await {
            Ok(content) => Ok(content.is_some()),
            Err(StoreError::Unreadable(..)) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Removes a record.
    pub async fn remove_record(&self, record: &RecordName) -> Result<(), StoreError> {
        with_type_of!(record.kind, Kind => self.records.remove::<Kind>(&record.name).await, Ok(()))
    }
}
