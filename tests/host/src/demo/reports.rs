//! Prints the tie-out and the retainage schedule, as the component answers them.

use super::firm::Firm;
use anyhow::ensure;
use http::Request;
use rust_decimal::Decimal;
use serde_json::Value;

/// The day of the schedule: every event of both stories lies before it.
const AS_OF: &str = "2026-12-31";

/// Prints both answers for a firm. Returns whether the tie-out has no difference, and whether the schedule ends with the amount `held`.
///
/// # Errors
/// Fails if the component cannot be reached or refuses.
pub async fn print(firm: &Firm<'_>, held: Decimal) -> anyhow::Result<bool> {
    let tie_out = load(firm, "/v1/quickbooks/tie-out").await?;
    println!(
        "\n  {:38} {:>14} {:>14} {:>12}",
        "GET /v1/quickbooks/tie-out", "RIVET", "QuickBooks", "difference"
    );
    for account in rows(&tie_out["accounts"]) {
        let name = text(&account["account"]["name"]);
        print_compared(name, account);
    }
    for customer in rows(&tie_out["customers"]) {
        let name = format!("{}, receivable", text(&customer["customer"]["name"]));
        print_compared(&name, &customer["receivable"]);
    }
    for pile in ["only_in_quickbooks", "only_in_rivet", "different"] {
        for entry in rows(&tie_out[pile]) {
            println!("  {pile}: {}", text(&entry["sentence"]));
        }
    }
    let path = format!("/v1/quickbooks/retainage?as_of={AS_OF}");
    let schedule = load(firm, &path).await?;
    println!(
        "\n  {:30} {:>12} {:>12} {:>12} {:>12}",
        format!("Retainage on {AS_OF}"),
        "opening",
        "withheld",
        "released",
        "held"
    );
    for customer in rows(&schedule["customers"]) {
        for project in rows(&customer["projects"]) {
            let of = &project["project"];
            print_row(
                &format!("{} {}", text(&of["number"]), text(&of["name"])),
                project,
            );
        }
    }
    print_row("total", &schedule["totals"]);
    let is_held = text(&schedule["totals"]["held"]).parse() == Ok(held);
    Ok(tie_out["tied_out"] == true && is_held)
}

async fn load(firm: &Firm<'_>, path: &str) -> anyhow::Result<Value> {
    let answer = firm.call(Request::get(path), None).await?;
    ensure!(
        answer.status == 200,
        "{path}: {} {}",
        answer.status,
        answer.body
    );
    Ok(answer.body)
}

fn print_compared(name: &str, figures: &Value) {
    let [rivet, quickbooks, difference] =
        ["rivet", "quickbooks", "difference"].map(|figure| text(&figures[figure]));
    println!("  {name:38} {rivet:>14} {quickbooks:>14} {difference:>12}");
}

fn print_row(name: &str, row: &Value) {
    let [opening, withheld, released, held] =
        ["opening", "withheld", "released", "held"].map(|figure| text(&row[figure]));
    println!("  {name:30} {opening:>12} {withheld:>12} {released:>12} {held:>12}");
}

fn rows(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
