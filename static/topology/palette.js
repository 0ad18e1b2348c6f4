/**
 * The theme's colours for the canvases, resolved by the browser from the custom properties.
 */

const NAMES = [
  "visible",
  "flight",
  "delayed",
  "dead",
  "people",
  "ink",
  "ink-2",
  "ink-3",
  "lane",
  "edge",
  "control",
  "node",
];

export class Palette {
  /** @param {HTMLElement} host where a probe may stand @param {()=>void} onChange */
  constructor(host, onChange) {
    this.probe = document.createElement("i");
    this.probe.hidden = true;
    host.append(this.probe);
    /** @type {Record<string,string>} */
    this.colours = {};
    this.read();
    const renew = () => {
      this.read();
      onChange();
    };
    new MutationObserver(renew).observe(document.documentElement, {attributeFilter: ["data-theme", "data-mode"]});
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", renew);
  }

  read() {
    for (const name of NAMES) {
      this.probe.style.color = `var(--${name})`;
      this.colours[name] = getComputedStyle(this.probe).color;
    }
  }
}
