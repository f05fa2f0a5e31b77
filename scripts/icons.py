"""Draw static/icons from our own static/icon.svg, for devices that install the network.

    python -m scripts.icons

A maskable icon fills its whole square, because each device cuts its own shape out of it; so does Apple's. Of a
badge, which stands among others at the edge of a screen, Android takes the shape and not the colours: it has no ground.
"""

import re
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from tests.journeys.product import ROOT
from tests.programs import program

SIGN = ROOT / "static" / "icon.svg"
ICONS = ROOT / "static" / "icons"
ROUNDED = ' rx="7"'
GROUND = re.compile("<rect[^>]*/>")


class Icon(NamedTuple):
    """A file, its width and height in pixels, whether it is cut by the device, and whether it has no ground."""

    name: str
    size: int
    is_cut: bool
    is_bare: bool = False


DRAWN = (
    *(Icon(f"any-{size}", size, is_cut=False) for size in (192, 512)),
    *(Icon(f"maskable-{size}", size, is_cut=True) for size in (192, 512)),
    Icon("touch-180", 180, is_cut=True),
    Icon("badge-96", 96, is_cut=False, is_bare=True),
)


def main() -> None:
    """Draw all of them."""
    ICONS.mkdir(exist_ok=True)
    chromium = program("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", variable="CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        for icon in DRAWN:
            draw(page, icon)
            print(f"static/icons/{icon.name}.png")
        browser.close()


def draw(page: Page, icon: Icon) -> None:
    """Draw one."""
    sign = SIGN.read_text(encoding="utf-8")
    assert ROUNDED in sign
    assert GROUND.search(sign)
    shown = GROUND.sub("", sign) if icon.is_bare else sign.replace(ROUNDED, "") if icon.is_cut else sign
    page.set_viewport_size({"width": icon.size, "height": icon.size})
    page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{shown}")
    page.screenshot(path=ICONS / f"{icon.name}.png", omit_background=True)


if __name__ == "__main__":
    main()
