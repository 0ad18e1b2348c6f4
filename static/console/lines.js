/**
 * Line numbers beside a text area, with the line that is wrong marked. The numbers are decoration: the error
 * says its line in words.
 */

/** "Line 6: …", "Line 2, column 8: …", in any language; a statement's number is none. */
const LINE = /^(?!Statement)\D{1,20}?(\d+)[:,]/;
const known = new WeakMap();

export class Lines {
  /** @param {HTMLTextAreaElement} area */
  constructor(area) {
    this.area = area;
    this.bad = 0;
    this.gutter = document.createElement("div");
    this.gutter.className = "gutter num";
    this.gutter.setAttribute("aria-hidden", "true");
    area.before(this.gutter);
    area.addEventListener("input", () => this.draw());
    area.addEventListener("scroll", () => this.follow());
    this.mark(area.closest(".field")?.querySelector(".says")?.textContent ?? "");
  }

  /** The numbers of an area, made once. @param {HTMLTextAreaElement} area */
  static of(area) {
    const lines = known.get(area);
    if (lines?.gutter.isConnected) {
      lines.draw();
      return lines;
    }
    const made = new Lines(area);
    known.set(area, made);
    return made;
  }

  /** Mark the line that an error names, or none. @param {string} text */
  mark(text) {
    this.bad = lineIn(text);
    this.draw();
  }

  draw() {
    const count = this.area.value.split("\n").length;
    if (this.gutter.childElementCount !== count) {
      this.gutter.replaceChildren(...Array.from({length: count}, (_, at) => number(at + 1)));
    }
    [...this.gutter.children].forEach((each, at) => each.classList.toggle("bad", at + 1 === this.bad));
    this.follow();
  }

  follow() {
    this.gutter.scrollTop = this.area.scrollTop;
  }
}

/** @param {string} text @returns {number} the line that an error names, 0 for none */
export function lineIn(text) {
  return Number(LINE.exec(text.trim())?.[1] ?? 0);
}

function number(line) {
  const element = document.createElement("i");
  element.textContent = String(line);
  return element;
}
