// The map of hot spots, drawn on a canvas: no WebGL, no tiles, nothing fetched, and 100,000 points as one picture.
//
// Coordinates come as whole numbers of one square (0 … 65535, Mercator, y upwards): an affine map takes them to pixels.
// A person moves the map by dragging (two fingers on a phone), the buttons, the keys, or the wheel once the map is clicked
// or Ctrl is held, so that a page can still be scrolled past it. Maps of one group move together.

const FULL = 65535, MOVED = "pw-hotmap-moved", NEAR = 9, LEAST = 5, QUICK = 14, RESTS = 120, STAMP = [[0, 0], [1, 0], [0, 1], [1, 1], [-1, 0], [0, -1]];
const MAPS = new WeakMap();

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  let map = MAPS.get(parentElement);
  if (!map) MAPS.set(parentElement, (map = new HotMap(parentElement)));
  map.pick = (picked) => setTriggerValue("picked", picked);
  map.show(data);
  return () => { map.end(); MAPS.delete(parentElement); };
}

const bytes = (text) => Uint8Array.from(atob(text || ""), (c) => c.charCodeAt(0));
const words = (text) => new Uint16Array(bytes(text).buffer);

class HotMap {
  constructor(root) {
    this.root = root.querySelector(".map");
    this.canvas = this.root.querySelector("canvas");
    this.tip = this.root.querySelector(".tip");
    this.context = this.canvas.getContext("2d");
    this.fingers = new Map();
    this.size = new ResizeObserver(() => this.resize());
    this.size.observe(this.root);
    this.follow = (event) => {
      const { from, group, view } = event.detail;
      if (from !== this && this.data && group === this.data.group) { this.view = { ...view }; this.later(); }
    };
    document.addEventListener(MOVED, this.follow);
    this.listen();
  }

  end() { clearTimeout(this.settling); this.size.disconnect(); document.removeEventListener(MOVED, this.follow); cancelAnimationFrame(this.frame); }

  show(data) {
    const anew = !this.data || this.data.fit_key !== data.fit_key;
    this.data = data;
    this.ground = data.ground.map((g) => ({ ...g, rings: rings(words(g.xy), g.ends) }));
    this.areas = data.areas ? areas(data.areas) : null;
    this.spots = data.spots || null;
    this.points = data.points ? { xy: words(data.points.xy), level: bytes(data.points.level) } : null;
    this.crowd = null;
    this.hatch = hatched(data.colours.hatch);
    this.dots = dotted(data.colours.hatch);
    this.root.style.height = `${data.height}px`;
    this.canvas.setAttribute("aria-label", data.alt);
    this.root.querySelector(".source").textContent = data.source;
    for (const [name, said] of Object.entries(data.words.buttons)) {
      const button = this.root.querySelector(`button[name=${name}]`);
      button.title = said; button.setAttribute("aria-label", said);
    }
    for (const [name, colour] of Object.entries(data.colours.page)) this.root.style.setProperty(`--${name}`, colour);
    if (anew) this.view = null;
    this.tip.hidden = true;
    this.resize();
  }

  resize() {
    const ratio = window.devicePixelRatio || 1, width = this.root.clientWidth, height = this.root.clientHeight;
    if (!width || !height || !this.data) return;
    this.width = width; this.height = height; this.ratio = ratio;
    this.canvas.width = Math.round(width * ratio); this.canvas.height = Math.round(height * ratio);
    if (!this.view) this.home();
    this.shot = null;
    this.later();
  }

  // --- where it looks: the middle in units of the square, and pixels a unit --------------------------------------

  home() {
    const [west, south, east, north] = this.data.fit;
    const scale = Math.min(this.width / (east - west), this.height / (north - south));
    this.view = { x: (west + east) / 2, y: (south + north) / 2, scale };
  }

  x(x) { return this.width / 2 + (x - this.view.x) * this.view.scale; }
  y(y) { return this.height / 2 - (y - this.view.y) * this.view.scale; }
  back(px, py) { return [this.view.x + (px - this.width / 2) / this.view.scale, this.view.y - (py - this.height / 2) / this.view.scale]; }

  move(dx, dy) { this.view.x -= dx / this.view.scale; this.view.y += dy / this.view.scale; this.moved(); }

