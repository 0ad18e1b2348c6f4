/**
 * A sandbox as a link: its scenario, packed into the address of the page for new sandboxes.
 */
import {LINK_CHARS, pack} from "./packing.js";

const button = document.getElementById("copy-link");
const section = button.closest("[data-scenario-url]");

/** @param {string} text @param {"ok"|"error"} kind */
function say(text, kind) {
  document.body.dispatchEvent(new CustomEvent("toast", {detail: {text, kind}}));
}

async function link() {
  const answer = await fetch(section.dataset.scenarioUrl, {cache: "no-store"});
  if (!answer.ok) throw new Error(String(answer.status));
  const address = new URL(section.dataset.newUrl, location.href);
  address.hash = `s=${await pack(await answer.text())}`;
  return address.href;
}

button.addEventListener("click", async () => {
  try {
    const address = await link();
    if (address.length > LINK_CHARS) {
      say(button.dataset.long, "error");
      return;
    }
    await navigator.clipboard.writeText(address);
    say(button.dataset.copied, "ok");
  } catch {
    say(button.dataset.failed, "error");
  }
});
