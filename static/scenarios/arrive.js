/**
 * The page for a new sandbox: a scenario in the address (`#s=…`) is shown first and made only when somebody says so.
 */
import {unpack} from "./packing.js";

const place = (id) => document.getElementById(id);

async function arrive() {
  place("arrival").hidden = true;
  place("arrival-problem").hidden = true;
  const packed = new URLSearchParams(location.hash.slice(1)).get("s");
  if (!packed) return;
  try {
    show(await unpack(packed));
  } catch (error) {
    const problem = place("arrival-problem");
    problem.textContent = error instanceof RangeError ? problem.dataset.large : problem.dataset.broken;
    problem.hidden = false;
  }
}

/** Say what is in a document; whether it can be built is for the server to say. @param {string} text */
function show(text) {
  const scenario = JSON.parse(text);
  if (typeof scenario !== "object" || scenario === null) throw new TypeError("no document");
  const listed = (part) => (Array.isArray(scenario[part]) ? scenario[part].length : 0);
  const said = (words) => words.replace(/\{(\w+)\}/g, (_, part) => String(listed(part)));
  const parts = place("arrival-parts");
  place("arrival-name").textContent = String(scenario.name ?? "");
  const hasMore = ["topics", "buses", "schedules", "functions", "pipes", "alarms"].some(listed);
  parts.textContent = [parts.dataset.words, ...(hasMore ? [parts.dataset.more] : [])].map(said).join(" · ");
  place("arrival-text").textContent = text;
  place("arrival-document").value = text;
  place("arrival").hidden = false;
  place("arrival").querySelector("button").focus();
}

window.addEventListener("hashchange", arrive);
arrive();
