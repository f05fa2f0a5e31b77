"""Take the pictures of docs/images from a demonstration that always begins on the same morning.

    python -m scripts.pictures            all of them
    python -m scripts.pictures board      one

The demonstration is made in a folder that goes when it ends, so nothing of a
real installation is ever in a picture.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

from tests.journeys.product import ROOT, free_port
from tests.programs import program

IMAGES = ROOT / "docs" / "images"
BEGINS = "2026-11-25T10:00:00+01:00"  # A Wednesday in November: some are away, and a night has nobody.
PATIENCE = 60  # Seconds until the demonstration answers.
DESK, PHONE = (1280, 800), (360, 740)
# Dates in fields too, where the browser’s own words are installed in English alone.
IN_FRENCH = ("--lang=fr-FR", "--enable-blink-features=LangAttributeAwareFormControlUI")
# What follows changes calls itself live.
IS_SHOWN = """() => {
  const said = document.querySelector("[data-freshness]");
  return !said || said.dataset.state === "live";
}"""
VISITORS = ("member", "lead", "coordinator", "secretary", "administrator")  # As the demonstration lists their links.


LARGEST = 150 * 1024  # Bytes: a guide opens on a slow line too.


class Picture(NamedTuple):
    """A page, who looks at it, and on what; ``follows`` is the first such link on it that leads to what is shown."""

    path: str
    who: str = "member"
    size: tuple[int, int] = DESK
    follows: str = ""


PICTURES = {
    "board": Picture("/continuite/"),
    "board-phone": Picture("/continuite/", size=PHONE),
    "weeks": Picture("/continuite/semaines/"),
    "month": Picture("/astreintes/soins-non-programmes/"),
    "planning": Picture("/mon-planning/", size=(1280, 720)),
    "directory": Picture("/annuaire/", size=(1280, 640)),
    "card": Picture("/continuite/", follows="#absents .away-who a"),
    "search": Picture("/recherche/?q=soins"),
    "group": Picture("/groupes/1", "lead"),
    "poll": Picture("/reunions/sondages/1", "lead"),
}


def main(wanted: list[str]) -> None:
    """Take the wanted pictures, or all."""
    unknown = set(wanted) - set(PICTURES)
    if unknown:
        sys.exit(f"no such picture: {', '.join(sorted(unknown))}; there are {', '.join(PICTURES)}")
    IMAGES.mkdir(exist_ok=True)
    chromium = program("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", variable="CHROMIUM")
    with demonstration() as (url, links), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", *IN_FRENCH]
        )
        for name in wanted or PICTURES:
            path = IMAGES / f"{name}.png"
            take(browser, url, links[PICTURES[name].who], PICTURES[name], path)
            print(f"docs/images/{name}.png, {path.stat().st_size // 1024} KiB")
            if path.stat().st_size > LARGEST:
                sys.exit(f"{path.name} has more than {LARGEST // 1024} KiB: show less of the page")
        browser.close()


@contextmanager
def demonstration() -> Iterator[tuple[str, dict[str, str]]]:
    """Where a demonstration runs, and the link of each visitor; it ends with the block."""
    with tempfile.TemporaryDirectory() as folder:
        port, log = free_port(), Path(folder) / "log"
        url = f"http://127.0.0.1:{port}"
        ours = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
        settings = {"CPTS_DATA": f"{folder}/data", "PORT": f"{port}", "LIVE_PORT": f"{free_port()}"}
        with log.open("w") as out:
            started = subprocess.Popen(
                [str(ROOT / "scripts" / "start")],
                cwd=ROOT,
                env={**ours, **settings, "CPTS_CLOCK_START": BEGINS},
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        try:
            wait_for(f"{url}/sante")
            found = re.findall(r"https?://[^/\s]+(/demonstration/\S+)", log.read_text(encoding="utf-8"))
            yield url, dict(zip(VISITORS, found, strict=False))
        finally:
            started.send_signal(signal.SIGTERM)
            started.wait(timeout=PATIENCE)


def wait_for(url: str) -> None:
    """Return when ``url`` answers.

    Raises:
        OSError: when it does not for too long.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(url)  # noqa: S310  Our own.
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def take(browser: Browser, url: str, link: str, picture: Picture, path: Path) -> None:
    """Open the page as its visitor and keep what the window shows."""
    width, height = picture.size
    context = browser.new_context(
        base_url=url, viewport={"width": width, "height": height}, locale="fr-FR", timezone_id="Europe/Paris"
    )
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Entrer").click()
    page.goto(picture.path)
    if picture.follows:
        page.locator(picture.follows).first.click()
        page.wait_for_load_state()
    page.evaluate("document.fonts.ready")
    page.wait_for_function(IS_SHOWN)
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    main(sys.argv[1:])
