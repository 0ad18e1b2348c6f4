/**
 * A sandbox as a link: its scenario, packed into the address of the page for new sandboxes.
 */
import {LINK_CHARS, pack} from "./packing.js";

/**
 * @param {{scenarioUrl?:string,newUrl?:string}} urls
 * @returns {Promise<string|null>} null when the scenario is too long for a link
 */
export async function scenarioLink({scenarioUrl, newUrl}) {
  const answer = await fetch(scenarioUrl, {cache: "no-store"});
  if (!answer.ok) throw new Error(String(answer.status));
  const address = new URL(newUrl, location.href);
  address.hash = `s=${await pack(await answer.text())}`;
  return address.href.length > LINK_CHARS ? null : address.href;
}
