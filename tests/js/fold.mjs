/**
 * Fold frames with the browser's reducer: reads {"snapshot": frame, "frames": [frame, …]} as JSON on stdin,
 * writes the canonical state on stdout. Ends with status 2 and a sentence when a frame is missing in between.
 */
import {readFileSync} from "node:fs";
import {continuity, initial, reduce} from "../../static/topology/reduce.js";
import {canonical, write} from "./canonical.mjs";

const {snapshot, frames} = JSON.parse(readFileSync(0, "utf8"));
let state = reduce(initial(), snapshot);
for (const frame of frames) {
  if (frame.t === "b" && continuity(state, frame) === "gap") {
    process.stderr.write(`a frame is missing: have ${state.q}, next begins at ${frame.q0}\n`);
    process.exit(2);
  }
  state = reduce(state, frame);
}
process.stdout.write(`${write(canonical(state))}\n`);
