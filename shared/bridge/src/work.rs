//! Working at a firm's desk: one worker at a time, in business order, until all is done or time is up.

use crate::Bridge;
use crate::agenda::Chore;
use crate::clock::after;
use crate::desk::{Desk, Mark, WORK_LEASE, Waiting};
use crate::error::Error;
use crate::notify::hint;
use crate::office::{Halt, Hours, Office};
use crate::ports::{Http, Records};
use crate::post::{Case, Tried};
use crate::round::{Placed, Round};
use crate::store::Finished;
use billing::{DocumentRef, FirmId};
use jiff::{SignedDuration, Timestamp};

/// An event is answered within this time; what is left then is the schedule's.
const FOR_AN_EVENT: SignedDuration = SignedDuration::from_secs(10);

/// A claimed desk and how long to work at it.
pub struct Shift<'a> {
    desk: Desk,
    owner: &'a str,
    /// Only these documents, if named; what waited for one of them joins it.
    only: Option<Vec<DocumentRef>>,
    /// A person asked: what the company says of itself is read anew.
    recheck: bool,
    /// The worker before did not leave.
    inherited: bool,
    began: Timestamp,
    until: Timestamp,
    /// No answer is waited for beyond this.
    end: Timestamp,
}

/// What a shift came to.
#[derive(Clone, Debug, Default)]
pub struct Worked {
    /// What became of each document that was tried.
    pub finished: Vec<Finished>,
    /// When there is more to do, if ever.
    pub next: Option<Timestamp>,
}

impl<'a> Shift<'a> {
    /// For an event that has just arrived: that document, and what waited for it.
    pub fn event(desk: Desk, owner: &'a str, document: &DocumentRef, now: Timestamp) -> Self {
        Self {
            inherited: desk.is_inherited(),
            desk,
            owner,
            only: Some(vec![document.clone()]),
            recheck: false,
            began: now,
            until: after(now, FOR_AN_EVENT),
            end: after(now, WORK_LEASE),
        }
    }

    /// For everything that is due, until a point in time.
    pub fn everything(desk: Desk, owner: &'a str, (now, until): (Timestamp, Timestamp)) -> Self {
        Self {
            inherited: desk.is_inherited(),
            desk,
            owner,
            only: None,
            recheck: false,
            began: now,
            until,
            end: after(now, WORK_LEASE),
        }
    }

    /// The same, without waiting for any answer beyond `end`.
    pub fn ending(self, end: Timestamp) -> Self {
        Self { end, ..self }
    }

    /// For everything, because a person asked.
    pub fn asked_for(desk: Desk, owner: &'a str, span: (Timestamp, Timestamp)) -> Self {
        Self {
            recheck: true,
            ..Self::everything(desk, owner, span)
        }
    }

    /// The next document to try, taken off our copy of the desk.
    fn next(&mut self, now: Timestamp) -> Option<Waiting> {
        let concerns = |waiting: &&Waiting| {
            self.only
                .as_ref()
                .is_none_or(|only| only.contains(&waiting.document))
        };
        let next = self
            .desk
            .runnable(now)
            .into_iter()
            .find(concerns)
            .cloned()?;
        self.desk
            .waiting
            .retain(|waiting| waiting.document != next.document);
        Some(next)
    }

    /// It was taken up and not tried.
    fn put_back(&mut self, waiting: Waiting) {
        self.desk.waiting.push(waiting);
    }

    /// When what this shift leaves behind may be worked on, if it leaves anything.
    fn left(&self, finished: &[Finished], now: Timestamp) -> Option<Timestamp> {
        let tried = finished.iter().filter_map(|done| done.mark.as_ref());
        let untried = self.desk.waiting.iter().map(|waiting| &waiting.mark);
        let earliest = tried.chain(untried).filter_map(Mark::runnable_at).min();
        earliest.map(|at| at.max(now))
    }

    /// Our copy of the desk shows what became of what was tried, so far as others have to know.
    fn show(&mut self, finished: &[Finished]) {
        for done in finished {
            for entry in &done.objects {
                self.desk.register.add(entry.clone());
            }
            if let Some(mark) = &done.mark {
                self.desk.waiting.push(Waiting {
                    mark: match mark {
                        Mark::Uncertain(at) => Mark::Uncertain(*at),
                        _ => Mark::PENDING,
                    },
                    ..Waiting::new(done.document.clone(), Default::default())
                });
            }
        }
    }

    /// Something was posted: what waited for it is next.
    fn release(&mut self, posted: &DocumentRef) {
        for waiting in &mut self.desk.waiting {
            if matches!(&waiting.mark, Mark::Held(hold) if hold.may_end_with(posted)) {
                waiting.mark = Mark::PENDING;
                self.only
                    .iter_mut()
                    .for_each(|only| only.push(waiting.document.clone()));
            }
        }
    }
}

