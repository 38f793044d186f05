//! Mends the one setting that documents wait for, in their card: which customer or job in QuickBooks is meant. What waited goes on then.

import { Problem, post, put, read, readTagged } from "./api.js";
import { button, byId, el } from "./dom.js";
import { say } from "./connection.js";
import { changedAt } from "./draft.js";
import { finder } from "./fields.js";
import { refresh } from "./model.js";
import { problemBox, reading } from "./parts.js";

/** Opens the choice in a card. `fix` has the first document, the setting, the words, and `close`, which puts the card back. */
export async function openFix(holder, fix) {
  holder.replaceChildren(reading("what QuickBooks has"));
  try {
    const { plan, customer } = await read(`documents/${fix.document.kind}/${encodeURIComponent(fix.document.id)}`);
    const key = plan?.[fix.of];
    if (!key) throw new Problem("not_planned");
    const found = finder({ path: fix.id, first: (customer ?? "").split(" ")[0] });
    const save = button(fix.yes, "primary", () => saveFix(holder, fix, key, found.chosen()), { id: `${fix.id}-save` });
    holder.replaceChildren(el("div", { class: "question", role: "group", "aria-label": fix.question },
      el("p", { class: "why" }, fix.question), el("div", { class: "filters" }, found.fields), el("div", { class: "actions" }, save, button("Cancel", "plain", fix.close))));
    byId(`${fix.id}-find`).focus();
    await found.search();
  } catch (problem) {
    showProblem(holder, fix, problem);
  }
}

async function saveFix(holder, fix, key, target) {
  if (!target) return;
  byId(`${fix.id}-save`).disabled = true;
  try {
    await putChange(`${fix.setting}.${key}`, target.id);
    await post("sync", { documents: [{ kind: fix.document.kind, id: fix.document.id }] }).catch(() => null);
    fix.close();
    await refresh();
    say(`${target.name} is chosen.`, "What waited for it is posted now. Later documents use it too; it can be changed in Settings.", "good");
  } catch (problem) {
    showProblem(holder, fix, problem);
  }
}

/** Saves one change on top of the settings as they are now. If somebody else saves at the same moment, it is done once more. */
async function putChange(path, value) {
  for (const isLast of [false, true]) {
    const { value: settings, tag } = await readTagged("settings");
    try {
      return await put("settings", changedAt(settings, path, value), tag);
    } catch (problem) {
      if (isLast || problem.code !== "settings_changed") throw problem;
    }
  }
}

function showProblem(holder, fix, problem) {
  if (!(problem instanceof Problem)) throw problem;
  holder.replaceChildren(problemBox(problem, () => openFix(holder, fix), `${fix.id}-problem`), button("Cancel", "plain", fix.close));
  byId(`${fix.id}-problem`).focus();
}
