/**
 * The sandbox switcher: opened by its button or by S, the sandboxes that were looked at last come first.
 */
import {isField} from "../topology/dom.js";
import {lettersOn} from "../topology/keys.js";

const STORE = "signalbox.recent";
const KEPT = 20;
const dialog = document.getElementById("switcher");
const host = document.getElementById("switch-host");
const field = document.getElementById("switch-find");
const fresh = document.getElementById("switch-new");

/** @returns {string[]} slugs, last looked at first */
function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) ?? "[]");
    return Array.isArray(kept) ? kept.filter((slug) => typeof slug === "string") : [];
  } catch {
    return [];
  }
}

function remember() {
  const slug = /^\/s\/([^/]+)\//.exec(location.pathname)?.[1];
  if (slug) localStorage.setItem(STORE, JSON.stringify([slug, ...recent().filter((each) => each !== slug)].slice(0, KEPT)));
}

async function open() {
  if (dialog.open) return;
  dialog.showModal();
  field.value = "";
  field.focus();
  try {
    const answer = await fetch(dialog.dataset.url, {cache: "no-store"});
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    host.replaceChildren(arranged(page.getElementById("switch-list")));
    find();
  } catch {
    host.textContent = host.dataset.failed;
  }
}

/** Recent ones first, the others as they came. @param {HTMLElement} list */
function arranged(list) {
  const order = recent();
  const rank = (row) => {
    const at = order.indexOf(row.firstElementChild.dataset.slug);
    return at < 0 ? order.length : at;
  };
  list.replaceChildren(...[...list.children].sort((a, b) => rank(a) - rank(b)));
  return list;
}

function find() {
  const words = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const row of host.querySelectorAll("li")) {
    row.hidden = !words.every((word) => row.firstElementChild.dataset.words.includes(word));
    if (!row.hidden) count += 1;
  }
  const name = field.value.trim();
  fresh.hidden = count > 0 || !name;
  document.getElementById("switch-name").value = name;
  const label = fresh.querySelector("[data-words]");
  label.textContent = label.dataset.words.replace("{name}", name);
}

/** @param {number} step from the focused link to its neighbour */
function walk(step) {
  const links = [...host.querySelectorAll("li:not([hidden]) a")];
  const at = links.indexOf(document.activeElement);
  if (at + step < 0) field.focus();
  else links[Math.min(links.length - 1, at + step)]?.focus();
}

if (dialog) {
  remember();
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-switches]")) open();
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.key.toLowerCase() !== "s") return;
    if (!lettersOn() || isField(event.target) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    open();
  });
  field.addEventListener("input", find);
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      walk(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && event.target === field) {
      event.preventDefault();
      if (fresh.hidden) host.querySelector("li:not([hidden]) a")?.click();
      else fresh.requestSubmit();
    }
  });
}
