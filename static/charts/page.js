/**
 * The page of the charts: three of them, their summary in words, and the same as a table.
 */
import {make} from "../topology/dom.js";
import {timeOfDay} from "../topology/text.js";
import {Chart} from "./chart.js";
import {Source} from "./source.js";
import {gettext} from "../shell/words.js";

const COLUMNS = ["visible", "flight", "delayed", "age", "sent", "received", "deleted", "moved"];
const host = document.getElementById("charts");
const hold = document.getElementById("charts-hold");
const twin = document.querySelector(".charts-twin");

if (host) start();

function start() {
  const charts = [...host.querySelectorAll("[data-chart]")].map(
    (place) => new Chart(place, place.dataset.chart, {height: place.dataset.chart === "age" ? 150 : 210}),
  );
  let latest = null;
  const source = new Source(host.dataset.url, (points) => {
    latest = points;
    for (const chart of charts) chart.show(points);
    const words = points.paused ? gettext("World paused. %(summary)s", {summary: points.summary}) : points.summary;
    const summary = document.getElementById("charts-summary");
    if (summary.textContent !== words) summary.textContent = words;
    if (twin.open) fill(points);
  });
  twin.addEventListener("toggle", () => twin.open && latest && fill(latest));
  hold.addEventListener("click", () => {
    source.hold(!source.held);
    hold.setAttribute("aria-pressed", String(source.held));
  });
  document.getElementById("charts-queue").addEventListener("change", (event) => {
    const url = new URL(location.href);
    url.searchParams.set("arn", event.target.value);
    location.assign(url);
  });
}

function fill(points) {
  const rows = points.t.map((at, i) =>
    make("tr", {}, [
      make("th", {scope: "row", textContent: timeOfDay(at * 1_000).slice(0, 8)}),
      ...COLUMNS.map((name) => make("td", {className: "r", textContent: points[name][i].toLocaleString("en")})),
    ]),
  );
  document.getElementById("charts-rows").replaceChildren(...rows.reverse());
}
