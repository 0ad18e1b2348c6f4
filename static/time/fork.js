/**
 * The dialog that forks from the moment that is shown: it says beforehand what would not come back as it was.
 */
import {gettext} from "../shell/words.js";
import {byId} from "../topology/dom.js";
import {timeOfDay} from "../topology/text.js";

/** @param {import("./traveller.js").Moment|null} moment */
export async function openFork(moment) {
  const dialog = byId("fork");
  if (!moment || dialog.open) return;
  byId("fork-seq").value = String(moment.seq);
  byId("fork-moment").textContent = `${timeOfDay(moment.at)} · ${moment.what}.`;
  const losses = byId("fork-losses");
  losses.textContent = gettext("Reading what the log has of it…");
  byId("fork-go").disabled = true;
  dialog.showModal();
  try {
    const response = await fetch(`${dialog.dataset.url}?seq=${moment.seq}`);
    const found = await response.json();
    losses.textContent = found.said ?? found.error;
    byId("fork-go").disabled = !response.ok;
  } catch {
    losses.textContent = gettext("The server does not answer.");
  }
}
