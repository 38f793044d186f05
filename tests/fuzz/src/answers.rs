//! Readers of Intuit's answers.
//!
//! The first byte of an input selects the status and the second the content type. The rest is the body.

use bytes::Bytes;
use http::Response;
use quickbooks::ObjectSnapshot;
use quickbooks::answer::{Answer, Failure};
use quickbooks::batch::BatchAnswers;
use quickbooks::cdc::Changes;
use quickbooks::company_facts::{CompanyInfo, Preferences};
use quickbooks::entity::{
    Account, Class, CreditMemo, Customer, Invoice, Item, JournalEntry, Kind, Payment,
};
use quickbooks::oauth::TokenAnswer;

/// The statuses that Intuit's services and gateway are known to return.
pub const STATUSES: [u16; 12] = [200, 400, 401, 403, 404, 429, 500, 502, 503, 504, 201, 302];
const TYPES: [&str; 4] = [
    "application/json;charset=UTF-8",
    "application/xml",
    "text/html",
    "",
];
/// The text that the seeds contain in place of a token.
pub const SECRET: &str = "S3CRET";
const KINDS: [Kind; 10] = [
    Kind::Invoice,
    Kind::CreditMemo,
    Kind::JournalEntry,
    Kind::Payment,
    Kind::Customer,
    Kind::Item,
    Kind::Class,
    Kind::Account,
    Kind::CompanyInfo,
    Kind::Preferences,
];

fn response<B: for<'a> From<&'a [u8]>>(input: &[u8]) -> Option<Response<B>> {
    let (status, rest) = input.split_first()?;
    let (content_type, body) = rest.split_first()?;
    let response = Response::builder()
        .status(STATUSES[usize::from(*status) % STATUSES.len()])
        .header(
            "content-type",
            TYPES[usize::from(*content_type) % TYPES.len()],
        )
        .header("intuit_tid", "1-60f7a1");
    response.body(B::from(body)).ok()
}

/// Reads an answer of the token endpoint.
///
/// Panics if a token appears in a debug or error text, or if an accepted token is empty.
pub fn token_answer(input: &[u8]) {
    let Some(response) = response::<SharedBody>(input).map(|response| response.map(|body| body.0))
    else {
        return;
    };
    let outcome = TokenAnswer::of(&response);
    if let Ok(tokens) = &outcome {
        let access = tokens.access_token.as_ref();
        let refresh = tokens.refresh_token.as_ref();
        assert!(access.is_some() || refresh.is_some());
        assert!(access.is_none_or(|token| !token.secret().is_empty()));
        assert!(refresh.is_none_or(|token| !token.secret().is_empty()));
        assert!(tokens.expires_in_seconds > 0);
    }
    assert!(!format!("{outcome:?}").contains(SECRET));
    if let Err(failure) = outcome {
        assert!(!failure.to_string().contains(SECRET));
    }
}

/// Reads an answer of the accounting API with every reader.
///
/// Panics if a failure has no text or a read object cannot be written as JSON.
pub fn api_answer(input: &[u8]) {
    let Some(response) = response::<SharedBody>(input).map(|response| response.map(|body| body.0))
    else {
        return;
    };
    let answer = match Answer::of(&response) {
        Ok(answer) => answer,
        Err(failure) => return read_failure(&failure),
    };
    read_all(&answer);
    match Changes::of(&answer) {
        Ok(changes) => {
            let snapshots = changes.kinds.iter().flat_map(|changed| &changed.snapshots);
            snapshots.for_each(read_snapshot);
            let _ = changes.is_full();
        }
        Err(failure) => read_failure(&failure),
    }
    match BatchAnswers::of(answer) {
        Ok(answers) => {
            for id in ["1", "2"] {
                answers.snapshot(id).map_or_else(
                    |failure| read_failure(&failure),
                    |snapshot| read_snapshot(&snapshot),
                );
                let _ = answers.list_entries(id, Kind::Customer);
                let rows = answers.snapshots(id, Kind::Invoice);
                rows.iter().flatten().for_each(read_snapshot);
            }
        }
        Err(failure) => read_failure(&failure),
    }
}

struct SharedBody(Bytes);

impl From<&[u8]> for SharedBody {
    fn from(body: &[u8]) -> Self {
        Self(Bytes::copy_from_slice(body))
    }
}

fn read_all(answer: &Answer) {
    let _ = (answer.one::<Invoice>(), answer.one::<CreditMemo>());
    let _ = (answer.one::<JournalEntry>(), answer.one::<Payment>());
    let _ = (answer.one::<Customer>(), answer.one::<Item>());
    let _ = (answer.one::<Class>(), answer.one::<Account>());
    let _ = (answer.one::<CompanyInfo>(), answer.one::<Preferences>());
    let _ = (answer.list::<Account>(), answer.list::<Class>());
    answer.snapshot().iter().for_each(read_snapshot);
    for kind in KINDS {
        answer
            .snapshots(kind)
            .iter()
            .flatten()
            .for_each(read_snapshot);
        let _ = answer.list_entries(kind);
    }
    if let Ok(object) = answer.object() {
        let _ = (object.id(), object.total(), object.balance());
        assert!(serde_json::to_string(&object).is_ok());
    }
}

fn read_snapshot(snapshot: &ObjectSnapshot) {
    let _ = (snapshot.is_voided(), snapshot.amount());
}

fn read_failure(failure: &Failure) {
    assert!(!failure.to_string().is_empty() && !format!("{failure:?}").is_empty());
    let _ = (failure.meaning(), failure.may_have_happened());
    for fault in failure.faults() {
        let _ = (fault.detail(), fault.duplicate());
    }
}
