// The map of the archive: a canvas of points. What a point is called comes when somebody asks.
const canvas = document.querySelector("#map");
const paint = canvas.getContext("2d");
const told = document.querySelector("#told");
const root = new URL(canvas.dataset.root, document.baseURI);
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const SIDE = 65535;
const CELLS = 128;
const NEAR = 16;
const MOST = 400;

const file = async (name, read) => {
  const answer = await fetch(new URL(`map/${name}`, root));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer[read]();
};

let points = 0;
let across = new Uint16Array();
let down = new Uint16Array();
let about = { fresh: 0, chunk: 256, regions: [] };
let buckets = [];
let width = 0;
let height = 0;
let view = { x: 0.5, y: 0.5, zoom: 1 };
let chosen = -1;
let aimed = false;
let colours = {};
let due = 0;
const chunks = new Map();
const names = new Map();

// The map fills its frame: only nearness means something, so that it may be wider or higher than it was laid out.
const fitted = (side, other) => Math.min(side, other * 1.7) * 0.94 * view.zoom;
const wide = () => fitted(width, height);
const high = () => fitted(height, width);
const toX = (u) => (u - view.x) * wide() + width / 2;
const toY = (v) => (v - view.y) * high() + height / 2;
const fromX = (x) => (x - width / 2) / wide() + view.x;
const fromY = (y) => (y - height / 2) / high() + view.y;
const soon = () => { due ||= requestAnimationFrame(draw); };

// A title is fetched with its neighbours in time, once.
function named(point) {
  const chunk = Math.floor(point / about.chunk);
  if (!chunks.has(chunk)) {
    const coming = file(`titles/${chunk}.json`, "json").then((lines) => {
      lines.forEach((line, place) => names.set(chunk * about.chunk + place, line));
      soon();
    });
    coming.catch(() => chunks.delete(chunk));
    chunks.set(chunk, coming);
  }
  return chunks.get(chunk).then(() => names.get(point));
}

const address = (line) => new URL(`paper/${line[1]}/`, root).href;

function look() {
  const style = getComputedStyle(canvas);
  for (const name of ["ink", "soft", "sheet", "accent", "rule"]) colours[name] = style.getPropertyValue(`--${name}`);
  colours.font = style.fontFamily;
  soon();
}

function draw() {
  due = 0;
  const dots = devicePixelRatio || 1;
  paint.setTransform(dots, 0, 0, dots, 0, 0);
  paint.clearRect(0, 0, width, height);
  const size = Math.max(1.4, Math.min(5, 1.5 * Math.sqrt(view.zoom) * Math.sqrt(6000 / Math.max(points, 6000)) + 0.4));
  const [right, under] = [wide() / SIDE, high() / SIDE];
  const [left, top] = [toX(0) - size / 2, toY(0) - size / 2];
  paint.globalAlpha = Math.min(1, 0.45 + 0.12 * Math.log2(view.zoom + 1));
  paint.fillStyle = colours.ink;
  for (let i = 0; i < points; i++) {
    if (i === points - about.fresh) {
      paint.fillStyle = colours.accent;
      paint.globalAlpha = 1;
    }
    const x = across[i] * right + left;
    const y = down[i] * under + top;
    if (x > -9 && y > -9 && x < width && y < height) paint.fillRect(x, y, size, size);
  }
  paint.globalAlpha = 1;
  write();
  if (aimed) {
    paint.strokeStyle = colours.soft;
    paint.strokeRect(width / 2 - NEAR, height / 2 - NEAR, 2 * NEAR, 2 * NEAR);
  }
  if (chosen >= 0) mark();
}

// Names of topics, the most telling first; one that would cover another waits for a closer look.
function write() {
  const taken = [];
  paint.textAlign = "center";
  paint.textBaseline = "middle";
  paint.lineJoin = "round";
  paint.strokeStyle = colours.sheet;
  paint.fillStyle = colours.ink;
  for (const region of about.regions.slice(0, MOST)) {
    const x = toX(region.x / SIDE);
    const y = toY(region.y / SIDE);
    if (x < 0 || y < 0 || x > width || y > height) continue;
    const letter = 12 + Math.min(5, Math.log2(1 + region.count / 10));
    paint.font = `600 ${letter}px ${colours.font}`;
    const half = paint.measureText(region.title).width / 2 + 5;
    const middle = Math.min(Math.max(x, half), width - half);
    if (half * 2 > width || taken.some(([a, b, c]) => Math.abs(a - middle) < half + c && Math.abs(b - y) < letter * 1.5)) continue;
    taken.push([middle, y, half]);
    paint.lineWidth = 4;
    paint.strokeText(region.title, middle, y);
    paint.fillText(region.title, middle, y);
  }
  paint.lineWidth = 1;
}

