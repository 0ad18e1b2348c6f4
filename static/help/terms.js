/**
 * Cards on terms: `<dfn data-term="visibility-timeout" tabindex="0">` shows what the word means while the pointer or
 * the focus is on it, or after a tap. Escape closes. The texts come from the server, once each.
 */

const WAIT = 250;
const LINGER = 200;
const GAP = 6;
const EDGE = 8;
const card = document.getElementById("term-card");
/** @type {Map<string,Promise<string>>} */
const known = new Map();
let shown = null;
let timer = 0;

/** @param {string} slug @returns {Promise<string>} */
function meaning(slug) {
  const found = known.get(slug) ?? fetch(`${card.dataset.url}${encodeURIComponent(slug)}/`).then((answer) => {
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    return answer.text();
  });
  known.set(slug, found);
  return found;
}

/** @param {HTMLElement} word */
async function show(word) {
  clearTimeout(timer);
  if (shown === word) return;
  shown = word;
  try {
    const page = new DOMParser().parseFromString(await meaning(word.dataset.term), "text/html");
    if (shown !== word || !word.isConnected) return;
    card.replaceChildren(...page.body.childNodes);
    const host = word.closest("dialog[open]") ?? document.body;
    if (card.parentElement !== host) host.append(card);
    card.showPopover();
    place(word);
    word.setAttribute("aria-describedby", card.id);
  } catch {
    known.delete(word.dataset.term);
    hide();
  }
}

/** Below the word, or above it where there is no room. @param {HTMLElement} word */
function place(word) {
  const box = word.getBoundingClientRect();
  const {offsetWidth: width, offsetHeight: height} = card;
  const below = box.bottom + GAP + height < innerHeight - EDGE;
  const left = Math.max(EDGE, Math.min(box.left, innerWidth - width - EDGE));
  const top = below ? box.bottom + GAP : Math.max(EDGE, box.top - GAP - height);
  card.style.setProperty("left", `${left}px`);
  card.style.setProperty("top", `${top}px`);
}

function hide() {
  clearTimeout(timer);
  shown?.removeAttribute("aria-describedby");
  shown = null;
  if (card.matches(":popover-open")) card.hidePopover();
}

/** @param {EventTarget|null} target @returns {HTMLElement|null} */
function wordAt(target) {
  return target instanceof Element ? target.closest("[data-term]") : null;
}

function hideSoon() {
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    if (!card.matches(":hover,:focus-within") && document.activeElement !== shown) hide();
    else if (shown) hideSoon();
  }, LINGER);
}

if (card && "popover" in HTMLElement.prototype) {
  document.addEventListener("pointerover", (event) => {
    const word = wordAt(event.target);
    if (!word || event.pointerType === "touch") return;
    clearTimeout(timer);
    timer = window.setTimeout(() => show(word), WAIT);
  });
  document.addEventListener("pointerout", (event) => {
    if (wordAt(event.target) || card.contains(event.target)) hideSoon();
  });
  document.addEventListener("focusin", (event) => {
    const word = wordAt(event.target);
    if (word) show(word);
    else if (shown && !card.contains(event.target)) hide();
  });
  document.addEventListener("focusout", (event) => wordAt(event.target) && hideSoon());
  document.addEventListener("click", (event) => {
    const word = wordAt(event.target);
    if (word) show(word);
    else if (!card.contains(event.target)) hide();
  });
  /* Before the map and dialogs, which would let go of more than the card. */
  window.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !card.matches(":popover-open")) return;
    event.preventDefault();
    event.stopPropagation();
    hide();
  }, true);
  document.addEventListener("scroll", (event) => shown && !card.contains(event.target) && hide(), true);
}
