/**
 * The small chart and its styles, fetched when the first `<queue-chart>` is on the page.
 */
const panel = document.getElementById("panel");
const watch = new MutationObserver(() => open());

async function open() {
  if (!panel.querySelector("queue-chart")) return;
  watch.disconnect();
  const styles = [...document.getElementById("chart-styles").content.cloneNode(true).querySelectorAll("link")];
  const ready = styles.map((link) => new Promise((resolve) => Object.assign(link, {onload: resolve, onerror: resolve})));
  document.head.append(...styles);
  await Promise.all(ready);
  import("./small.js");
}

watch.observe(panel, {childList: true, subtree: true});
open();
