//! The erasure of one firm.

use crate::firms::operated_firm;
use bridge::operations::erase::Eraser;
use bridge::run_window::RunWindow;
use connection::services::AuthServices;
use platform::{Answer, Audit, Call, Problem, config, current_time, problem, services};
use serde::Deserialize;
use store::Claimant;

/// The body that confirms an erasure: the id of the firm once more.
#[derive(Deserialize)]
struct EraseBody {
    confirm: String,
}

/// Begins the erasure of a firm, or goes on with it: 202 until nothing is left.
pub async fn erase(call: &Call<'_>, firm: &str) -> Result<Answer, Problem> {
    let firm = operated_firm(call, firm).await?;
    let EraseBody { confirm } = call.read_json()?;
    if confirm != firm.as_ref() {
        let problem = "must be the id of the firm that is erased";
        return Err(problem::invalid_field("confirm", problem));
    }
    let store = services::open_store(call).await?;
    let app = config::oauth_app().await?;
    let revoke_origin = config::revoke_origin().await?;
    let until = RunWindow::scheduled(call.received_at).until;
    let owner = call.new_entropy().token();
    let eraser = Eraser {
        auth: &AuthServices {
            http: &services::http(call),
            store: &store,
            app: &app,
        },
        revoke_origin: &revoke_origin,
        claimant: Claimant {
            owner: &owner,
            now: call.received_at,
        },
        has_time: || current_time() < until,
    };
    let report = eraser.erase(&firm).await?;
    let act = Audit::of_operator("firm_erased", call.received_at);
    call.audit(act.what(report.state));
    let Some(seconds) = report.retry_after else {
        return Ok(Answer::json(200, &report).no_store());
    };
    let answer = Answer::json(202, &report).no_store();
    Ok(answer.header("retry-after", seconds.to_string()))
}