  zoom(by, px = this.width / 2, py = this.height / 2) {
    const [x, y] = this.back(px, py), least = (0.5 * Math.min(this.width, this.height)) / FULL;
    this.view.scale = Math.min(2, Math.max(least, this.view.scale * by));
    const [nx, ny] = this.back(px, py);
    this.view.x += x - nx; this.view.y += y - ny;
    this.moved();
  }

  moved() {
    this.view.x = Math.min(FULL, Math.max(0, this.view.x)); this.view.y = Math.min(FULL, Math.max(0, this.view.y));
    this.tip.hidden = true;
    this.later();
    const detail = { from: this, group: this.data.group, view: this.view };
    document.dispatchEvent(new CustomEvent(MOVED, { detail }));
  }

  // --- drawing -------------------------------------------------------------------------------------------------

  later() {
    if (!this.waiting) { this.waiting = true; this.frame = requestAnimationFrame(() => { this.waiting = false; this.draw(); }); }
  }

  // While it moves, a map that takes long is the last picture, moved along; it is drawn anew once it rests.
  draw() {
    if (!this.view || !this.width) return;
    const began = performance.now();
    clearTimeout(this.settling);
    if (this.shot && this.cost > QUICK) {
      this.slide();
      this.settling = setTimeout(() => { this.shot = null; this.later(); }, RESTS);
    } else {
      this.paint();
      this.cost = performance.now() - began;
      this.shot = this.shot || { picture: new OffscreenCanvas(1, 1) };
      this.shot.picture.width = this.canvas.width; this.shot.picture.height = this.canvas.height;
      this.shot.picture.getContext("2d").drawImage(this.canvas, 0, 0);
      this.shot.view = { ...this.view };
      this.root.dataset.whole = this.cost.toFixed(1);
    }
    this.root.dataset.drawn = (performance.now() - began).toFixed(1);
    this.root.dataset.places = this.areas ? this.areas.ids.length : this.spots ? this.spots.ids.length : 0;
    this.root.dataset.points = this.points ? this.points.level.length : 0;
  }

  slide() {
    const c = this.context, { view } = this, was = this.shot.view, by = view.scale / was.scale, w = this.width, h = this.height;
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    c.clearRect(0, 0, w, h);
    const x = (w / 2) * (1 - by) + (was.x - view.x) * view.scale, y = (h / 2) * (1 - by) - (was.y - view.y) * view.scale;
    c.drawImage(this.shot.picture, x, y, w * by, h * by);
  }

  paint() {
    const c = this.context, colours = this.data.colours;
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    c.clearRect(0, 0, this.width, this.height);
    for (const each of this.ground) {
      c.beginPath(); this.trace(each.rings);
      const own = this.filled(each.id);
      c.fillStyle = own ? colours.fills[own.fill] : colours.ground; c.fill("evenodd");
      if (own) this.textured(c, own.marks, "evenodd");
      c.lineWidth = 1; c.strokeStyle = colours.border; c.stroke();
    }
    for (const each of this.ground) if ((this.filled(each.id) || {}).marks & 1) this.marked(c, each.id, colours.ink);
    if (this.areas) this.drawAreas(c, colours);
    this.marked(c, this.data.unit, colours.ink);
    if (this.points) this.drawPoints(c, colours);
    if (this.spots) this.drawSpots(c, colours);
    this.names(c, colours);
    this.scaleBar(c, colours);
  }

  filled(id) { return this.data.filled ? this.data.filled[id] : null; }

  textured(c, marks, rule = "nonzero") {
    for (const [bit, texture] of [[2, this.hatch], [4, this.dots]]) if (marks & bit) { c.fillStyle = texture; c.fill(rule); }
  }

  trace(rings) {
    const c = this.context;
    for (const ring of rings) {
      for (let i = 0; i < ring.length; i += 2) c[i ? "lineTo" : "moveTo"](this.x(ring[i]), this.y(ring[i + 1]));
      c.closePath();
    }
  }

