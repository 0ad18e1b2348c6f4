/**
 * The secret of a snippet: a mask in the page, fetched when somebody asks to see or to copy it, and kept
 * nowhere but in the text on screen.
 */

const MASK = "••••••••";

/** @param {HTMLElement} snippet @returns {Promise<string>} what the server tells whoever may see the sandbox */
async function ask(snippet) {
  const {"X-CSRFToken": token} = JSON.parse(document.body.getAttribute("hx-headers"));
  const answer = await fetch(snippet.dataset.secretUrl, {
    method: "POST", cache: "no-store", headers: {"X-CSRFToken": token, "HX-Request": "true"},
  });
  const elsewhere = answer.headers.get("HX-Redirect");
  if (elsewhere) location.assign(elsewhere);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

/** The whole text of a snippet, with its secret, which stays masked on screen. @param {HTMLElement} snippet */
export async function textOf(snippet) {
  const text = snippet.querySelector("pre").cloneNode(true);
  const masked = text.querySelector(".mask");
  if (masked) masked.textContent = await ask(snippet);
  return text.textContent;
}

/** Show the secret of the snippet that a button stands in, or mask it again. @param {HTMLElement} button */
export async function reveal(button) {
  const snippet = button.closest(".snippet");
  if (button.getAttribute("aria-pressed") === "true") {
    mask(snippet);
    return;
  }
  button.disabled = true;
  try {
    const secret = await ask(snippet);
    const place = snippet.querySelector("[data-secret]");
    place.textContent = secret;
    place.classList.remove("mask");
    button.setAttribute("aria-pressed", "true");
  } finally {
    button.disabled = false;
    button.focus();
  }
}

/** Mask every secret inside an element, as when its dialog closes. @param {HTMLElement} element */
export function maskAll(element) {
  for (const button of element.querySelectorAll("[data-reveals][aria-pressed=true]")) mask(button.closest(".snippet"));
}

function mask(snippet) {
  const place = snippet.querySelector("[data-secret]");
  place.textContent = MASK;
  place.classList.add("mask");
  snippet.querySelector("[data-reveals]").setAttribute("aria-pressed", "false");
}
