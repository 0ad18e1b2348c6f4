/**
 * What every page has: theme switch, toasts, copy buttons, dialogs.
 */
import {maskAll, reveal, textOf} from "./secret.js";
import {Toasts} from "./toasts.js";
import {gettext} from "./words.js";

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const toasts = new Toasts(document.getElementById("toasts"));

/** The theme that is on screen, chosen or given by the system. */
function theme() {
  return root.dataset.theme ?? (dark.matches ? "dark" : "light");
}

function switchTheme() {
  root.dataset.theme = theme() === "dark" ? "light" : "dark";
  localStorage.setItem("signalbox.theme", root.dataset.theme);
  nameSwitch();
}

function nameSwitch() {
  const other = theme() === "dark" ? "light" : "dark";
  const name = other === "light" ? gettext("Switch to the light theme") : gettext("Switch to the dark theme");
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    button.setAttribute("aria-label", name);
    button.title = name;
    button.dataset.other = other;
  }
}

/** Put a text that may be still to come on the clipboard. @param {Promise<string>} text */
async function write(text) {
  const blob = text.then((words) => new Blob([words.trim()], {type: "text/plain"}));
  /* Asked at once, for Safari: there a click allows nothing that waited for the network first. */
  await navigator.clipboard.write([new ClipboardItem({"text/plain": blob})]);
}

/** Show or mask a secret. @param {HTMLElement} button */
async function show(button) {
  try {
    await reveal(button);
  } catch {
    toasts.show({text: gettext("Not shown. The server does not answer, or this sandbox is not yours."), kind: "error"});
  }
}

/** Copy the text that a button names, or that of the snippet it stands in. @param {HTMLElement} button */
async function copy(button) {
  const text = Promise.resolve(button.dataset.copy ?? textOf(button.closest(".snippet")));
  try {
    await write(text);
    toasts.show({text: button.dataset.copied ?? gettext("Copied."), kind: "ok"});
  } catch {
    const known = await text.then(() => true, () => false);
    const why = known
      ? gettext("Not copied. The browser keeps the clipboard closed here; select the text instead.")
      : gettext("Not copied. The server does not answer, or this sandbox is not yours.");
    toasts.show({text: why, kind: "error"});
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-switch],[data-copier],[data-reveals],[data-opens],[data-closes]");
  if (!button) return;
  if (button.matches("[data-theme-switch]")) switchTheme();
  else if (button.matches("[data-copier]")) copy(button);
  else if (button.matches("[data-reveals]")) show(button);
  else if (button.matches("[data-opens]")) document.getElementById(button.dataset.opens).showModal();
  else button.closest("dialog").close();
});
for (const kind of ["close", "toggle"]) document.addEventListener(kind, ({target}) => maskAll(target), true);
dark.addEventListener("change", nameSwitch);
nameSwitch();

document.body.addEventListener("toast", (event) => toasts.show(event.detail));
document.body.addEventListener("htmx:beforeSend", ({detail: {xhr, elt}}) => {
  /* What asked may have been replaced by fresh contents when its answer comes: nothing would hear it there. */
  let isGone = false;
  xhr.addEventListener("readystatechange", () => {
    if (xhr.readyState === XMLHttpRequest.DONE) isGone = !elt.isConnected;
  });
  xhr.addEventListener("load", () => {
    const told = isGone && xhr.getResponseHeader("HX-Trigger");
    if (!told) return;
    for (const [name, detail] of Object.entries(JSON.parse(told))) {
      document.body.dispatchEvent(new CustomEvent(name, {detail}));
    }
  });
});
document.body.addEventListener("htmx:sendError", () => {
  toasts.show({text: gettext("Not sent. The server does not answer; try again when the link is back."), kind: "error"});
});
document.body.addEventListener("htmx:responseError", (event) => {
  const {status} = event.detail.xhr;
  if (event.detail.xhr.getResponseHeader("HX-Trigger")) return;
  toasts.show({text: gettext("Not done. The server answered %(status)s.", {status}), kind: "error"});
});
/* A form that comes back with its errors has status 422: show it where it stood. */
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status !== 422) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});