  // Cells by their fill, each fill one path; then the hatch over those not inspected, the hot ones' edge, the chosen one's.
  drawAreas(c, colours) {
    const { ids, ring, box, fill, marks, kinds } = this.areas;
    const [west, north] = this.back(0, 0), [east, south] = this.back(this.width, this.height);
    const seen = [];
    for (let i = 0; i < ids.length; i++) {
      if (box[4 * i] < east && box[4 * i + 2] > west && box[4 * i + 1] < north && box[4 * i + 3] > south) seen.push(i);
    }
    const within = (keep, draw) => {
      c.beginPath();
      let some = false;
      for (const i of seen) {
        if (!keep(i)) continue;
        some = true;
        if (!tiny) { this.trace([ring[i]]); continue; }
        c.rect(this.x((box[4 * i] + box[4 * i + 2]) / 2) - LEAST / 2, this.y((box[4 * i + 1] + box[4 * i + 3]) / 2) - LEAST / 2, LEAST, LEAST);
      }
      if (some) draw();
    };
    const px = this.view.scale * this.areas.width, tiny = px < LEAST, fine = px > 2 * LEAST || (!tiny && seen.length < 1500);  // from afar a cell is a small square
    for (const kind of kinds) {
      within((i) => fill[i] === kind, () => {
        c.fillStyle = colours.fills[kind]; c.fill();
        if (fine) { c.lineWidth = 0.6; c.strokeStyle = colours.edge; c.stroke(); }
      });
    }
    for (const bit of [2, 4]) within((i) => marks[i] & bit, () => this.textured(c, bit));
    within((i) => marks[i] & 1, () => { c.lineWidth = 1.8; c.lineJoin = "round"; c.strokeStyle = colours.ink; c.stroke(); });
    const chosen = ids.indexOf(this.data.chosen);
    if (chosen >= 0) this.ringed(c, [ring[chosen]], colours, px < 4 * LEAST ? [3.5, 2] : [6, 3]);
  }

  marked(c, unit, ink) {
    const chosen = unit && this.ground.find((g) => g.id === unit);
    if (!chosen) return;
    c.beginPath(); this.trace(chosen.rings);
    c.lineWidth = 2; c.strokeStyle = ink; c.stroke();
  }

  ringed(c, shape, colours, [outer, inner]) {
    c.lineJoin = "round";
    for (const [width, colour] of [[outer, colours.card], [inner, colours.accent]]) {
      c.beginPath(); this.trace(shape);
      c.lineWidth = width; c.strokeStyle = colour; c.stroke();
    }
  }

  drawSpots(c, colours) {
    const { ids, x, y, r, fill, marks } = this.spots;
    const far = Math.min(1, Math.max(0.45, this.view.scale / this.data.home_scale));
    for (let i = 0; i < ids.length; i++) {
      const px = this.x(x[i]), py = this.y(y[i]), radius = r[i] * far;
      c.beginPath(); c.arc(px, py, radius, 0, 7);
      c.fillStyle = colours.fills[fill[i]]; c.fill();
      this.textured(c, marks[i]);
      c.lineWidth = marks[i] & 1 ? 2 : 0.8; c.strokeStyle = marks[i] & 1 ? colours.ink : colours.border; c.stroke();
      if (ids[i] === this.data.chosen) {
        c.beginPath(); c.arc(px, py, radius + 3, 0, 7);
        c.lineWidth = 3; c.strokeStyle = colours.accent; c.stroke();
      }
    }
  }

