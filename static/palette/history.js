/**
 * The lines that were run, oldest first, kept in this browser. Walking back and forth like a shell does.
 */

const KEEP = 100;
const LONGEST = 4_000;

export class History {
  /** @param {Pick<Storage,"getItem"|"setItem">} storage @param {string} key */
  constructor(storage, key) {
    this.storage = storage;
    this.key = key;
    this.lines = read(storage, key);
    this.at = this.lines.length;
  }

  /** @param {string} line */
  add(line) {
    this.lines = [...this.lines.filter((each) => each !== line), line].slice(-KEEP);
    this.at = this.lines.length;
    try {
      this.storage.setItem(this.key, JSON.stringify(this.lines.filter((each) => each.length <= LONGEST)));
    } catch {
      // A full or closed storage: the history lasts as long as the page.
    }
  }

  /** The line before (-1) or after (1) the one that was shown last; "" beyond the newest. */
  walk(step) {
    this.at = Math.min(this.lines.length, Math.max(0, this.at + step));
    return this.lines[this.at] ?? "";
  }

  /** Whether a line is the one that was walked to. @param {string} line */
  isAt(line) {
    return line === (this.lines[this.at] ?? "");
  }

  rest() {
    this.at = this.lines.length;
  }
}

function read(storage, key) {
  try {
    const found = JSON.parse(storage.getItem(key) ?? "[]");
    return Array.isArray(found) ? found.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
}
