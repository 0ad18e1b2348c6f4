/**
 * Pan and zoom by pointer, wheel and touch. One finger or a drag on the ground pans, two fingers or Ctrl +
 * wheel zoom, the bare wheel pans.
 */
import {zoomAt} from "./view.js";

const WHEEL_STEP = 0.0022;
const LINE = 16;
const CLICK_SLACK = 4;

/**
 * @param {HTMLElement} ground the element that takes the gestures
 * @param {{get:()=>import("./view.js").Transform,set:(view:import("./view.js").Transform)=>void,onGround:()=>void}} host
 *   onGround: a click beside every node
 */
export function listen(ground, host) {
  const pointers = new Map();
  let travelled = 0;
  const local = (event) => {
    const box = ground.getBoundingClientRect();
    return {x: event.clientX - box.left, y: event.clientY - box.top};
  };

  ground.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const unit = event.deltaMode === 1 ? LINE : 1;
      const view = host.get();
      if (event.ctrlKey || event.metaKey)
        host.set(zoomAt(view, local(event), Math.exp(-event.deltaY * unit * WHEEL_STEP * 3)));
      else host.set({...view, x: view.x - event.deltaX * unit, y: view.y - event.deltaY * unit});
    },
    {passive: false},
  );

  ground.addEventListener("pointerdown", (event) => {
    // Shift on the ground draws a marquee.
    if (event.button > 1 || (event.shiftKey && event.button === 0)) return;
    if (event.target.closest?.(".node") && event.button === 0 && event.pointerType === "mouse") return;
    if (event.button === 1) event.preventDefault();
    pointers.set(event.pointerId, local(event));
    travelled = pointers.size === 1 ? 0 : travelled;
  });
  ground.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = local(event);
    travelled += Math.hypot(now.x - before.x, now.y - before.y);
    if (travelled > CLICK_SLACK) capture(event.pointerId);
    if (pointers.size === 2) pinch(event.pointerId, before, now);
    else pan(before, now);
    pointers.set(event.pointerId, now);
  });
  const release = (event) => {
    if (!pointers.delete(event.pointerId)) return;
    ground.classList.remove("grabbed");
    if (event.type === "pointerup" && travelled <= CLICK_SLACK && !event.target.closest?.(".node")) host.onGround();
  };
  ground.addEventListener("pointerup", release);
  ground.addEventListener("pointercancel", release);

  function capture(id) {
    if (!ground.hasPointerCapture(id)) ground.setPointerCapture(id);
    ground.classList.add("grabbed");
  }

  function pan(before, now) {
    if (travelled <= CLICK_SLACK) return;
    const view = host.get();
    host.set({...view, x: view.x + now.x - before.x, y: view.y + now.y - before.y});
  }

  function pinch(id, before, now) {
    const other = [...pointers].find(([key]) => key !== id)[1];
    const factor = gap(now, other) / (gap(before, other) || 1);
    const middle = {x: (now.x + other.x) / 2, y: (now.y + other.y) / 2};
    const view = zoomAt(host.get(), middle, factor);
    host.set({...view, x: view.x + (now.x - before.x) / 2, y: view.y + (now.y - before.y) / 2});
  }
}

function gap(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
