/**
 * The theme's colours for the track, read when they are first wanted and again after a change of theme.
 */

export class Colours {
  /** @param {HTMLElement} host where a probe may stand @param {()=>void} onChange */
  constructor(host, onChange) {
    this.probe = document.createElement("i");
    this.probe.hidden = true;
    host.append(this.probe);
    this.known = new Map();
    const renew = () => {
      this.known.clear();
      onChange();
    };
    new MutationObserver(renew).observe(document.documentElement, {attributeFilter: ["data-theme", "data-mode"]});
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", renew);
  }

  /** @param {string} name of a custom property, without its dashes @returns {string} */
  of(name) {
    if (!this.known.has(name)) {
      this.probe.style.color = `var(--${name})`;
      this.known.set(name, getComputedStyle(this.probe).color);
    }
    return this.known.get(name);
  }
}
