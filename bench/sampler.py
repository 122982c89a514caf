"""A Streamlit server that tells where its CPU goes: `python -m bench.sampler run app.py …`, otherwise `streamlit run app.py …`.

A thread looks a thousand times a second at what every other thread does, and gives what CPU that thread used since the
last look (its own clock, so waiting costs nothing) to the part of the work that its stack belongs to, and to each
function of ours in the stack. Twice a second all of it goes to the JSON file named by BENCH_SAMPLES, in CPU seconds.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

EVERY, TOLD_EVERY = 0.001, 0.5  # seconds
ROOT = str(Path(__file__).resolve().parent.parent)

#: What a stack belongs to: the first of these that any of its frames is of, by the path of its file or path:function …
PURPOSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("who is asking", ("/pilotwatch/access/", "/ui/access.py", "/ui/screen.py:visitor")),
    ("figures as JSON", ("/plotly/io/", "/streamlit/elements/plotly_chart.py", "/plotly/basedatatypes.py:to_")),
    ("figures drawn (Plotly)", ("/plotly/", "/_plotly_utils/", "/ui/maps.py")),
    ("the store's queries", ("/sqlalchemy/", "/pilotwatch/store/")),
    ("pandas", ("/pandas/", "/pyarrow/", "/numpy/")),
    ("Streamlit: messages sent", ("/streamlit/runtime/forward_msg", "/streamlit/runtime/app_session.py", "/uvicorn/",
                                  "/websockets/", "/streamlit/web/", "/streamlit/runtime/runtime.py", "/asyncio/")),
)  # fmt: skip
#: … and where there is none, the one of these that its innermost frame is of.
PLACES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Streamlit: elements", ("/streamlit/elements/", "/streamlit/delta_generator.py", "/streamlit/proto/")),
    ("Streamlit: its cache", ("/streamlit/runtime/caching/",)),
    ("Streamlit: the run itself", ("/streamlit/",)),
    ("our words and HTML", tuple(f"{ROOT}/{n}/" for n in ("ui", "pages", "pilotwatch", "domains"))),
)
OTHER = "other"


class Sampler(threading.Thread):
    def __init__(self, told: Path):
        super().__init__(name="bench-sampler", daemon=True)
        self._told, self._clocks = told, dict[int, float]()
        self.parts, self.functions = Counter[str](), Counter[str]()

    def run(self) -> None:
        sys.setswitchinterval(EVERY / 2)  # a busy thread gives way to this one
        at = time.monotonic()
        while True:
            time.sleep(EVERY)
            self._look()
            if time.monotonic() - at > TOLD_EVERY:
                at = time.monotonic()
                whole = self._told.with_suffix(".new")
                whole.write_text(json.dumps({"parts": self.parts, "functions": self.functions}))
                whole.replace(self._told)

    def _look(self) -> None:
        frames = sys._current_frames()
        clocks = {t: time.clock_gettime(time.pthread_getcpuclockid(t)) for t in frames if t != self.ident}
        for thread, now in clocks.items():
            if spent := now - self._clocks.get(thread, now):
                self._count(frames[thread], spent)
        self._clocks = clocks

    def _count(self, frame: FrameType | None, spent: float) -> None:
        stack = []
        while frame is not None:
            stack.append(f"{frame.f_code.co_filename}:{frame.f_code.co_name}")
            frame = frame.f_back
        self.parts[part_of(stack)] += spent
        for one in {s for s in stack if s.startswith(ROOT) and "/.venv/" not in s and "<" not in s}:
            self.functions[one.removeprefix(f"{ROOT}/")] += spent


def part_of(stack: Sequence[str]) -> str:
    """Which part of the work a stack (path:function, the innermost first) belongs to."""
    for name, marks in PURPOSES:
        if any(mark in one for one in stack for mark in marks):
            return name
    for one in stack:
        for name, marks in PLACES:
            if any(mark in one for mark in marks):
                return name
    return OTHER


if __name__ == "__main__":
    from streamlit.web.cli import main

    Sampler(Path(os.environ["BENCH_SAMPLES"])).start()
    sys.argv[0] = "streamlit"
    main()
