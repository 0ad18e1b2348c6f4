import assert from "node:assert/strict";
import {test} from "node:test";
import {History} from "../../static/palette/history.js";
import {best, complete, isAws, score} from "../../static/palette/match.js";

const COMMANDS = [
  {line: "aws sqs receive-message", options: [
    {name: "--queue-url", kind: "string", required: true},
    {name: "--max-number-of-messages", kind: "integer", required: false},
  ]},
  {line: "aws sqs list-queues", options: []},
];

function storage(start = {}) {
  const kept = {...start};
  return {kept, getItem: (key) => kept[key] ?? null, setItem: (key, value) => (kept[key] = value)};
}

test("letters fit in their order, whole words first", () => {
  const titles = ["Fit the map", "Create a queue", "Select orders", "Open requests"].map((title) => ({title}));
  assert.equal(best("cq", titles)[0].title, "Create a queue");
  assert.equal(best("orders", titles)[0].title, "Select orders");
  assert.equal(best("", titles).length, 4);
  assert.deepEqual(best("zzz", titles), []);
  assert.equal(score("map", "Fit the map") < score("mp", "Fit the map"), true);
});

test("only a line that begins with aws is for AWS", () => {
  assert.deepEqual(["aws", " aws sqs", "awsome", "law aws"].map(isAws), [true, true, false, false]);
});

test("completion goes from operation to options to queue names", () => {
  assert.deepEqual(complete("aws sqs rec", COMMANDS, []).map((offer) => offer.line), ["aws sqs receive-message "]);
  const line = "aws sqs receive-message ";
  assert.deepEqual(complete(line, COMMANDS, []).map((offer) => offer.title), ["--queue-url", "--max-number-of-messages"]);
  assert.deepEqual(complete(`${line}--queue-url or`, COMMANDS, ["orders", "mail"]).map((offer) => offer.line), [
    `${line}--queue-url orders `,
  ]);
  assert.deepEqual(complete(`${line}--queue-url orders --`, COMMANDS, []).map((offer) => offer.title), [
    "--max-number-of-messages",
  ]);
  assert.deepEqual(complete(`${line}--queue-url orders wo`, COMMANDS, []), []);
});

test("history walks like a shell's, is kept, and survives a broken storage", () => {
  const place = storage();
  const history = new History(place, "h");
  for (const line of ["a", "b", "a"]) history.add(line);
  assert.equal(place.kept.h, '["b","a"]');
  assert.deepEqual([history.walk(-1), history.walk(-1), history.walk(-1), history.walk(1), history.walk(1)], [
    "a", "b", "b", "a", "",
  ]);
  history.add("x".repeat(5_000));
  assert.equal(place.kept.h, '["b","a"]');
  assert.deepEqual(new History(storage({h: "{"}), "h").lines, []);
  assert.deepEqual(new History(storage({h: '[1,"b"]'}), "h").lines, ["b"]);
});