  // Many points are counted a pixel and painted as one picture, the worse level on top; few are drawn one by one.
  drawPoints(c, colours) {
    const { xy, level } = this.points, w = this.canvas.width, h = this.canvas.height, k = this.ratio;
    const scale = this.view.scale * k, left = w / 2 - this.view.x * scale, top = h / 2 + this.view.y * scale;
    const picture = c.createImageData(w, h), pixels = new Uint32Array(picture.data.buffer);
    const worst = colours.points.length - 1, inks = colours.points.map(packed), large = scale > 0.35 || level.length < 20000 ? STAMP.length : 1;
    const marks = [];
    for (let l = worst; l >= 0; l--) {
      for (let i = 0; i < level.length; i++) {
        if (level[i] !== l) continue;
        const px = (left + xy[2 * i] * scale) | 0, py = (top - xy[2 * i + 1] * scale) | 0;
        if (px < 2 || py < 2 || px >= w - 2 || py >= h - 2) continue;
        if (l < 2) { marks.push(i); continue; }
        for (let s = 0; s < large; s++) pixels[(py + STAMP[s][1]) * w + px + STAMP[s][0]] = inks[l];
      }
    }
    this.crowd = this.crowd || new OffscreenCanvas(1, 1);
    this.crowd.width = w; this.crowd.height = h;
    this.crowd.getContext("2d").putImageData(picture, 0, 0);
    c.drawImage(this.crowd, 0, 0, this.width, this.height);
    const far = Math.min(1, Math.max(0.55, this.view.scale / this.data.home_scale / 2));
    const r = (marks.length > 4000 ? 1.6 : marks.length > 600 ? 2.6 : 4) * far;
    for (const l of [1, 0]) {  // a red one is a diamond, an orange one a disc: they differ without their colour
      c.beginPath();
      for (const i of marks) {
        if (level[i] !== l) continue;
        const px = this.x(xy[2 * i]), py = this.y(xy[2 * i + 1]);
        if (l) { c.moveTo(px + r, py); c.arc(px, py, r, 0, 7); } else {
          c.moveTo(px, py - 1.4 * r); c.lineTo(px + 1.4 * r, py); c.lineTo(px, py + 1.4 * r); c.lineTo(px - 1.4 * r, py); c.closePath();
        }
      }
      c.fillStyle = colours.points[l]; c.fill();
      if (r > 2) { c.lineWidth = 0.8; c.strokeStyle = colours.card; c.stroke(); }
    }
  }

  names(c, colours) {
    c.font = `600 12px ${this.data.font}`; c.textAlign = "center"; c.textBaseline = "middle";
    const drawn = [];
    for (const { name, at, area } of [...this.ground].sort((a, b) => b.area - a.area)) {
      const px = this.x(at[0]), py = this.y(at[1]), half = c.measureText(name).width / 2 + 3;
      if (area * this.view.scale ** 2 < 900 || px < half || px > this.width - half || py < 10 || py > this.height - 26) continue;
      if (drawn.some(([ox, oy, o]) => Math.abs(ox - px) < o + half && Math.abs(oy - py) < 16)) continue;
      drawn.push([px, py, half]);
      c.lineWidth = 3.5; c.lineJoin = "round"; c.strokeStyle = colours.card; c.strokeText(name, px, py);
      c.fillStyle = colours.ink; c.fillText(name, px, py);
    }
  }

  scaleBar(c, colours) {
    const metre = this.view.scale / this.data.metre;
    const steps = [100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000];
    const length = steps.find((s) => s * metre > 50) || steps[steps.length - 1], px = length * metre;
    const said = length < 1000 ? `${length} ${this.data.words.metres}` : `${length / 1000} ${this.data.words.kilometres}`;
    const x = 10, y = this.height - this.root.querySelector(".source").offsetHeight - 6;
    c.lineWidth = 1.5; c.strokeStyle = colours.ink; c.beginPath();
    c.moveTo(x, y - 4); c.lineTo(x, y); c.lineTo(x + px, y); c.lineTo(x + px, y - 4); c.stroke();
    c.font = `11px ${this.data.font}`; c.textAlign = "left"; c.textBaseline = "bottom"; c.lineWidth = 3;
    c.strokeStyle = colours.card; c.strokeText(said, x + 4, y - 3); c.fillStyle = colours.ink; c.fillText(said, x + 4, y - 3);
  }

  // --- what lies under a pixel -----------------------------------------------------------------------------------

