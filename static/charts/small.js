/**
 * `<queue-chart>`: the depth of a queue over the last 5 minutes, for its panel. The panel is swapped now and then;
 * what a swap takes out of the element is put back.
 */
import {Chart} from "./chart.js";
import {Source} from "./source.js";

const HEIGHT = 104;

class QueueChart extends HTMLElement {
  static observedAttributes = ["data-url"];

  connectedCallback() {
    this.place = document.createElement("div");
    this.place.className = "chart";
    this.words = document.createElement("p");
    this.words.className = "hush";
    this.keep = new MutationObserver(() => this.restore());
    this.restore();
    this.keep.observe(this, {childList: true});
    this.begin();
  }

  attributeChangedCallback(name, before, after) {
    if (before && before !== after && this.source) this.begin();
  }

  begin() {
    this.stop();
    this.chart = new Chart(this.place, "depth", {height: HEIGHT, small: true});
    this.source = new Source(this.dataset.url, (points) => {
      this.chart.show(points);
      if (this.words.textContent !== points.summary) this.words.textContent = points.summary;
    });
  }

  restore() {
    if (!this.place.isConnected || this.place.parentNode !== this) this.replaceChildren(this.place, this.words);
  }

  stop() {
    this.source?.end();
    this.chart?.end();
  }

  disconnectedCallback() {
    this.keep.disconnect();
    this.stop();
  }
}

customElements.define("queue-chart", QueueChart);
