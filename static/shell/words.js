/**
 * Words in the reader's language. The texts in the calls are what `makemessages -d djangojs` collects: plain strings,
 * with `%(name)s` where a value comes in.
 */
import {messages, plural} from "./catalog.js";

/** @param {string} text @param {Record<string,unknown>} [values] @returns {string} */
export function gettext(text, values) {
  const found = messages[text] ?? text;
  return interpolate(typeof found === "string" ? found : found[0], values);
}

/**
 * @param {string} one @param {string} many with the number as `%(count)s` @param {number} count
 * @param {Record<string,unknown>} [values] the number as it is to be written, and others
 * @returns {string}
 */
export function ngettext(one, many, count, values) {
  const found = messages[one];
  const text = Array.isArray(found) ? found[plural(count)] : (found ?? (count === 1 ? one : many));
  return interpolate(text, {count, ...values});
}

/** Put values where their names stand. @param {string} text @param {Record<string,unknown>} [values] @returns {string} */
export function interpolate(text, values) {
  if (!values) return text;
  return text.replaceAll(/%\((\w+)\)s/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
