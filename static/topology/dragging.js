/**
 * The pointer on nodes: from a port a line is drawn, elsewhere a node is moved; with Shift on the ground several
 * nodes are picked. Touch pans and zooms; on it a line is drawn by choosing its two ends.
 */
import {withHanging} from "./pinned.js";

const SLACK = 4;

/**
 * @param {HTMLElement} ground
 * @param {{session:import("./session.js").Session,picks:import("./picks.js").Picks,
 *   connector:import("./connector.js").Connector,locked:()=>boolean,moved:(places:Record<string,[number,number]>)=>void}} page
 */
export function listenToNodes(ground, page) {
  const {session, picks, connector} = page;
  /** @type {any} */
  let act = null;
  let quiet = false;
  const local = (event) => {
    const box = ground.getBoundingClientRect();
    return {x: event.clientX - box.left, y: event.clientY - box.top};
  };
  const nodeAt = (event) => {
    const root = document.elementFromPoint(event.clientX, event.clientY)?.closest?.("#scene .node");
    return root ? Number(root.dataset.node) : null;
  };

  ground.addEventListener("pointerdown", (event) => {
    quiet = false;
    if (event.button !== 0 || event.pointerType === "touch" || page.locked() || act) return;
    const root = event.target.closest?.("#scene .node");
    const start = local(event);
    if (root && event.target.closest(".port")) act = line(Number(root.dataset.node));
    else if (root && !event.shiftKey && !connector.on) act = move(Number(root.dataset.node));
    else if (!root && event.shiftKey) act = marquee(start);
    if (act) Object.assign(act, {start, id: event.pointerId, going: false});
  });
  ground.addEventListener("pointermove", (event) => {
    if (connector.on && !act) connector.aim(nodeAt(event), world(local(event)));
    if (!act || event.pointerId !== act.id) return;
    const now = local(event);
    if (!act.going && Math.hypot(now.x - act.start.x, now.y - act.start.y) <= SLACK) return;
    if (!act.going) {
      act.going = true;
      ground.setPointerCapture(event.pointerId);
      act.begin?.();
    }
    act.go(now, event);
  });
  const end = (event) => {
    if (!act || event.pointerId !== act.id) return;
    const done = act;
    act = null;
    if (!done.going) return;
    quiet = true;
    done.end(local(event), event);
  };
  ground.addEventListener("pointerup", end);
  ground.addEventListener("pointercancel", end);
  // The click that follows a drag chooses nothing; in the middle of connecting it chooses the other end.
  ground.addEventListener(
    "click",
    (event) => {
      if (quiet || event.target.closest?.(".port")) event.stopPropagation();
      else if (connector.on) {
        event.stopPropagation();
        connector.finish(nodeAt(event));
      }
      quiet = false;
    },
    true,
  );

  function world({x, y}) {
    const {view} = session.stage;
    return {x: (x - view.x) / view.k, y: (y - view.y) / view.k};
  }

  function line(from) {
    return {
      begin: () => connector.begin(from),
      go: (now, event) => connector.on && connector.aim(nodeAt(event), world(now)),
      end: (now, event) => connector.on && connector.finish(nodeAt(event)),
    };
  }

  function move(i) {
    const {stage} = session;
    let from = new Map();
    let own = [];
    const places = (start, now) => {
      const [dx, dy] = [(now.x - start.x) / stage.view.k, (now.y - start.y) / stage.view.k];
      return new Map([...from].map(([node, {x, y}]) => [node, {x: x + dx, y: y + dy}]));
    };
    return {
      begin: () => {
        own = picks.has(i) ? picks.targets() : [i];
        const all = withHanging(stage.plan, own);
        from = new Map([...all].map((node) => [node, {...stage.scene.boxes.get(node)}]));
        ground.classList.add("grabbed");
      },
      go(now) {
        stage.shift(places(this.start, now));
      },
      end(now) {
        ground.classList.remove("grabbed");
        const put = places(this.start, now);
        page.moved(Object.fromEntries(own.map((node) => [session.shown.nodes.get(node)?.id, whole(put.get(node))])));
      },
    };
  }

  function marquee(start) {
    return {go: (now) => picks.stretch(start, now), end: (now) => picks.catch(start, now)};
  }
}

function whole({x, y}) {
  return [Math.round(x), Math.round(y)];
}
