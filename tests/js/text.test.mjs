import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {test} from "node:test";
import {spokenName} from "../../static/topology/cards.js";
import {isQueue, lookOf} from "../../static/topology/kinds.js";
import {age, brief, clip, count, rate, span, timeOfDay, visible} from "../../static/topology/text.js";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("numbers: exact to four digits on the map, exact always in lists", () => {
  assert.deepEqual([0, 999, 9_999, 10_000, 123_456, 999_499, 1_000_000].map(brief), [
    "0",
    "999",
    "9,999",
    "10.0k",
    "123k",
    "999k",
    "1.0M",
  ]);
  assert.equal(count(1_234_567), "1,234,567");
});

test("rates and times carry their unit and a space", () => {
  assert.deepEqual([0, 0.04, 0.4, 3, 9.94, 42.4, 1200].map(rate), ["", "", "0.4/s", "3/s", "9.9/s", "42/s", "1,200/s"]);
  assert.deepEqual([-5, 3_640, 41_000, 119_000, 720_000, 43_200_000, 345_600_000].map(span), [
    "0.0 s",
    "3.6 s",
    "41 s",
    "119 s",
    "12 min",
    "12 h",
    "4 d",
  ]);
  assert.equal(age(3_640), "3 s");
  assert.equal(timeOfDay(Date.UTC(2026, 0, 15, 14, 3, 21, 432)), "14:03:21.4");
});

test("what would act or hide is shown: controls as pictures, direction marks by name", () => {
  assert.equal(visible("a\u0000b\u001b[31mc\u007f\r\n\t"), "a␀b␛[31mc␡␍␊␉");
  assert.equal(visible("\u202eexe.gpj\u2069"), "‹RLO›exe.gpj‹PDI›");
  assert.equal(visible("one\n\ttwo\r", {lines: true}), "one\n\ttwo␍");
  assert.equal(visible("\u0085"), "‹U+0085›");
  assert.equal(visible("<script>مرحبا 🚂</script>"), "<script>مرحبا 🚂</script>");
});

test("a name that is too long keeps its start and whole characters", () => {
  const measure = (text) => [...text].length * 10;
  assert.equal(clip("short", 60, measure), "short");
  assert.equal(clip("🚂🚂🚂🚂🚂", 40, measure), "🚂🚂🚂…");
  assert.equal(clip("anything", 5, measure), "…");
});

test("the accessible name begins with the visible one and says numbers with their words", () => {
  const node = {i: 1, id: "arn", kind: "queue", label: "billing", column: "queues", cfg: {}};
  const poll = {until: 0, count: 1};
  assert.equal(
    spokenName({node, counters: [14, 6, 2, 0], now: 0, poll}, 2),
    "billing, 14 visible, 6 in flight, 2 delayed, standard queue, 2 links",
  );
  const actor = {...node, kind: "consumer", label: "pay\u202eer", cfg: {meta: "6 of 8 busy"}};
  assert.equal(
    spokenName({node: actor, counters: [0, 0, 0, 0], now: 0, poll}, 1),
    "pay‹RLO›er, 6 of 8 busy, consumer, 1 link",
  );
  const client = {...node, kind: "client", label: "boto3 · python", cfg: {meta: "receives"}};
  const waits = {node: client, counters: [0, 0, 0, 0], now: 1, poll: {until: 9, count: 3}};
  assert.equal(spokenName(waits, 1), "boto3 · python, receives, waits in 3 long polls, client, 1 link");
});

test("kinds: dead-letter queues look so, and an unknown kind is still drawn", () => {
  const node = {i: 1, id: "x", label: "x", column: "queues", cfg: {dlq: true}};
  assert.deepEqual([lookOf({...node, kind: "fifo"}).glyph, isQueue({...node, kind: "fifo"})], ["dlq", true]);
  assert.deepEqual(
    [lookOf({...node, kind: "hologram", cfg: {}}).word, isQueue({...node, kind: "hologram"})],
    ["hologram", false],
  );
});

test("the import map names every module, and every glyph that a page uses exists", () => {
  const map = read("templates/partials/importmap.html");
  for (const folder of ["topology", "shell"]) {
    for (const name of readdirSync(new URL(`../../static/${folder}/`, import.meta.url))) {
      if (name.endsWith(".js") && name !== "theme.js")
        assert.ok(map.includes(`'${folder}/${name}'`), `${folder}/${name}`);
    }
  }
  const listed = [...map.matchAll(/\{% static '([^']+)' %\}/g)].map((match) => match[1]);
  for (const path of listed) assert.ok(read(`static/${path}`).length > 0);
  const sprite = read("static/icons/glyphs.svg");
  const pages = readdirSync(new URL("../../templates/", import.meta.url), {recursive: true}).filter((name) =>
    name.endsWith(".html"),
  );
  const used = new Set(
    pages.flatMap((page) => [...read(`templates/${page}`).matchAll(/icon\.html" with name="(\w+)"/g)].map((m) => m[1])),
  );
  for (const name of used) assert.ok(sprite.includes(`id="${name}"`), name);
});