/// Works a shift, then notes the results and leaves the desk in one swap.
pub async fn work<H: Http, R: Records>(
    bridge: &Bridge<H, R>,
    firm: &FirmId,
    mut shift: Shift<'_>,
    clock: &impl Fn() -> Timestamp,
) -> Result<Worked, Error> {
    let plan = shift.desk.plan.map(|seen| seen.plan);
    let hours = Hours {
        until: after(shift.began, WORK_LEASE),
        end: shift.end,
        clock,
    };
    let mut office = Office::open(bridge, (firm, shift.owner), plan, hours).await?;
    office.pace = shift.desk.pace.clone();
    let read_before = office.pace.reads;
    if shift.recheck
        && let Err(Halt::Broken(error)) = office.recheck(clock()).await
    {
        return Err(error);
    }
    office.log = shift.desk.take_log();
    if shift.inherited {
        bridge.store.recover_journal(firm).await?;
    }
    let (mut finished, mut stop) = (Vec::new(), None);
    while stop.is_none() && clock() < shift.until {
        let tried = one_round(&mut office, &mut shift, clock).await?;
        if tried.is_empty() {
            break;
        }
        for tried in tried {
            if tried.finished.posted {
                shift.release(&tried.finished.document);
            }
            stop = stop.max(tried.stop);
            finished.push(tried.finished);
        }
    }
    let left = shift.left(&finished, clock()).or(stop);
    let look = if shift.only.is_none() && stop.is_none() {
        shift.show(&finished);
        office.watch(&shift.desk).await?
    } else {
        stop
    };
    // Until the desk is left the documents lie on it, and whoever finds them there notes their retainage again.
    office.close().await?;
    let now = clock();
    // Word of what is left goes out before the desk is left: whoever dies in between has lost nothing.
    if let Some(at) = left.into_iter().chain(look).min() {
        bridge.store.note_chore(firm, Chore::Work, at).await?;
    }
    let desk = bridge.store.leave_after(
        firm,
        &finished,
        (shift.owner, stop, now),
        Some(&office.pace),
    );
    let reads = office.pace.reads.since(read_before);
    if reads > 0 {
        bridge.store.note_reads(firm, reads, now).await?;
    }
    let next = desk.await?.next_work_at().into_iter().chain(look).min();
    let lines = finished.iter().map(|done| &done.activity);
    hint(bridge, firm, lines, now).await;
    if let Some(at) = next {
        bridge.store.note_chore(firm, Chore::Work, at).await?;
    }
    Ok(Worked { finished, next })
}

/// Takes up what can go out together, in business order, and posts it. What cannot goes by itself, after what was taken up before it.
async fn one_round<H: Http, R: Records>(
    office: &mut Office<'_, H, R>,
    shift: &mut Shift<'_>,
    clock: &impl Fn() -> Timestamp,
) -> Result<Vec<Tried>, Error> {
    let mut tried = Vec::new();
    let room = office.pace.batch_size();
    let (mut round, mut begun) = (Round::new(room), Vec::new());
    while clock() < shift.until {
        let now = clock();
        let Some(waiting) = shift.next(now) else {
            break;
        };
        let case = office.take_up(waiting, now).await?;
        if case.batch_key().is_some() && round.is_empty() && joins(&case, &begun, room) {
            begun.push(case);
            continue;
        }
        if !begun.is_empty() || (!case.is_plain() && !round.is_empty()) {
            shift.put_back(case.waiting);
            break;
        }
        if !case.is_plain() {
            tried.push(office.try_alone(case, now).await?);
            break;
        }
        match office.place(&mut round, case, now).await? {
            Placed::In => {}
            Placed::Next(waiting) => {
                shift.put_back(*waiting);
                break;
            }
            Placed::Done(done) => {
                let stops = done.stop.is_some();
                tried.push(*done);
                if stops {
                    break;
                }
            }
        }
    }
    let posted = if begun.is_empty() {
        office.post(round, clock()).await?
    } else {
        office.resume(begun, clock()).await?
    };
    tried.extend(posted.tried);
    let left = posted.left.into_iter();
    left.for_each(|waiting| shift.put_back(waiting));
    Ok(tried)
}

/// Whether a document was begun in the same batch as others, and what is open of all of them fits into one call.
fn joins(case: &Case, begun: &[Case], room: usize) -> bool {
    let open = |case: &Case| case.record.open_steps();
    let fits = begun.iter().map(open).sum::<usize>() + open(case) <= room;
    let same = |first: &Case| first.batch_key() == case.batch_key();
    begun.first().is_none_or(|first| fits && same(first))
}
