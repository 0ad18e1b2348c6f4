/**
 * The button that copies a sandbox as a link, on the page about it.
 */
import {scenarioLink} from "./linking.js";

const button = document.getElementById("copy-link");
const section = button.closest("[data-scenario-url]");

/** @param {string} text @param {"ok"|"error"} kind */
function say(text, kind) {
  document.body.dispatchEvent(new CustomEvent("toast", {detail: {text, kind}}));
}

button.addEventListener("click", async () => {
  try {
    const address = await scenarioLink(section.dataset);
    if (!address) {
      say(button.dataset.long, "error");
      return;
    }
    await navigator.clipboard.writeText(address);
    say(button.dataset.copied, "ok");
  } catch {
    say(button.dataset.failed, "error");
  }
});