function mark() {
  const x = toX(across[chosen] / SIDE);
  const y = toY(down[chosen] / SIDE);
  paint.strokeStyle = colours.accent;
  paint.lineWidth = 2;
  paint.beginPath();
  paint.arc(x, y, 7, 0, 7);
  paint.stroke();
  paint.lineWidth = 1;
  const line = names.get(chosen);
  if (!line) return;
  paint.font = `600 14px ${colours.font}`;
  const rows = wrapped(line[0], Math.min(320, width - 32));
  const broad = Math.max(...rows.map((row) => paint.measureText(row).width)) + 20;
  const tall = rows.length * 19 + 12;
  const left = Math.max(4, Math.min(x - broad / 2, width - broad - 4));
  const top = y + 14 + tall < height ? y + 14 : y - 14 - tall;
  paint.fillStyle = colours.ink;
  paint.fillRect(left, top, broad, tall);
  paint.fillStyle = colours.sheet;
  paint.textAlign = "left";
  rows.forEach((row, place) => paint.fillText(row, left + 10, top + 16 + place * 19));
}

function wrapped(text, most) {
  const rows = [""];
  for (const word of text.split(" ")) {
    const longer = rows.at(-1) ? `${rows.at(-1)} ${word}` : word;
    if (paint.measureText(longer).width > most && rows.at(-1)) rows.push(word);
    else rows[rows.length - 1] = longer;
  }
  return rows.length > 4 ? [...rows.slice(0, 3), `${rows[3]} …`] : rows;
}

// Points by their place in a coarse grid, so that the nearest is found at once.
function sort() {
  buckets = Array.from({ length: CELLS * CELLS }, () => []);
  for (let i = 0; i < points; i++) buckets[(down[i] >> 9) * CELLS + (across[i] >> 9)].push(i);
}

function nearest(x, y, reach) {
  const cell = (part) => Math.max(0, Math.min(CELLS - 1, Math.floor(part * CELLS)));
  let best = reach * reach;
  let found = -1;
  for (let row = cell(fromY(y - reach)); row <= cell(fromY(y + reach)); row++) {
    for (let column = cell(fromX(x - reach)); column <= cell(fromX(x + reach)); column++) {
      for (const i of buckets[row * CELLS + column]) {
        const distance = (toX(across[i] / SIDE) - x) ** 2 + (toY(down[i] / SIDE) - y) ** 2;
        if (distance <= best) [best, found] = [distance, i];
      }
    }
  }
  return found;
}

function choose(point, aloud) {
  if (point === chosen) return;
  chosen = point;
  canvas.classList.toggle("over", point >= 0);
  soon();
  if (point < 0) return;
  named(point).then((line) => {
    if (!line || point !== chosen || !aloud) return;
    const link = document.createElement("a");
    link.href = address(line);
    link.textContent = line[0];
    told.replaceChildren(link, line[2] ? ` (${line[2]})` : "");
  }, () => told.replaceChildren(told.dataset.failed));
}

async function open() {
  const line = chosen >= 0 && (await named(chosen).catch(() => undefined));
  if (line) location.href = address(line);
}

function go(x, y, zoom) {
  view.zoom = Math.max(0.8, Math.min(200, zoom));
  view.x = Math.max(0, Math.min(1, x));
  view.y = Math.max(0, Math.min(1, y));
  soon();
}

// Zoom by a factor around a place on the screen, which stays where it is.
function closer(factor, x = width / 2, y = height / 2) {
  const [u, v] = [fromX(x), fromY(y)];
  const before = view.zoom;
  go(view.x, view.y, view.zoom * factor);
  const rate = before / view.zoom;
  go(u + (view.x - u) * rate, v + (view.y - v) * rate, view.zoom);
}

