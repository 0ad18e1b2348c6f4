/**
 * Tabs of a panel: arrow keys, one tab stop, and the choice kept when the panel is fetched again.
 */

export class Tabs {
  /** @param {HTMLElement} host inside which tab lists come and go */
  constructor(host) {
    this.host = host;
    this.chosen = "";
    host.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]");
      if (tab) this.choose(tab.dataset.tab);
      const opener = event.target.closest("[data-open-tab]");
      if (opener) this.open(opener.dataset.openTab);
    });
    host.addEventListener("keydown", (event) => this.walk(event));
  }

  /** Show the chosen tab of what was just put in, or the first. */
  restore() {
    const names = this.tabs().map((tab) => tab.dataset.tab);
    if (names.length) this.choose(names.includes(this.chosen) ? this.chosen : names[0]);
  }

  choose(name) {
    this.chosen = name;
    for (const tab of this.tabs()) {
      const on = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
    }
    for (const page of this.host.querySelectorAll("[role=tabpanel]")) page.hidden = page.dataset.page !== name;
  }

  /** Choose a tab from elsewhere and go to its first field. @param {string} name */
  open(name) {
    this.choose(name);
    this.host.querySelector(`[data-page="${name}"] :is(input:not([type=hidden]),textarea,select)`)?.focus();
  }

  walk(event) {
    const tabs = this.tabs();
    const at = tabs.indexOf(event.target);
    const to = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1}[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    this.choose(tab.dataset.tab);
    tab.focus();
  }

  /** @returns {HTMLElement[]} */
  tabs() {
    return [...this.host.querySelectorAll("[role=tab]")];
  }
}
