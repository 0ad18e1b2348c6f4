/**
 * The glossary page: find a word, and see the first steps again.
 */
import {replay} from "./hints.js";

const field = document.getElementById("word-find");
const none = document.getElementById("no-word");
const rows = [...document.querySelectorAll(".words>div")];

function find() {
  const words = field.value.trim().toLowerCase().split(/\s+/);
  let count = 0;
  for (const row of rows) {
    row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
    if (!row.hidden) count += 1;
  }
  none.hidden = count > 0;
}

field.addEventListener("input", find);
document.getElementById("all-words").addEventListener("click", () => {
  field.value = "";
  find();
  field.focus();
});
document.querySelector("[data-replays-hints]").addEventListener("click", (event) => {
  replay();
  document.body.dispatchEvent(new CustomEvent("toast", {detail: {text: event.currentTarget.dataset.said, kind: "ok"}}));
});
