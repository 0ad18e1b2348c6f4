/**
 * Tabs of a panel: arrow keys, one tab stop, and the choice kept when the panel is fetched again, and in the address.
 */

export class Tabs {
  /** @param {HTMLElement} host inside which tab lists come and go */
  constructor(host) {
    this.host = host;
    this.chosen = new URLSearchParams(location.search).get("tab") ?? "";
    host.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]");
      if (tab) this.take(tab.dataset.tab);
      const opener = event.target.closest("[data-open-tab]");
      if (opener) this.open(opener.dataset.openTab, opener.dataset.openField);
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
    for (const page of this.host.querySelectorAll("[role=tabpanel]")) {
      page.hidden = page.dataset.page !== name;
      if (!page.hidden) page.querySelector("[hx-trigger=shown]:empty")?.dispatchEvent(new Event("shown"));
    }
  }

  /** Somebody chose a tab: the address says so, unless it is the first. @param {string} name */
  take(name) {
    this.choose(name);
    const url = new URL(location.href);
    if (name === this.tabs()[0]?.dataset.tab) url.searchParams.delete("tab");
    else url.searchParams.set("tab", name);
    if (url.href !== location.href) history.replaceState(null, "", url);
  }

  /** Choose a tab from elsewhere and go to a field, or to the first. @param {string} name @param {string} [id] */
  open(name, id) {
    this.take(name);
    const first = `[data-page="${name}"] :is(input:not([type=hidden]),textarea,select):not([data-aside] *)`;
    const field = this.host.querySelector(id ? `#${id}` : first);
    (field ?? this.tabs().find((tab) => tab.dataset.tab === name))?.focus();
  }

  walk(event) {
    const tabs = this.tabs();
    const at = tabs.indexOf(event.target);
    const to = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1}[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    this.take(tab.dataset.tab);
    tab.focus();
  }

  /** @returns {HTMLElement[]} */
  tabs() {
    return [...this.host.querySelectorAll("[role=tab]")];
  }
}