  at(px, py) {
    const [x, y] = this.back(px, py);
    if (this.points) {
      const { xy, level } = this.points, reach = NEAR / this.view.scale;
      let best = -1, nearest = reach * reach, worst = 2;  // those without a level of their own are a picture, not a button
      for (let i = 0; i < level.length; i++) {
        const dx = xy[2 * i] - x, dy = xy[2 * i + 1] - y, d = dx * dx + dy * dy;
        if (level[i] < worst && d <= nearest) { best = i; nearest = d; }
      }
      if (best >= 0) return { kind: "point", index: best };
    }
    if (this.spots) {
      const far = Math.min(1, Math.max(0.45, this.view.scale / this.data.home_scale));
      for (let i = this.spots.ids.length - 1; i >= 0; i--) {
        const d = Math.hypot(this.x(this.spots.x[i]) - px, this.y(this.spots.y[i]) - py);
        if (d <= Math.max(this.spots.r[i] * far, 7)) return { kind: "place", row: this.spots.row[i], id: this.spots.ids[i] };
      }
    }
    if (this.areas) {
      const { ids, ring, box } = this.areas;
      for (let i = 0; i < ids.length; i++) {
        if (x >= box[4 * i] && x <= box[4 * i + 2] && y >= box[4 * i + 1] && y <= box[4 * i + 3] && inside(ring[i], x, y))
          return { kind: "place", row: i, id: ids[i] };
      }
    }
    const under = this.ground.find((g) => g.rings.filter((ring) => inside(ring, x, y)).length % 2 === 1);
    return under ? { kind: "unit", id: under.id, name: under.name, row: (this.filled(under.id) || {}).row } : null;
  }

  hover(px, py) {
    const found = this.at(px, py);
    this.canvas.style.cursor = found && (found.kind !== "unit" || this.data.units_pick) ? "pointer" : "grab";
    if (!found || (found.kind === "unit" && found.row === undefined && found.id === this.data.unit)) { this.tip.hidden = true; return; }
    this.tip.replaceChildren(...this.told(found).map(([text, strong]) => {
      const line = document.createElement(strong ? "b" : "span");
      line.textContent = text;
      return line;
    }));
    this.tip.hidden = false;
    const right = px + this.tip.offsetWidth + 18 > this.width;
    this.tip.style.left = `${Math.max(4, right ? px - this.tip.offsetWidth - 12 : px + 14)}px`;
    this.tip.style.top = `${Math.max(4, Math.min(py + 12, this.height - this.tip.offsetHeight - 26))}px`;
  }

  told(found) {
    const more = found.kind === "unit" && this.data.units_pick && found.id !== this.data.unit ? [[this.data.words.to_unit, false]] : [];
    if (found.kind === "point") return [[this.data.words.levels[this.points.level[found.index]], true], [this.data.words.to_subject, false]];
    if (found.row === undefined) return [[found.name, true], ...more];
    const rows = this.data.rows;
    const value = (name) => {
      const one = rows[name][found.row];
      return rows.of[name] ? rows.of[name][one] : one === null ? "—" : one.toLocaleString("en");
    };
    const lines = this.data.words.lines.map((line) => [line.replace(/\{(\w+)\}/g, (_, name) => value(name)), false]);
    return [[rows.name[found.row], true], ...lines, ...more];
  }

  // --- hands -----------------------------------------------------------------------------------------------------

