/**
 * The other end of the stream, in a worker so that it costs the page's thread nothing: says frames as text, twenty
 * a second, or as many at once as are asked for.
 */
import {BEAT, World} from "./world.js";

/** @type {World} */
let world;
let moves = 0;
let timer = 0;

const TAKE = {
  begin: ({size, moves: wanted}) => {
    world = new World(size);
    moves = wanted;
    for (let beat = 0; beat < 100; beat += 1) world.step(moves);
    say([world.snapshot()]);
    play();
  },
  // Exactly so many, and no others meanwhile.
  give: ({count}) => {
    clearInterval(timer);
    say(Array.from({length: count}, () => world.step(moves)));
  },
  play,
};

function play() {
  clearInterval(timer);
  timer = setInterval(() => say([world.step(moves)]), BEAT);
}

function say(frames) {
  postMessage(frames.map((frame) => JSON.stringify(frame)));
}

onmessage = ({data}) => TAKE[data.op](data);
