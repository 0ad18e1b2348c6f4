/**
 * The entries of a batch as rows of a form. The JSON stays what is sent and checked: rows are read from it and
 * written to it, and what rows do not show of an entry (its attributes) stays with it.
 */
import {make} from "../topology/dom.js";
import {gettext} from "../shell/words.js";

const MOST = 10;
const NUMBERS = new Set(["DelaySeconds"]);
const LONG = new Set(["MessageBody"]);
const known = new WeakMap();

export class Rows {
  /** @param {HTMLTextAreaElement} area */
  constructor(area) {
    this.area = area;
    this.columns = area.dataset.rows.split(" ");
    this.box = area.closest(".box-in");
    this.list = make("ol", {className: "batch-rows"});
    this.adder = make("button", {type: "button", className: "btn s", textContent: gettext("Add an entry"), onclick: () => this.add()});
    this.note = make("p", {className: "hint", "aria-live": "polite"});
    this.place = make("div", {className: "batch", "data-rows-of": area.id}, [this.list, this.adder, this.note]);
    this.ways = ["form", "json"].map((way) => this.way(way));
    const bar = make("div", {className: "seg", role: "group", "aria-label": gettext("Written as"), "data-rows-bar": area.id}, this.ways);
    this.box.before(bar, this.place);
    this.list.addEventListener("input", () => this.write());
    this.choose("form");
  }

  /** The rows of an area, made once and again where a swap took them away. @param {HTMLTextAreaElement} area */
  static of(area) {
    const found = known.get(area);
    if (found?.place.isConnected) {
      found.follow();
      return found;
    }
    const made = new Rows(area);
    if (found && !found.isForm) made.choose("json");
    known.set(area, made);
    return made;
  }

  way(way) {
    const words = way === "form" ? gettext("Form") : gettext("JSON");
    return make("button", {type: "button", textContent: words, "data-way": way, onclick: () => this.choose(way)});
  }

  /** @param {"form"|"json"} way the form needs a list that can be read */
  choose(way) {
    const entries = read(this.area.value);
    this.isForm = way === "form" && entries !== null;
    this.note.textContent = way === "form" && !entries ? gettext("The JSON is no list of entries yet, so it cannot be shown as a form.") : "";
    this.box.hidden = this.isForm;
    this.list.hidden = this.adder.hidden = !this.isForm;
    for (const button of this.ways) button.setAttribute("aria-pressed", String((button.dataset.way === "form") === this.isForm));
    if (this.isForm) this.draw(entries);
  }

  /** After a swap: what the server sent back is shown, unless it is what the rows say. */
  follow() {
    if (!this.isForm) return;
    const entries = read(this.area.value);
    if (entries && JSON.stringify(entries) !== JSON.stringify(this.entries)) this.draw(entries);
  }

  /** @param {Record<string,any>[]} entries */
  draw(entries) {
    this.entries = entries;
    this.list.replaceChildren(...entries.map((entry, at) => this.row(entry, at)));
    this.adder.disabled = entries.length >= MOST;
  }

  row(entry, at) {
    const fields = this.columns.map((name) => this.field(entry, name, at));
    const more = Object.keys(entry).filter((name) => !this.columns.includes(name));
    const remove = make("button", {
      type: "button", className: "btn bare s", textContent: gettext("Remove"),
      "aria-label": gettext("Remove entry %(number)s", {number: at + 1}), onclick: () => this.remove(at),
    });
    const rest = more.length ? [make("span", {className: "q sm", textContent: gettext("and %(names)s", {names: more.join(", ")})})] : [];
    return make("li", {}, [...fields, make("div", {className: "row"}, [remove, ...rest])]);
  }

  field(entry, name, at) {
    const id = `${this.area.id}-${at}-${name}`;
    const value = entry[name] ?? "";
    const shared = {id, value: typeof value === "object" ? JSON.stringify(value) : String(value), "data-column": name};
    const input = LONG.has(name)
      ? make("textarea", {...shared, rows: 1, className: "mono", spellcheck: false})
      : make("input", {...shared, type: NUMBERS.has(name) ? "number" : "text", min: "0", autocomplete: "off", spellcheck: false});
    const label = make("label", {htmlFor: id}, [make("span", {className: "mono sm", textContent: name})]);
    return make("div", {className: `cell ${LONG.has(name) ? "long" : ""}`}, [label, input]);
  }

  /** Take the rows into the JSON, as if it were typed. */
  write() {
    this.entries = [...this.list.children].map((row, at) => {
      const entry = {...this.entries[at]};
      for (const input of row.querySelectorAll("[data-column]")) {
        const {column} = input.dataset;
        if (input.value === "" && column !== "MessageBody") delete entry[column];
        else entry[column] = NUMBERS.has(column) ? Number(input.value) : input.value;
      }
      return entry;
    });
    this.send();
  }

  send() {
    this.area.value = JSON.stringify(this.entries, null, 2);
    this.area.dispatchEvent(new Event("input", {bubbles: true}));
  }

  add() {
    const taken = new Set(this.entries.map((entry) => entry.Id));
    let number = this.entries.length + 1;
    while (taken.has(String(number))) number += 1;
    const group = this.entries.at(-1)?.MessageGroupId;
    this.change([...this.entries, {Id: String(number), MessageBody: "", ...(group ? {MessageGroupId: group} : {})}]);
    this.list.lastElementChild.querySelector("textarea").focus();
  }

  remove(at) {
    this.change(this.entries.filter((_, each) => each !== at));
    (this.list.children[Math.min(at, this.entries.length - 1)]?.querySelector("button") ?? this.adder).focus();
  }

  change(entries) {
    this.draw(entries);
    this.send();
  }
}

/** @param {string} text @returns {Record<string,any>[]|null} null where it is no list of objects */
export function read(text) {
  try {
    const found = JSON.parse(text.trim() || "[]");
    const isList = Array.isArray(found) && found.every((each) => typeof each === "object" && each !== null && !Array.isArray(each));
    return isList ? found : null;
  } catch {
    return null;
  }
}