  listen() {
    const canvas = this.canvas;
    canvas.addEventListener("pointerdown", (e) => {
      this.fingers.set(e.pointerId, [e.offsetX, e.offsetY]);
      this.start = [e.offsetX, e.offsetY];
      if (e.pointerType !== "touch") canvas.setPointerCapture(e.pointerId);
    });
    canvas.addEventListener("pointermove", (e) => {
      const was = this.fingers.get(e.pointerId);
      if (!was) { if (e.pointerType === "mouse" && this.data) this.hover(e.offsetX, e.offsetY); return; }
      const now = [e.offsetX, e.offsetY];
      if (this.fingers.size === 1 && e.pointerType !== "touch") {
        this.move(now[0] - was[0], now[1] - was[1]); canvas.style.cursor = "grabbing";
      } else if (this.fingers.size === 2) {
        const other = [...this.fingers].find(([id]) => id !== e.pointerId)[1];
        const apart = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]) || 1;
        this.move((now[0] - was[0]) / 2, (now[1] - was[1]) / 2);
        this.zoom(apart(now) / apart(was), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
      }
      this.fingers.set(e.pointerId, now);
    });
    const up = (e, clicked) => {
      const alone = this.fingers.size === 1;
      this.fingers.delete(e.pointerId);
      if (clicked && alone && this.start && Math.hypot(e.offsetX - this.start[0], e.offsetY - this.start[1]) < 5) this.click(e.offsetX, e.offsetY);
    };
    canvas.addEventListener("pointerup", (e) => up(e, true));
    canvas.addEventListener("pointercancel", (e) => up(e, false));
    canvas.addEventListener("pointerleave", () => { this.tip.hidden = true; });
    canvas.addEventListener("wheel", (e) => {
      if (!e.ctrlKey && this.root.getRootNode().activeElement !== canvas) return;
      e.preventDefault();
      this.zoom(Math.exp(-Math.sign(e.deltaY) * 0.25), e.offsetX, e.offsetY);
    }, { passive: false });
    canvas.addEventListener("touchmove", (e) => { if (e.touches.length > 1) e.preventDefault(); }, { passive: false });
    canvas.addEventListener("keydown", (e) => {
      const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[e.key];
      if (step) this.move(...step);
      else if (e.key === "+" || e.key === "=") this.zoom(1.5);
      else if (e.key === "-") this.zoom(1 / 1.5);
      else if (e.key === "0") { this.home(); this.moved(); }
      else return;
      e.preventDefault();
    });
    this.root.querySelector("button[name=nearer]").onclick = () => this.zoom(1.7);
    this.root.querySelector("button[name=farther]").onclick = () => this.zoom(1 / 1.7);
    this.root.querySelector("button[name=whole]").onclick = () => { this.home(); this.moved(); };
  }

  click(px, py) {
    const found = this.at(px, py);
    if (!found) return;
    if (found.kind === "unit" && (!this.data.units_pick || found.id === this.data.unit)) return;
    this.pick({ kind: found.kind, id: found.id ?? null, index: found.index ?? null, nonce: Date.now() });
  }
}

// --- shapes ------------------------------------------------------------------------------------------------------

function rings(xy, ends) {
  const found = [];
  let from = 0;
  for (const end of ends) { found.push(xy.subarray(2 * from, 2 * end)); from = end; }
  return found;
}

function areas(data) {
  const xy = words(data.xy), sides = bytes(data.sides), ring = [], box = new Float32Array(4 * data.ids.length);
  let from = 0;
  for (let i = 0; i < data.ids.length; i++) {
    const mine = xy.subarray(2 * from, 2 * (from + sides[i]));
    from += sides[i];
    let west = FULL, south = FULL, east = 0, north = 0;
    for (let j = 0; j < mine.length; j += 2) {
      west = Math.min(west, mine[j]); east = Math.max(east, mine[j]);
      south = Math.min(south, mine[j + 1]); north = Math.max(north, mine[j + 1]);
    }
    box.set([west, south, east, north], 4 * i);
    ring.push(mine);
  }
  const fill = bytes(data.fill), width = ring.length ? box[2] - box[0] : 0;
  return { ids: data.ids, ring, box, fill, marks: bytes(data.marks), kinds: [...new Set(fill)].sort((a, b) => a - b), width };
}

function inside(ring, x, y) {
  let odd = false;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    if (ring[i + 1] > y !== ring[j + 1] > y && x < ((ring[j] - ring[i]) * (y - ring[i + 1])) / (ring[j + 1] - ring[i + 1]) + ring[i]) odd = !odd;
  }
  return odd;
}

function hatched(colour) {
  const tile = new OffscreenCanvas(7, 7), c = tile.getContext("2d");
  c.strokeStyle = colour; c.lineWidth = 1.3; c.beginPath();
  for (const from of [-7, 0, 7]) { c.moveTo(from, 7); c.lineTo(from + 7, 0); }
  c.stroke();
  return c.createPattern(tile, "repeat");
}

function dotted(colour) {
  const tile = new OffscreenCanvas(6, 6), c = tile.getContext("2d");
  c.fillStyle = colour;
  for (const [x, y] of [[1.5, 1.5], [4.5, 4.5]]) { c.beginPath(); c.arc(x, y, 0.8, 0, 7); c.fill(); }
  return c.createPattern(tile, "repeat");
}

function packed(colour) {  // as a canvas keeps a pixel: alpha, blue, green, red from the highest byte down
  const n = parseInt(colour.slice(1), 16);
  return ((0xd0 << 24) | ((n & 255) << 16) | (n & 0xff00) | (n >> 16)) >>> 0;
}
