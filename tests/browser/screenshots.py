"""Takes the pictures of the README and the documents from a fresh demo city: `make screenshots`."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.browser import house
from tests.browser.house import ROOT, Visit

IMAGES = ROOT / "docs" / "images"
WORKBOOK = ROOT.parent / "shared" / "data" / "workbooks" / "加油站名录.xlsx"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        house.make_city(Path(folder), 1)
        with house.serving(Path(folder)) as base, house.chromium() as browser:
            overview(browser, base, "overview-zh-1440", viewport=DESK)
            overview(browser, base, "overview-en-dark-1440", language="en", viewport=DESK, color_scheme="dark")
            overview(browser, base, "overview-zh-390", viewport=PHONE, device_scale_factor=2)
            overview(browser, base, "district-zh-1440", path="/?unit=650102", viewport=DESK)
            upload(browser, base)
            log_in(browser, base)


def overview(browser: Browser, base: str, name: str, *, language: str = "zh", path: str = "/", **options) -> None:
    visit = Visit(browser, base, **options)
    visit.log_in("city", language=language)
    page = visit.open(path)
    page.wait_for_selector(".st-key-card-map .choroplethlayer path")
    page.wait_for_timeout(2000)
    keep(page.screenshot(), name)
    visit.close()


def upload(browser: Browser, base: str) -> None:
    visit = Visit(browser, base, viewport=DESK)
    visit.log_in("oil")
    page = visit.open("/upload")
    page.set_input_files("input[type=file]", WORKBOOK)
    page.wait_for_selector(".st-key-card-commit")
    visit.settle()
    page.locator(".st-key-card-found").evaluate("e => e.scrollIntoView()")
    page.locator(".stMain").evaluate("e => e.scrollBy(0, -60)")
    page.wait_for_timeout(1500)
    keep(page.screenshot(), "upload-zh-1440")
    visit.close()


def log_in(browser: Browser, base: str) -> None:
    visit = Visit(browser, base, viewport=DESK)
    visit.page.goto(f"{base}/login")
    keep(visit.page.screenshot(), "login-zh-1440")
    visit.close()


def keep(picture: bytes, name: str) -> None:
    """Keeps a picture with a palette of 256 colours: a screen has few, and a repository is no album."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    few = Image.open(io.BytesIO(picture)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
