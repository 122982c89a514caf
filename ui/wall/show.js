// Turns the slides over and renews them; what is on the screen stays there whatever becomes of the server.
"use strict";
(() => {
  const given = JSON.parse(document.getElementById("settings").textContent);
  const words = given.words, at = (id) => document.getElementById(id), main = at("main");
  const query = new URLSearchParams(location.search);
  const RENEW = 60_000, NEAR_END = 2 * 3600_000;
  let slides = [], here = 0, every = given.every, paused = false, left = every, etag = "", build = "";
  let told = null, failures = 0, until = null, ended = false;

  const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, n) => values[n]);
  const hhmm = (d) => d.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
  const make = (name, props = {}) => Object.assign(document.createElement(name), props);

  // --- which slide -------------------------------------------------------------------------------------------------
  function turn(to, why) {
    if (!slides.length) return;
    here = (to + slides.length) % slides.length;
    left = every;
    const slide = slides[here];
    for (const section of main.children) section.classList.toggle("shown", section.dataset.name === slide.name);
    at("title").textContent = slide.title;
    [...at("dots").children].forEach((d, i) => d.classList.toggle("shown", i === here));
    query.set("slide", slide.name);
    history.replaceState(null, "", `${location.pathname}?${query}`);
    if (why !== "clock") tick();
  }
  function tick() {
    at("bar").firstChild.style.width = `${100 * (1 - left / every)}%`;
    at("state").textContent = `${here + 1} / ${slides.length}${paused ? " · " + words.paused : ""}`;
    at("clock").textContent = hhmm(new Date());
  }
  setInterval(() => {
    if (ended) return;
    if (!paused && slides.length > 1 && --left <= 0) turn(here + 1, "clock");
    tick();
    warn();
  }, 1000);

  // --- the data ----------------------------------------------------------------------------------------------------
  function put(data) {
    if (build && data.build !== build) return location.reload(); // a new picture was installed
    build = data.build;
    const name = slides.length ? slides[here].name : query.get("slide");
    const known = new Map([...main.children].map((s) => [s.dataset.name, s]));
    const fresh = data.slides.map((slide) => {
      const section = known.get(slide.name) || make("section");
      section.dataset.name = slide.name;
      if (section.source !== slide.html) { section.innerHTML = slide.html; section.source = slide.html; } // only what has changed
      return section;
    });
    slides = data.slides;
    if (fresh.length !== main.children.length || fresh.some((s, i) => s !== main.children[i])) main.replaceChildren(...fresh);
    at("scope").textContent = data.scope;
    at("stamp").textContent = data.stamp;
    at("stamp").classList.toggle("stale", data.stale);
    at("dots").replaceChildren(...slides.map((s, i) => make("button", { title: s.title, onclick: () => turn(i) })));
    const now = Math.max(0, slides.findIndex((s) => s.name === name)), keep = left;
    turn(now);
    if (told) left = keep;
    fit();
  }
  async function renew() {
    if (ended) return;
    try {
      const answer = await fetch(given.source, { headers: etag ? { "if-none-match": etag } : {}, cache: "no-store", signal: AbortSignal.timeout(45_000) });
      if (answer.status === 401 || answer.status === 403) return end();
      if (answer.status !== 304 && !answer.ok) throw new Error(answer.status);
      until = answer.headers.get("x-wall-until") ? new Date(answer.headers.get("x-wall-until")) : null;
      if (answer.status !== 304) { const data = await answer.json(); etag = answer.headers.get("etag"); put(data); }
      told = new Date(); failures = 0;
    } catch { failures += 1; }
    warn();
    setTimeout(renew, failures ? 15_000 : RENEW);
  }
  function end() { // stopped, or run out: nothing may be seen any longer
    ended = true;
    slides = []; main.replaceChildren(make("section", { className: "shown end", innerHTML: "<p class='said'></p>" }));
    main.querySelector(".said").textContent = words.ended;
    main.firstChild.append(make("a", { href: `/login?next=${encodeURIComponent(location.pathname + location.search)}`, textContent: words.log_in }));
    for (const id of ["title", "stamp", "state", "dots", "scope"]) at(id).textContent = "";
    at("banner").hidden = true;
  }
  function warn() { // loudly, for nobody sits in front of it
    let said = "";
    if (failures && told) said = fill(words.away, { at: hhmm(told), minutes: Math.floor((Date.now() - told) / 60_000) });
    else if (until && until - Date.now() < NEAR_END) said = fill(words.ends, { at: hhmm(until) });
    if (at("banner").textContent !== said) at("banner").textContent = said;
    at("banner").hidden = !said || ended;
  }

  // --- type as large as the slide has room for ---------------------------------------------------------------------
  function fit() {
    for (const section of main.children) {
      section.style.setProperty("--fit", 1);
      for (let size = 1; size > .45 && (section.scrollHeight > section.clientHeight + 2 || section.scrollWidth > section.clientWidth + 2); size -= .05)
        section.style.setProperty("--fit", size);
    }
  }
  addEventListener("resize", fit);
  document.fonts?.ready.then(fit);

  // --- keys, fingers, pointer --------------------------------------------------------------------------------------
  const pause = () => { paused = !paused; left = every; controls(); tick(); };
  const full = () => document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.().catch(() => {});
  const seconds = (n) => { every = left = n; query.set("every", n); history.replaceState(null, "", `${location.pathname}?${query}`); };
  const keys = { ArrowRight: () => turn(here + 1), PageDown: () => turn(here + 1), ArrowLeft: () => turn(here - 1), PageUp: () => turn(here - 1),
    Home: () => turn(0), End: () => turn(slides.length - 1), " ": pause, f: full, F: full };
  addEventListener("keydown", (e) => {
    if (["SELECT", "BUTTON", "A"].includes(e.target.tagName) && e.key === " ") return;
    if (keys[e.key] && !e.ctrlKey && !e.metaKey && !e.altKey) { e.preventDefault(); keys[e.key](); }
  });
  let from = null;
  addEventListener("touchstart", (e) => { from = e.touches.length === 1 ? [e.touches[0].clientX, e.touches[0].clientY] : null; }, { passive: true });
  addEventListener("touchend", (e) => {
    if (!from || e.target.closest("nav, footer")) return;
    const x = e.changedTouches[0].clientX - from[0], y = e.changedTouches[0].clientY - from[1];
    if (Math.abs(x) > 60 && Math.abs(x) > 2 * Math.abs(y)) turn(here + (x < 0 ? 1 : -1)); else wake();
  });
  let asleep;
  function wake() {
    document.body.classList.add("awake");
    clearTimeout(asleep);
    asleep = setTimeout(() => document.body.classList.remove("awake"), 4000);
  }
  addEventListener("pointermove", wake);
  addEventListener("focusin", wake);
  function controls() {
    const button = (label, sign, act) => make("button", { title: label, textContent: sign, ariaLabel: label, onclick: act });
    const select = make("select", { onchange: (e) => seconds(Number(e.target.value)) });
    for (let n = 10; n <= 60; n += 10) select.append(make("option", { value: n, textContent: fill(words.seconds, { n }) }));
    if (every % 10) select.append(make("option", { value: every, textContent: fill(words.seconds, { n: every }) }));
    select.value = every;
    const leave = given.leave ? [make("a", { href: given.leave, textContent: words.leave })] : [];
    at("controls").replaceChildren(button(words.previous, "‹", () => turn(here - 1)), button(paused ? words.play : words.pause, paused ? "▶" : "❚❚", pause),
      button(words.next, "›", () => turn(here + 1)), select, button(words.full, "⛶", full), ...leave);
  }
  async function awake() { try { await navigator.wakeLock?.request("screen"); } catch { /* only asked for */ } }
  document.addEventListener("visibilitychange", () => document.hidden || awake());
  addEventListener("online", renew);

  if (given.demo) at("scope").after(make("em", { textContent: given.demo }));
  main.append(make("section", { className: "shown end", innerHTML: "<p class='said'></p>" }));
  main.querySelector(".said").textContent = words.waiting;
  controls(); tick(); awake(); renew(); wake();
})();
