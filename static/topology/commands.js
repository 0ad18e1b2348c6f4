/**
 * Sends changes of the map to the server. Each has an id, so that one that is sent again after a lost answer is
 * done once.
 *
 * @typedef {{ok:boolean,text:string,undo:import("./undo.js").Command|null,made?:string,code?:string}} Answer
 */
import {gettext} from "../shell/words.js";

const TRIES = 2;

export class Commands {
  /** @param {{url:string,token:()=>string,fetch?:typeof fetch}} options */
  constructor({url, token, fetch = (...asked) => window.fetch(...asked)}) {
    this.url = url;
    this.token = token;
    this.fetch = fetch;
  }

  /** @param {import("./undo.js").Command} command @returns {Promise<Answer>} never fails: what went wrong is in the answer */
  async send({op, args}) {
    // Pinning changes what people see of the world, not the world.
    if (op !== "pin" && globalThis.document?.body.hasAttribute("data-past")) return refusal(gettext("Not done: this is the past. Go back to live first."));
    const body = JSON.stringify({id: freshId(), op, args});
    for (let at = 1; at <= TRIES; at += 1) {
      try {
        const answer = await this.fetch(this.url, {
          method: "POST",
          headers: {"Content-Type": "application/json", "X-CSRFToken": this.token(), "HX-Request": "true"},
          body,
        });
        if (answer.headers.get("HX-Redirect")) location.assign(answer.headers.get("HX-Redirect"));
        if (answer.headers.get("Content-Type")?.startsWith("application/json")) return await answer.json();
        return refusal(gettext("Not done. The server answered %(status)s.", {status: answer.status}));
      } catch {
        // The link may be back at once; the id keeps it from being done twice.
      }
    }
    return refusal(gettext("Not done. The server does not answer; try again when the link is back."));
  }
}

function refusal(text) {
  return {ok: false, text, undo: null};
}

function freshId() {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
}
