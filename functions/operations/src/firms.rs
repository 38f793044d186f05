//! The records of one firm: an overview, and all of them for an export.

use billing::FirmId;
use bridge::operations::export;
use bridge::operations::firm;
use platform::{Answer, Audit, Call, Problem, callers, problem, services};

/// Answers what is kept of a firm.
pub async fn show(call: &Call<'_>, firm: &str) -> Result<Answer, Problem> {
    let firm = operated_firm(call, firm).await?;
    let store = services::open_store(call).await?;
    let overview = firm::overview(&store, &firm).await?;
    Ok(Answer::json(200, &overview).no_store())
}

/// Answers everything that is kept of a firm, opened.
pub async fn export(call: &Call<'_>, firm: &str) -> Result<Answer, Problem> {
    let firm = operated_firm(call, firm).await?;
    let store = services::open_store(call).await?;
    let export = export::export(&store, &firm, call.received_at).await?;
    let act = Audit::of_operator("firm_exported", call.received_at);
    call.audit(act.what(firm.as_ref()));
    Ok(Answer::json(200, &export).no_store())
}

/// Returns the firm of the path, after a check that the operator calls. The log line names the firm.
pub async fn operated_firm(call: &Call<'_>, firm: &str) -> Result<FirmId, Problem> {
    callers::require_operator(call).await?;
    let firm: FirmId = firm.parse().map_err(|_| problem::not_found())?;
    call.set_firm(&firm);
    Ok(firm)
}