function fly(x, y, zoom) {
  const from = { ...view };
  const start = performance.now();
  const step = (now) => {
    const part = calm.matches ? 1 : Math.min(1, (now - start) / 350);
    const eased = part * (2 - part);
    go(from.x + (x - from.x) * eased, from.y + (y - from.y) * eased, from.zoom * (zoom / from.zoom) ** eased);
    if (part < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

function aim() {
  aimed = true;
  choose(nearest(width / 2, height / 2, Math.min(width, height) / 2), true);
  soon();
}

const pointers = new Map();
let moved = 0;
let wasChosen = -1;

canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
  moved = pointers.size > 1 ? 99 : 0;
  wasChosen = chosen;
  aimed = false;
});
canvas.addEventListener("pointermove", (event) => {
  const before = pointers.get(event.pointerId);
  const here = [event.offsetX, event.offsetY];
  if (!before) return choose(nearest(...here, NEAR), true);
  const [dx, dy] = [here[0] - before[0], here[1] - before[1]];
  moved += Math.abs(dx) + Math.abs(dy);
  const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
  pointers.set(event.pointerId, here);
  if (other) {
    const gap = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]) || 1;
    closer(gap(here) / gap(before), (here[0] + other[0]) / 2, (here[1] + other[1]) / 2);
    go(view.x - dx / wide() / 2, view.y - dy / high() / 2, view.zoom);
  } else if (moved > 4) {
    go(view.x - dx / wide(), view.y - dy / high(), view.zoom);
  }
});
canvas.addEventListener("pointerup", (event) => {
  if (!pointers.delete(event.pointerId) || moved > 4) return;
  choose(nearest(event.offsetX, event.offsetY, NEAR * (event.pointerType === "mouse" ? 1 : 1.5)), true);
  // A finger cannot hover: the first tap tells the title, the second opens the paper.
  if (chosen >= 0 && (event.pointerType === "mouse" || chosen === wasChosen)) open();
});
canvas.addEventListener("pointercancel", (event) => pointers.delete(event.pointerId));
canvas.addEventListener("pointerleave", () => { if (!pointers.size && !aimed) choose(-1); });
// The wheel belongs to the page until the map was chosen.
canvas.addEventListener("wheel", (event) => {
  if (!event.ctrlKey && document.activeElement !== canvas) return;
  event.preventDefault();
  closer(2 ** (-event.deltaY * (event.deltaMode ? 0.05 : 0.003)), event.offsetX, event.offsetY);
}, { passive: false });

const keys = {
  ArrowLeft: () => go(view.x - 0.12 / view.zoom, view.y, view.zoom),
  ArrowRight: () => go(view.x + 0.12 / view.zoom, view.y, view.zoom),
  ArrowUp: () => go(view.x, view.y - 0.12 / view.zoom, view.zoom),
  ArrowDown: () => go(view.x, view.y + 0.12 / view.zoom, view.zoom),
  "+": () => closer(1.5),
  "=": () => closer(1.5),
  "-": () => closer(1 / 1.5),
  0: () => go(0.5, 0.5, 1),
};
canvas.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter") open();
  else if (!keys[event.key]) return;
  else {
    keys[event.key]();
    aim();
  }
  event.preventDefault();
  event.stopPropagation();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-map]");
  if (!button) return;
  if (button.dataset.map === "in") closer(1.6);
  if (button.dataset.map === "out") closer(1 / 1.6);
  if (button.dataset.map === "all") fly(0.5, 0.5, 1);
  if (button.dataset.map === "at") {
    canvas.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
    canvas.focus({ preventScroll: true });
    fly(button.dataset.x / SIDE, button.dataset.y / SIDE, 6);
  }
});

new ResizeObserver(() => {
  ({ clientWidth: width, clientHeight: height } = canvas);
  canvas.width = width * devicePixelRatio;
  canvas.height = height * devicePixelRatio;
  soon();
}).observe(canvas);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", look);
new MutationObserver(look).observe(document.documentElement, { attributeFilter: ["data-theme"] });

try {
  const [places, found] = await Promise.all([file("points.bin", "arrayBuffer"), file("index.json", "json")]);
  const values = new DataView(places);
  points = places.byteLength / 4;
  across = Uint16Array.from({ length: points }, (_, i) => values.getUint16(2 * i, true));
  down = Uint16Array.from({ length: points }, (_, i) => values.getUint16(2 * (points + i), true));
  about = found;
  sort();
  look();
  for (const part of document.querySelectorAll("[data-map]")) part.hidden = false;
  document.querySelector(".sea").hidden = false;
  canvas.dataset.ready = points;
} catch {
  told.replaceChildren(told.dataset.failed);
}
