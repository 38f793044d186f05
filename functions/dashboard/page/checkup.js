//! The check-up: whether the company is set up so that postings come out right. What fails comes first.

import { read } from "./api.js";
import { button, el, outside } from "./dom.js";
import { count, when } from "./money.js";
import { copyButton, mark, problemBox, reading } from "./parts.js";

const CHECK_LOOKS = { fail: ["■", "Mend this", "bad"], warn: ["▲", "Look at this", "warn"], pass: ["✓", "Fine", "good"] };

/** Shows the check-up. */
export async function showCheckup(region) {
  region.replaceChildren(reading("how the company is set up"));
  try {
    const answer = await read("checkup");
    region.replaceChildren(...checkupContent(answer, () => showCheckup(region)).filter(Boolean));
  } catch (problem) {
    region.replaceChildren(problemBox(problem, () => showCheckup(region), "check-up-problem"));
  }
}

function checkupContent({ checks, checked_at: at }, again) {
  const of = (state) => checks.filter((check) => check.state === state);
  const [failed, warned, passed] = ["fail", "warn", "pass"].map(of);
  const look = failed.length > 0 ? "bad" : warned.length > 0 ? "warn" : "good";
  return [
    el("section", { class: `card band ${look}-band` }, el("h2", null, mark(...checkupVerdict(failed, warned, checks))),
      el("p", { class: "quiet" }, "Looked at ", when(at), ". ", button("Look again", "plain small", again, { id: "check-again" }))),
    [...failed, ...warned].length > 0 && el("ul", { class: "card checks" }, [...failed, ...warned].map(item)),
    passed.length > 0 && el("details", { id: "passed", class: "card", open: failed.length + warned.length === 0 }, el("summary", null, `${count(passed.length, "check")} fine`), el("ul", { class: "checks" }, passed.map(item))),
  ];
}

function checkupVerdict(failed, warned, checks) {
  if (failed.length > 0) return ["■", `${count(failed.length, "thing")} to mend in QuickBooks`, "bad"];
  if (warned.length > 0) return ["▲", `${count(warned.length, "thing")} to look at`, "warn"];
  return ["✓", `All ${checks.length} checks are fine`, "good"];
}

function item({ code, state, title, detail, action, link }) {
  return el("li", { class: "check" }, mark(...(CHECK_LOOKS[state] ?? CHECK_LOOKS.warn)),
    el("div", null, el("p", null, el("strong", null, title)), el("p", { class: "quiet" }, detail), action && el("p", null, action),
      el("div", { class: "actions" }, link && outside("Open it in QuickBooks", link), action && copyButton("Copy for the bookkeeper", [title, detail, action, link].filter(Boolean).join("\n"), `copy-${code}`))));
}
