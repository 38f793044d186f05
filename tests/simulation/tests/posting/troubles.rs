//! QuickBooks' odd answers: to whole requests, and to single items of a batch. A rule for batches meets nothing else.

use crate::story::Play;
use simulation::firms::COMPANIES;
use simulator::{Commit, Effect, Injection, RequestKind};

/// One of the next calls to a company is answered oddly, if any more may be.
pub fn next(play: &Play) {
    let world = &play.stage.world;
    if play.troubles.get() == 0 {
        return;
    }
    play.troubles.set(play.troubles.get() - 1);
    let trouble = match world.below(4) {
        0 => refusal(play),
        1 => Injection::new(Effect::Partial {
            items: world.below(3),
            then: Box::new(in_the_middle(play)),
        }),
        2 => Injection::new(item(play)),
        _ => Injection::new(whole(play)),
    };
    let trouble = trouble
        .realm(COMPANIES[world.below(2)])
        .skip_first(world.below(3) as u32);
    world.note(|| format!("trouble ahead: {trouble:?}"));
    play.stage.intuit.borrow_mut().inject(trouble);
}

/// What may become of a whole request.
fn whole(play: &Play) -> Effect {
    play.stage.world.pick(&[
        Effect::Unauthorized,
        Effect::Throttled,
        Effect::Unavailable,
        Effect::ApplicationError(Commit::Before),
        Effect::ApplicationError(Commit::After),
        Effect::Dropped(Commit::Before),
        Effect::Dropped(Commit::After),
        Effect::ForgetRequestIds,
    ])
}

/// What may end a batch when a part of it is carried out: a token is looked at before that.
fn in_the_middle(play: &Play) -> Effect {
    play.stage.world.pick(&[
        Effect::Throttled,
        Effect::Unavailable,
        Effect::ApplicationError(Commit::Before),
        Effect::Dropped(Commit::Before),
    ])
}

/// Notes that QuickBooks will refuse something without need.
fn refuse(play: &Play, code: &str) {
    let passes = matches!(code, "3001" | "10000");
    play.refused.set(play.refused.get() || !passes);
}

/// One item of a batch goes wrong for itself.
fn item(play: &Play) -> Effect {
    let world = &play.stage.world;
    let code = world.pick(&["6140", "2500", "610", "6000", "3001", "10000"]);
    refuse(play, code);
    Effect::Item {
        index: world.below(3),
        code: code.into(),
        message: "An odd answer".into(),
        detail: "The seed wants it so".into(),
    }
}

/// A posting that goes alone is refused, although nothing is wrong with it.
fn refusal(play: &Play) -> Injection {
    let code = play.stage.world.pick(&["6140", "2500", "610", "6000"]);
    refuse(play, code);
    let refused = Effect::Refused {
        code: code.into(),
        message: "An odd answer".into(),
        detail: "The seed wants it so".into(),
    };
    let field = if code == "6140" {
        "DocNumber"
    } else {
        "TxnDate"
    };
    Injection::new(refused)
        .kind(RequestKind::Write)
        .path_containing(if code == "6140" { "/invoice" } else { "" })
        .body_containing(field)
}
