/**
 * The workbench of a queue's panel: which language is shown, what stands beside a field while somebody types,
 * line numbers of JSON, and templates that fill a field.
 */
import "../actors/bolts.js";
import {told} from "../topology/told.js";
import {HeldPoll} from "./held.js";
import {Lines} from "./lines.js";
import {Rows} from "./rows.js";

const KEY = "signalbox.language";
const LANGUAGES = ["cli", "boto3", "javascript"];
const panel = document.getElementById("panel");
/** How often each form was sent or answered. @type {WeakMap<HTMLFormElement, number>} */
const sends = new WeakMap();

/** Show the calls in one language, on this page and on the next. @param {string} language */
function speak(language) {
  panel.dataset.language = language;
  for (const button of panel.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
}

function chosen() {
  const kept = localStorage.getItem(KEY);
  return LANGUAGES.includes(kept) ? kept : LANGUAGES[0];
}

/** Tie a field to the place where its errors stand. @param {HTMLElement} slot */
function bind(slot) {
  const field = slot.closest(".field");
  if (!field) return;
  const bad = slot.childElementCount > 0;
  field.classList.toggle("bad", bad);
  for (const input of field.querySelectorAll("input,select,textarea")) {
    if (bad) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    const hint = field.querySelector(".hint")?.id;
    const told = [hint, bad ? slot.id : ""].filter(Boolean).join(" ");
    if (told && !field.matches("fieldset")) input.setAttribute("aria-describedby", told);
    else input.removeAttribute("aria-describedby");
  }
}

/** After each swap: what is new gets its language, its errors and its lines. */
function dress() {
  speak(chosen());
  panel.querySelectorAll(".says").forEach(bind);
  for (const place of panel.querySelectorAll("[data-told]")) place.textContent = told(place.textContent);
  for (const area of panel.querySelectorAll("textarea[data-lines]")) Lines.of(area);
  for (const area of panel.querySelectorAll("textarea[data-rows]")) Rows.of(area);
}

/** A check asks about what somebody has come to; the rest may stay empty for now. */
function touched(form) {
  return [...form.elements].filter((field) => field.dataset?.touched).map((field) => field.name).join(" ");
}

/** Put a template in a field, as if it were typed. @param {HTMLElement} button */
function fill(button) {
  const field = document.getElementById(button.dataset.fill);
  field.value = button.dataset.text;
  field.dispatchEvent(new Event("input", {bubbles: true}));
  field.focus();
}

panel.addEventListener("click", (event) => {
  const language = event.target.closest("[data-language]");
  if (language && language !== panel) {
    localStorage.setItem(KEY, language.dataset.language);
    speak(language.dataset.language);
  }
  const template = event.target.closest("[data-fill]");
  if (template) fill(template);
});
panel.addEventListener("input", (event) => {
  if (event.target.name) event.target.dataset.touched = "1";
});
panel.addEventListener("htmx:configRequest", (event) => {
  const {elt, parameters} = event.detail;
  const form = elt.closest("form");
  if (elt === form) count(form);
  if (!elt.matches("[data-check]")) return;
  parameters.touched = touched(form);
  parameters.slots = [...form.querySelectorAll(".says")].map((slot) => slot.id).join(" ");
  keepFresh(elt, form);
});
/* A check that was under way when the form was answered knows less than that answer. */
panel.addEventListener("htmx:beforeSwap", ({detail: {requestConfig}}) => {
  if (requestConfig?.elt.matches("form")) count(requestConfig.elt);
});
function count(form) {
  sends.set(form, (sends.get(form) ?? 0) + 1);
}
/** Drop the answer to a check whose form was sent, replaced or closed meanwhile: its places are gone. */
function keepFresh(elt, form) {
  const [sent, path] = [sends.get(form), elt.getAttribute("hx-post")];
  const drop = (event) => {
    const isFresh = elt.isConnected && sends.get(form) === sent && elt.getAttribute("hx-post") === path;
    if (!isFresh) event.detail.shouldSwap = false;
  };
  elt.addEventListener("htmx:beforeSwap", drop, {once: true});
}
panel.addEventListener("htmx:afterSwap", dress);
panel.addEventListener("htmx:afterSettle", (event) => {
  dress();
  const {requestConfig, target} = event.detail;
  if (target?.id === "bench" && requestConfig?.verb === "get") target.querySelector("[data-bench],.op")?.focus();
});
/* What a check answers is swapped out of band, beside fields that keep what was typed. */
panel.addEventListener("htmx:oobAfterSwap", ({target}) => {
  if (!target.matches(".says")) return;
  bind(target);
  const area = target.closest(".field")?.querySelector("textarea[data-lines]");
  if (area) Lines.of(area).mark(target.textContent);
});
new HeldPoll(panel);
dress();
