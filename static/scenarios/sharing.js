/**
 * The dialog that shares what the page shows: the view as a link, the scenario as a link, a frame, files.
 */
import {scenarioLink} from "./linking.js";

const place = (name) => document.getElementById(`sharing-${name}`);

/** @param {string} url where the dialog is fetched from, once */
export async function open(url) {
  const dialog = document.getElementById("sharing") ?? (await fetched(url));
  fill();
  dialog.showModal();
  await pack(dialog);
}

async function fetched(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(String(answer.status));
  const dialog = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("sharing");
  document.body.append(dialog);
  place("moment").addEventListener("change", address);
  for (const field of dialog.querySelectorAll("input[readonly]")) field.addEventListener("focus", () => field.select());
  for (const button of dialog.querySelectorAll("[data-picture]")) {
    button.addEventListener("click", () => document.querySelector(`[data-command="${button.dataset.picture}"]`).click());
  }
  return dialog;
}

/** The event that the page shows: of the past, or the latest. */
function moment() {
  const {session, time} = window.signalbox;
  return time.traveller.moment?.seq ?? session.live.q;
}

function fill() {
  const isPast = Boolean(window.signalbox.time.traveller.moment);
  place("moment").checked = isPast;
  place("event").textContent = `#${moment()}`;
  address();
}

/** The links to the view: in the past they say the moment, at live only when somebody wants that. */
function address() {
  const view = new URL(location.href);
  view.hash = "";
  if (place("moment").checked) view.searchParams.set("at", String(seqShown()));
  else if (/^\d+$/.test(view.searchParams.get("at") ?? "")) view.searchParams.delete("at");
  put("view", view.href);
  const framed = new URL(view);
  framed.searchParams.set("embed", "1");
  const frame = Object.assign(document.createElement("iframe"), {src: framed.href, title: place("frame").dataset.title, width: "960", height: "600"});
  put("frame", frame.outerHTML);
}

/** As the dialog says it, though the world runs on behind it. */
function seqShown() {
  return Number(place("event").textContent.slice(1));
}

async function pack(dialog) {
  const said = place("said");
  const button = dialog.querySelector("[data-shares=scenario]");
  button.disabled = true;
  put("scenario", "");
  try {
    const link = await scenarioLink(dialog.dataset);
    said.textContent = link ? said.dataset.short : said.dataset.long;
    put("scenario", link ?? "");
    button.disabled = !link;
  } catch {
    said.textContent = said.dataset.failed;
  }
}

function put(name, text) {
  place(name).value = text;
  document.querySelector(`#sharing [data-shares="${name}"]`).dataset.copy = text;
}
