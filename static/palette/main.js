/**
 * The command palette: one field for the page's commands, its nodes, and real lines of the AWS CLI.
 */
import {make} from "../topology/dom.js";
import {visible} from "../topology/text.js";
import {entries, inThePast, queueNames} from "./entries.js";
import {History} from "./history.js";
import {best, complete, isAws} from "./match.js";
import {gettext} from "../shell/words.js";

const ANSWERS = 20;
const ROWS_MOST = 8;

const dialog = document.getElementById("palette");
const line = document.getElementById("palette-line");
const list = document.getElementById("palette-list");
const output = document.getElementById("palette-output");
const places = document.getElementById("palette-places");
const history = new History(localStorage, "signalbox.palette");
const state = {offers: [], active: -1, commands: [], all: [], busy: false};

line.addEventListener("input", () => {
  history.rest();
  offer();
});
line.addEventListener("keydown", (event) => {
  const act = {ArrowUp: () => up(), ArrowDown: () => down(), Enter: () => enter(event), Tab: () => accept(event)}[event.key];
  if (!act || event.isComposing || act() === false) return;
  event.preventDefault();
});
list.addEventListener("click", (event) => {
  const row = event.target.closest("[role=option]");
  if (row) take(state.offers[Number(row.dataset.at)]);
});

/** Open it, unless another dialog is open. */
export function open() {
  if (dialog.open || document.querySelector("dialog[open]")) return;
  state.all = entries(places);
  write("");
  history.rest();
  dialog.showModal();
  line.focus();
  learn();
}

/** Fetch once what a line may say. */
async function learn() {
  if (state.commands.length) return;
  try {
    const answer = await fetch(dialog.dataset.model);
    if (answer.ok) state.commands = (await answer.json()).commands;
    if (isAws(line.value)) offer();
  } catch {
    // Completion is a comfort: lines run without it.
  }
}

function write(text) {
  line.value = text;
  line.setSelectionRange(text.length, text.length);
  offer();
}

function offer() {
  const text = line.value;
  line.rows = Math.min(ROWS_MOST, text.split("\n").length);
  const aws = isAws(text);
  state.offers = aws ? complete(text, state.commands, queueNames()) : best(text, state.all);
  state.active = aws ? -1 : Math.min(0, state.offers.length - 1);
  const rows = state.offers.map(({title, hint, key}, at) =>
    make("li", {role: "option", id: `palette-${at}`, "data-at": at, "aria-selected": "false"}, [
      make("bdi", {textContent: visible(title), className: aws ? "mono" : ""}),
      make("span", {className: "q", textContent: hint ?? ""}),
      ...(key ? [make("kbd", {textContent: key})] : []),
    ]),
  );
  if (!rows.length && !aws) rows.push(make("li", {className: "q", textContent: gettext("No command fits. A line of the AWS CLI begins with aws.")}));
  list.replaceChildren(...rows);
  light();
}

function light() {
  for (const [at, row] of [...list.querySelectorAll("[role=option]")].entries()) {
    row.setAttribute("aria-selected", String(at === state.active));
    if (at === state.active) row.scrollIntoView({block: "nearest"});
  }
  if (state.active < 0) line.removeAttribute("aria-activedescendant");
  else line.setAttribute("aria-activedescendant", `palette-${state.active}`);
}

/** Up and down go through the history where the line is empty or comes from it, else through the offers. */
function up() {
  if (line.value.includes("\n")) return false;
  const recalls = state.active <= 0 && history.isAt(line.value);
  if (recalls) write(history.walk(-1));
  else move(-1);
  return true;
}

function down() {
  if (line.value.includes("\n")) return false;
  if (line.value && history.isAt(line.value)) write(history.walk(1));
  else move(1);
  return true;
}

function move(step) {
  const least = isAws(line.value) ? -1 : 0;
  state.active = Math.min(state.offers.length - 1, Math.max(least, state.active + step));
  light();
}

function accept(event) {
  const chosen = state.offers[Math.max(0, state.active)];
  if (event.shiftKey || !isAws(line.value) || !chosen) return false;
  take(chosen);
  return true;
}

function enter(event) {
  if (event.shiftKey || (isAws(line.value) && line.value.endsWith("\\"))) return false;
  const chosen = state.offers[state.active];
  if (chosen) take(chosen);
  else if (isAws(line.value)) run(line.value.trim());
  return true;
}

function take(chosen) {
  if (chosen.line !== undefined) {
    write(chosen.line);
    line.focus();
    return;
  }
  dialog.close();
  chosen.run();
}

async function run(text) {
  if (state.busy) return;
  state.busy = true;
  dialog.setAttribute("aria-busy", "true");
  history.add(text);
  const answer = say(text, "…");
  write("");
  const {ok, words} = await ask(text);
  answer.textContent = visible(words, {lines: true}) || gettext("(no output)");
  answer.className = ok ? "answer" : "answer c-x";
  output.scrollTop = output.scrollHeight;
  state.busy = false;
  dialog.removeAttribute("aria-busy");
}

async function ask(text) {
  if (inThePast()) return {ok: false, words: gettext("Not run. The map shows the past; jump to live (L) to call AWS.")};
  const {"X-CSRFToken": token} = JSON.parse(document.body.getAttribute("hx-headers"));
  const body = new URLSearchParams({line: text});
  const headers = {"X-CSRFToken": token, "HX-Request": "true"};
  try {
    const answer = await fetch(dialog.dataset.run, {method: "POST", body, headers, cache: "no-store"});
    if (!answer.ok) return {ok: false, words: gettext("Not run. The server answered %(status)s.", {status: answer.status})};
    const {ok, text: words} = await answer.json();
    return {ok, words};
  } catch {
    return {ok: false, words: gettext("Not run. The server does not answer; try again when the link is back.")};
  }
}

/** Put a line and the place of its answer at the end of what was said. */
function say(text, words) {
  const answer = make("span", {className: "answer", textContent: words});
  const shown = text.length > 2_000 ? `${text.slice(0, 2_000)}…` : text;
  output.append(make("span", {className: "asked", textContent: `$ ${visible(shown, {lines: true})}`}), answer);
  while (output.children.length > ANSWERS * 2) output.firstChild.remove();
  output.hidden = false;
  output.scrollTop = output.scrollHeight;
  return answer;
}
