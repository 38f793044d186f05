//! Asking what several searches want to know: the same question once, and all questions of a kind in one call.

use crate::context::WorkerContext;
use crate::error::Halt;
use crate::idempotency_key::request_id;
use crate::matching::search::Search;
use connection::call_outcome::Setback;
use jiff::Timestamp;
use jiff::civil::Date;
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use quickbooks::Failure;
use quickbooks::batch::{BatchAnswers, BatchItem, BatchOperation};
use quickbooks::entity::ListEntry;

/// A question, and the searches that wait for its answer.
type Asked = (BatchOperation, Vec<usize>);

/// Asks until every search has ended, or the calls did.
pub async fn ask_all<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    searches: &mut [Search],
    now: Timestamp,
) -> Result<(), StoreError> {
    loop {
        let asked = questions(searches);
        if asked.is_empty() {
            return Ok(());
        }
        for asked in asked.chunks(office.pace.batch_size()) {
            match asked {
                [one] => ask_one(office, searches, one, now).await?,
                several => ask_several(office, searches, several, now).await?,
            }
        }
    }
}

async fn ask_one<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    searches: &mut [Search],
    (ask, of): &Asked,
    now: Timestamp,
) -> Result<(), StoreError> {
    match ask {
        BatchOperation::Query(query) => {
            let rows = settled(office.listed(query, now).await)?;
            tell(searches, of, &rows);
        }
        BatchOperation::Write(write) => {
            for at in of {
                let key = searches[*at].request_id(office.realm());
                let made = office.write((write, &key), Date::default(), now).await;
                let made = settled(made)?.map(|made| made.id);
                searches[*at].hear_made(made, now);
            }
        }
    }
    Ok(())
}

async fn ask_several<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    searches: &mut [Search],
    asked: &[Asked],
    now: Timestamp,
) -> Result<(), StoreError> {
    let items: Vec<BatchItem> = asked
        .iter()
        .enumerate()
        .map(|(at, (ask, _))| BatchItem {
            id: at.to_string(),
            operation: ask.clone(),
        })
        .collect();
    let makers = asked
        .iter()
        .filter(|(ask, _)| matches!(ask, BatchOperation::Write(_)));
    let keys: Vec<String> = makers
        .flat_map(|(_, of)| of)
        .map(|at| searches[*at].request_id(office.realm()))
        .collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let answers = office.batch((&items, &request_id(&keys)), now).await;
    let answers = settled(answers)?;
    for (item, (ask, of)) in items.iter().zip(asked) {
        match (ask, &answers) {
            (BatchOperation::Query(query), Ok(answers)) => {
                let rows = answers.list_entries(&item.id, query.kind());
                tell(searches, of, &rows.map_err(|failure| unread(failure, now)));
            }
            (BatchOperation::Query(_), Err(setback)) => {
                tell(searches, of, &Err(patient(setback.clone(), now)));
            }
            (BatchOperation::Write(_), answers) => {
                let made = made(answers, &item.id, now);
                of.iter()
                    .for_each(|at| searches[*at].hear_made(made.clone(), now));
            }
        }
    }
    Ok(())
}

/// The next questions of all searches: all look-ups, or once there is none left, all creations. They are not mixed, as what is
/// made must not escape a look-up of the same round.
fn questions(searches: &[Search]) -> Vec<Asked> {
    let mut asked: Vec<Asked> = Vec::new();
    for (at, search) in searches.iter().enumerate() {
        let Some(ask) = search.next() else { continue };
        let is_query = matches!(ask, BatchOperation::Query(_));
        match asked
            .iter_mut()
            .find(|(there, _)| is_query && *there == ask)
        {
            Some((_, of)) => of.push(at),
            None => asked.push((ask, vec![at])),
        }
    }
    if asked
        .iter()
        .any(|(ask, _)| matches!(ask, BatchOperation::Query(_)))
    {
        asked.retain(|(ask, _)| matches!(ask, BatchOperation::Query(_)));
    }
    asked
}

fn tell(searches: &mut [Search], of: &[usize], rows: &Result<Vec<ListEntry>, Setback>) {
    for at in of {
        searches[*at].hear(rows.clone());
    }
}

fn made(
    answers: &Result<BatchAnswers, Setback>,
    id: &str,
    now: Timestamp,
) -> Result<String, Setback> {
    let standing = answers.as_ref().map_err(Clone::clone)?.snapshot(id);
    let made = standing.map_err(|failure| Setback::of(failure.into(), Date::default(), now));
    Ok(made?.id)
}

fn unread(failure: Failure, now: Timestamp) -> Setback {
    patient(Setback::of(failure.into(), Date::default(), now), now)
}

/// A look-up has no outcome to be unsure of: it is simply tried again.
fn patient(setback: Setback, now: Timestamp) -> Setback {
    match setback {
        Setback::Unknown(_) => Setback::Later(ports::time::after(
            now,
            store::document::attempts::LOOKUP_DELAY,
        )),
        setback => setback,
    }
}

/// A failure of the records ends the stay; any other is an answer.
fn settled<T>(answer: Result<T, Halt>) -> Result<Result<T, Setback>, StoreError> {
    match answer {
        Ok(answer) => Ok(Ok(answer)),
        Err(Halt::Setback(setback)) => Ok(Err(setback)),
        Err(Halt::Broken(error)) => Err(error),
    }
}
