//! The behaviour of Intuit in a run, where its texts and reports from the field differ. The code must survive each.

use jiff::SignedDuration;
use simulator::{AnswerSpelling, BalanceSpelling, BatchReplay, Simulator, TokenLifetimes};

/// The behaviour that a seed draws. It does not change during a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behaviour {
    /// The time by which queries and change data lag behind writes.
    pub index_lag: SignedDuration,
    /// The time for which Intuit remembers a request id; `None` for ever, zero for never.
    pub request_id_memory: Option<SignedDuration>,
    /// The answer to a batch with a used request id.
    pub batch_replay: BatchReplay,
    /// True if a used request id with another body is a fault.
    pub should_refuse_changed_replay: bool,
    /// The spelling of ids, amounts, balances and links.
    pub answer_spelling: AnswerSpelling,
    /// The spelling of the lifetimes of tokens.
    pub token_lifetimes: TokenLifetimes,
    /// True if the answers of the token endpoint have unknown members.
    pub should_add_token_members: bool,
    /// True if QuickBooks applies what is open of a payment that is too large, and voids paid invoices.
    pub is_lenient: bool,
}

/// Times by which queries lag. The longest is what the code allows for.
const LAGS: [i64; 4] = [2, 20, 60, 100];

impl Behaviour {
    /// Returns the behaviour that Intuit's texts describe.
    pub fn as_published() -> Self {
        Self {
            index_lag: SignedDuration::ZERO,
            request_id_memory: None,
            batch_replay: BatchReplay::Writes,
            should_refuse_changed_replay: false,
            answer_spelling: AnswerSpelling::default(),
            token_lifetimes: TokenLifetimes::Number,
            should_add_token_members: false,
            is_lenient: false,
        }
    }

    /// Draws a behaviour. In half of the seeds, it is the published one.
    pub fn draw(chance: &mut fastrand::Rng) -> Self {
        if chance.bool() {
            return Self::as_published();
        }
        let mut one_in = |times: u32| chance.u32(..times) == 0;
        let (lags, replays, forgets, spells) = (one_in(2), one_in(2), one_in(4), one_in(3));
        Self {
            should_refuse_changed_replay: one_in(4),
            should_add_token_members: one_in(4),
            is_lenient: one_in(3),
            index_lag: match lags {
                true => SignedDuration::from_secs(LAGS[chance.usize(..LAGS.len())]),
                false => SignedDuration::ZERO,
            },
            request_id_memory: forgets.then_some(SignedDuration::from_mins(5)),
            batch_replay: match replays {
                true => draw_replay(chance),
                false => BatchReplay::Writes,
            },
            answer_spelling: match spells {
                true => draw_spelling(chance),
                false => AnswerSpelling::default(),
            },
            token_lifetimes: draw_lifetimes(chance),
        }
    }

    /// Sets the memory of request ids, unless it is drawn already.
    pub fn with_request_id_memory(self, memory: Option<SignedDuration>) -> Self {
        Self {
            request_id_memory: self.request_id_memory.or(memory),
            ..self
        }
    }

    /// Lets a simulator behave so.
    pub fn apply_to(self, intuit: &mut Simulator) {
        let switches = intuit.switches_mut();
        switches.index_lag = self.index_lag;
        switches.request_id_memory = self.request_id_memory;
        switches.batch_replay = self.batch_replay;
        switches.should_refuse_changed_replay = self.should_refuse_changed_replay;
        switches.answer_spelling = self.answer_spelling;
        switches.token_lifetimes = self.token_lifetimes;
        switches.should_add_token_members = self.should_add_token_members;
        switches.should_refuse_overpayment = !self.is_lenient;
        switches.should_refuse_void_of_paid = !self.is_lenient;
    }
}

fn draw_replay(chance: &mut fastrand::Rng) -> BatchReplay {
    let replays = [
        BatchReplay::WritesAndQueries,
        BatchReplay::WholeWithWrites,
        BatchReplay::Whole,
    ];
    replays[chance.usize(..replays.len())]
}

fn draw_spelling(chance: &mut fastrand::Rng) -> AnswerSpelling {
    AnswerSpelling {
        has_numeric_ids: chance.bool(),
        has_text_amounts: chance.bool(),
        balances: match chance.u8(..3) {
            0 => BalanceSpelling::NullAtZero,
            _ => BalanceSpelling::Numbers,
        },
        omits_empty_links: chance.bool(),
        omits_change_positions: chance.bool(),
    }
}

/// Draws the spelling of the lifetimes of tokens: mostly as published.
fn draw_lifetimes(chance: &mut fastrand::Rng) -> TokenLifetimes {
    match chance.u8(..9) {
        0 => TokenLifetimes::Text,
        1 => TokenLifetimes::Unreadable,
        2 => TokenLifetimes::Missing,
        _ => TokenLifetimes::Number,
    }
}
