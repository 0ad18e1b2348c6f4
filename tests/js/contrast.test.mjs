import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {test} from "node:test";

const css = readFileSync(new URL("../../static/css/tokens.css", import.meta.url), "utf8");
const THEMES = ["light", "dark"];
const TOKENS = Object.fromEntries(
  [...css.matchAll(/--([a-z0-9-]+):light-dark\((#[0-9a-f]{6}),(#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [
    name,
    {light, dark},
  ]),
);

const GROUNDS = ["bg", "surface", "raised", "node"];
const TEXTS = ["ink", "ink-2", "ink-3", "go", "people", "visible", "flight", "delayed", "dead"];
const SOFT = ["go", "people", "visible", "flight", "delayed", "dead"];

function luminance(hex) {
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(one, other, theme) {
  const [high, low] = [one, other].map((name) => luminance(TOKENS[name][theme])).sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function holds(pairs, least) {
  for (const theme of THEMES) {
    for (const [one, other] of pairs) {
      const value = ratio(one, other, theme);
      assert.ok(value >= least, `${one} on ${other}, ${theme}: ${value.toFixed(2)} is under ${least}`);
    }
  }
}

const pairs = (ones, others) => ones.flatMap((one) => others.map((other) => [one, other]));

test("the measure is right: black on white is 21", () => {
  assert.ok(Math.abs((luminance("#ffffff") + 0.05) / (luminance("#000000") + 0.05) - 21) < 1e-9);
});

test("every token that is measured exists in both themes", () => {
  for (const name of [...GROUNDS, ...TEXTS, "sunken", "lane", "hover", "edge", "control", "on-go", "on-people"]) {
    assert.ok(TOKENS[name], name);
  }
});

test("text is 4.5:1 on every ground", () => holds(pairs(TEXTS, GROUNDS), 4.5));

test("text in wells, lanes and hovered rows is 4.5:1", () => {
  holds(pairs(["ink", "ink-2", "ink-3", "go"], ["sunken", "lane", "hover"]), 4.5);
  holds(pairs(["flight", "dead"], ["hover"]), 4.5);
});

test("badges carry text of their own hue, and ink, at 4.5:1", () => {
  holds(
    SOFT.flatMap((hue) => [
      [hue, `${hue}-soft`],
      ["ink", `${hue}-soft`],
    ]),
    4.5,
  );
});

test("text on filled buttons is 4.5:1", () =>
  holds(
    [
      ["on-go", "go"],
      ["on-people", "people"],
      ["bg", "ink"],
    ],
    4.5,
  ));

test("glyphs, message shapes, lines and operable outlines are 3:1", () => {
  holds(pairs(["visible", "flight", "delayed", "dead", "people", "control"], [...GROUNDS, "lane"]), 3);
  holds(pairs(["edge"], ["bg", "surface"]), 3);
});

test("code is 4.5:1", () => holds(pairs(["ink", "code-str", "code-key", "code-num", "code-com"], ["code-bg"]), 4.5));
