"""What the map of hot spots costs a browser, from a few points to 100,000: `python -m bench.hotmap` writes docs/performance/hotmap.md.

A real Chromium without a graphics card (the software renderer of a virtual desktop) looks at a page that holds the map alone.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from bench.measure import machine
from tests.browser import house

ROOT = Path(__file__).resolve().parent.parent
CELLS = 4_921  # 40 rings of H3 8
POINTS = (0, 10_000, 100_000)
MOVES = 30

_PAGE = """
import json, h3, numpy as np, streamlit as st
from types import SimpleNamespace
from pilotwatch.places import Places
from pilotwatch.settings import settings
from ui.hotspots import canvas, sheet
from ui import maps, theme

places = st.cache_resource(lambda: Places(settings().data))()
rng, n = np.random.default_rng(7), int(st.query_params.get("points", 0))
cells = sorted(h3.grid_disk(h3.latlng_to_cell(43.83, 87.62, 8), 40))
shade = rng.integers(0, 8, len(cells)).astype(np.uint8)
square = canvas.square_of(places)
corners = np.concatenate([np.asarray(h3.cell_to_boundary(c)) for c in cells])
xy = square.at(corners[:, 1], corners[:, 0])
box = [int(v) for v in (*xy.min(axis=0), *xy.max(axis=0))]
lng, lat = rng.normal(87.62, 0.09, n), rng.normal(43.83, 0.06, n)
level = rng.choice(np.array([0, 1, 2], np.uint8), n, p=[0.02, 0.06, 0.92])
screen = SimpleNamespace(mode="light", say=lambda key, **_: key)
zero = [0] * len(cells)
data = {
    "group": "bench", "height": sheet.HEIGHT, "font": maps.FONT, "alt": "map", "fit": box, "fit_key": "bench", "metre": square.metre,
    "home_scale": 500 / (box[2] - box[0]), "ground": [g | {"name": g["id"]} for g in canvas.ground(places)],
    "areas": {"ids": cells, "xy": canvas.packed(xy), "sides": canvas.packed(np.array([len(h3.cell_to_boundary(c)) for c in cells], np.uint8)),
              "fill": canvas.packed(shade), "marks": canvas.packed(np.where(shade == 5, 1, np.where(shade == 4, 2, 0)).astype(np.uint8))},
    "rows": {"name": cells, "subjects": zero, "observed": zero, "inspected": zero, "xpcc": zero, "expected": zero, "ratio": zero, "course": zero, "state": zero, "of": {"course": [""], "state": [""]}},
    "points": {"xy": canvas.packed(square.at(lng, lat)), "level": canvas.packed(level)} if n else None,
    "chosen": None, "unit": None, "units_pick": True, "colours": sheet._colours(screen), "words": sheet._words(screen), "source": "bench",
}
sent = len(json.dumps(data))
canvas.mount(data, key="bench", picked=lambda: None)
st.html(f"<p id='sent'>{sent}</p><p id='picked'>{json.dumps(canvas.clicked('bench'))}</p>")
"""

_FRAMES = """async (moves) => {
  const find = (node) => { for (const e of node.querySelectorAll('*')) { if (e.matches('.map')) return e; if (e.shadowRoot) { const f = find(e.shadowRoot); if (f) return f; } } return null; };
  const map = find(document), canvas = map.querySelector('canvas'), took = [];
  for (let i = 0; i < moves; i++) {
    canvas.dispatchEvent(new KeyboardEvent('keydown', { key: i % 2 ? 'ArrowLeft' : 'ArrowRight', bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    took.push(parseFloat(map.dataset.drawn));
  }
  return took;
}"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, _serving(Path(folder)) as base, house.chromium() as browser:
        rows = [_canvas(browser, base, n) for n in POINTS]
    kept = ROOT / "docs" / "performance" / "hotmap.md"
    kept.write_text(_told(rows), encoding="utf-8")
    sys.stdout.write(json.dumps(rows, indent=1) + "\n")


class _serving:
    def __init__(self, folder: Path):
        (folder / "page.py").write_text(_PAGE, encoding="utf-8")
        self.page = folder / "page.py"

    def __enter__(self) -> str:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            str(self.page),
            "--server.port",
            str(port),
            "--server.headless",
            "true",
        ]
        quiet = subprocess.DEVNULL
        self.server = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=quiet, stderr=quiet
        )
        base = f"http://127.0.0.1:{port}"
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{base}/_stcore/health", timeout=5)
            except OSError:
                time.sleep(0.5)
            else:
                break
        return base

    def __exit__(self, *_: object) -> None:
        self.server.terminate()
        self.server.wait(20)


def _canvas(browser: Any, base: str, points: int) -> dict[str, Any]:
    page = browser.new_page(viewport={"width": 1000, "height": 700})
    page.set_default_timeout(house.PATIENCE)
    page.goto(f"{base}/?points={points}")
    page.wait_for_selector("#sent", state="attached")  # once, so that scripts are in the browser's cache
    page.reload()
    began = time.perf_counter()
    page.wait_for_selector("canvas")
    page.wait_for_function(
        "() => { const f = (n) => [...n.querySelectorAll('*')].some((e) => e.dataset?.drawn || (e.shadowRoot && f(e.shadowRoot))); return f(document); }"
    )
    first = time.perf_counter() - began
    took = page.evaluate(_FRAMES, MOVES)
    page.wait_for_timeout(1500)
    whole = _whole(page)
    near = _zoomed(page)
    at = time.perf_counter()
    page.locator("canvas").click(position={"x": 420, "y": 260})
    page.wait_for_function("() => document.querySelector('#picked').textContent !== 'null'")
    row = {
        "cells": CELLS, "points": points, "sent_kb": int(page.inner_text("#sent")) // 1024, "first_s": round(first, 1),
        "frame_ms": statistics.median(took), "worst_ms": max(took), "whole_ms": whole, "near_ms": near, "click_s": round(time.perf_counter() - at, 1),
    }  # fmt: skip
    page.close()
    return row


def _whole(page: Any) -> float:
    """What the last drawing from the beginning took."""
    return float(page.locator(".map").get_attribute("data-whole"))


def _zoomed(page: Any) -> float:
    for _ in range(4):
        page.locator("button[name=nearer]").click()
    page.wait_for_timeout(1000)
    near = _whole(page)
    for _ in range(4):
        page.locator("button[name=farther]").click()
    page.wait_for_timeout(1000)
    return near


def _told(rows: list[dict[str, Any]]) -> str:
    head = "| cells | points | sent KB | first seen s | a move, ms (median / worst) | drawn anew at rest, ms: far, near | click until the page answers, s |"
    lines = [
        f"| {r['cells']:,} | {r['points']:,} | {r['sent_kb']:,} | {r['first_s']} | "
        f"{r['frame_ms']:.0f} / {r['worst_ms']:.0f} | {r['whole_ms']:.0f}, {r['near_ms']:.0f} | {r['click_s']} |"
        for r in rows
    ]
    return (
        "## The map of hot spots in a browser\n\n"
        f"`python -m bench.hotmap`: {machine()}, shared with other work; Chromium with its software renderer, scripts in its cache. “First "
        "seen” is from the reload to the drawn map, start of the page included; a move is what the browser computes for one step of the map: what takes longer than a "
        "frame is moved as a picture and drawn anew when it rests.\n\n"
        f"{head}\n|---|---|---|---|---|---|---|\n" + "\n".join(lines) + "\n"
    )


if __name__ == "__main__":
    main()
