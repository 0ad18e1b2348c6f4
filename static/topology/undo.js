/**
 * Undo and redo by inverse commands. What was done is known by the command that undoes it; carrying that out
 * answers with its own inverse, which is what redoes it. One at a time, in order.
 *
 * @typedef {{op:string,args:any}} Command
 * @typedef {{ok:boolean,text:string,undo:Command|null}} Answer
 * @typedef {{text:string,inverse:Command}} Entry
 */

const MOST = 100;

export class UndoStack {
  /** @param {(command:Command)=>Promise<Answer>} send */
  constructor(send) {
    this.send = send;
    /** @type {Entry[]} */
    this.done = [];
    /** @type {Entry[]} */
    this.undone = [];
    this.busy = false;
  }

  /** Note what was done; what had been undone before cannot be redone any more. @param {string} text @param {Command|null} inverse */
  note(text, inverse) {
    if (!inverse) return;
    this.done.push({text, inverse});
    if (this.done.length > MOST) this.done.shift();
    this.undone = [];
  }

  undo() {
    return this.move(this.done, this.undone);
  }

  redo() {
    return this.move(this.undone, this.done);
  }

  /** @returns {Promise<{entry:Entry,answer:Answer}|null>} null when there is nothing to do, or one is under way */
  async move(from, to) {
    if (this.busy || !from.length) return null;
    this.busy = true;
    const entry = from.at(-1);
    try {
      const answer = await this.send(entry.inverse);
      if (answer.ok) {
        from.splice(from.indexOf(entry), 1);
        if (answer.undo) to.push({text: entry.text, inverse: answer.undo});
      }
      return {entry, answer};
    } finally {
      this.busy = false;
    }
  }
}
