//! The cases, the rows that their stories end in, and their comparison with the expected table.

use crate::support::world::World;
use rust_decimal::Decimal;
use serde_json::Value;
use simulator::CallClass;

/// A case: a name, and a story that ends in the last cells of its row.
pub struct Case {
    pub name: &'static str,
    pub story: fn() -> Ending,
}

/// The state of the office and of the books at the end of a story.
pub struct Ending {
    /// The state of the document or connection that the case is about.
    state: String,
    /// The code of the reason. Empty if there is none.
    reason: String,
    books: Books,
    calls: Calls,
}

/// The balances in the simulator's own ledger.
struct Books {
    receivable: Decimal,
    retainage: Decimal,
    revenue: Decimal,
    deposits: Decimal,
}

/// The calls to the company since the story began, or since it cleared the traffic.
struct Calls {
    all: usize,
    /// The calls that write nothing.
    reads: usize,
}

/// The cells of a row.
struct Row([String; 9]);

const HEAD: [&str; 9] = [
    "case",
    "state",
    "reason",
    "A/R",
    "retainage",
    "revenue",
    "deposits",
    "calls",
    "reads",
];

impl Case {
    /// Plays the story and returns the row.
    fn play(&self) -> Row {
        let Ending {
            state,
            reason,
            books,
            calls,
        } = (self.story)();
        Row([
            self.name.to_owned(),
            state,
            reason,
            cell(books.receivable),
            cell(books.retainage),
            cell(books.revenue),
            cell(books.deposits),
            calls.all.to_string(),
            calls.reads.to_string(),
        ])
    }
}

/// Returns an amount with two decimals.
fn cell(amount: Decimal) -> String {
    format!("{amount:.2}")
}

impl World {
    /// Ends a story with the state of a document.
    pub fn ends(&self, document: &str) -> Ending {
        let view = self.view(document);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        self.ends_as(&text(&view["state"]), &text(&view["reason"]["code"]))
    }

    /// Ends a story with any other state and reason.
    pub fn ends_as(&self, state: &str, reason: &str) -> Ending {
        Ending {
            state: state.to_owned(),
            reason: reason.to_owned(),
            books: self.books(),
            calls: self.calls(),
        }
    }

    fn books(&self) -> Books {
        let accounts = self.accounts();
        Books {
            receivable: self.balance(&accounts.receivable),
            retainage: self.balance(&accounts.retainage),
            revenue: Decimal::ZERO - self.balance(&accounts.revenue),
            deposits: self.balance(&accounts.deposits),
        }
    }

    fn calls(&self) -> Calls {
        let simulator = self.simulator();
        let to_company = |class: &CallClass| {
            matches!(
                class,
                CallClass::Read | CallClass::Write | CallClass::Batch { .. }
            )
        };
        let classes = simulator.traffic().iter().map(|seen| seen.class);
        let all: Vec<CallClass> = classes.filter(to_company).collect();
        Calls {
            all: all.len(),
            reads: all.iter().filter(|class| !class.can_write()).count(),
        }
    }
}

/// Returns a connected world with complete settings, whose calls are counted from now on.
pub fn field_world() -> World {
    counted(World::configured())
}

/// Returns the world with its calls counted from now on.
pub fn counted(world: World) -> World {
    world.simulator().clear_traffic();
    world
}

/// Plays the cases and compares their rows with the expected table. Blanks beside the bars do not count.
pub fn check(cases: &[Case], expected: &str) {
    let rows: Vec<Row> = cases.iter().map(Case::play).collect();
    let shown = aligned(&rows);
    let is_expected = cells(&shown) == cells(expected);
    assert!(
        is_expected,
        "expected:{expected}\nthe table is now:\n{shown}"
    );
}

/// Returns the aligned table of these rows.
fn aligned(rows: &[Row]) -> String {
    let head = Row(HEAD.map(str::to_owned));
    let lines = || std::iter::once(&head).chain(rows);
    let width = |column: usize| lines().map(|row| row.0[column].chars().count()).max();
    let widths: [usize; 9] = std::array::from_fn(|column| width(column).unwrap_or_default());
    let line = |row: &Row| {
        let cells = row.0.iter().zip(widths).enumerate();
        let cells = cells.map(|(column, (text, width))| match column {
            0..3 => format!("{text:<width$}"),
            _ => format!("{text:>width$}"),
        });
        let line = cells.collect::<Vec<_>>().join(" | ");
        line.trim_end().to_owned() + "\n"
    };
    lines().map(line).collect()
}

/// Returns the cells of each line of a table.
fn cells(table: &str) -> Vec<Vec<&str>> {
    let lines = table.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| line.split('|').map(str::trim).collect())
        .collect()
}
